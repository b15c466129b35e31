-- kept_answer --
SELECT writer, sentences FROM shared_answer WHERE key = %(key)s AND written_at > %(since)s;

-- keep_answer --
INSERT INTO shared_answer (key, writer, sentences, written_at) VALUES (%(key)s, %(writer)s, %(sentences)s, %(now)s)
ON CONFLICT (key) DO UPDATE SET writer = excluded.writer, sentences = excluded.sentences, written_at = excluded.written_at;

-- forget_surplus --
-- The oldest beyond the limit: what is older than the last one that may stay.
DELETE FROM shared_answer
WHERE written_at < (SELECT written_at FROM shared_answer ORDER BY written_at DESC OFFSET %(most)s - 1 LIMIT 1);

-- forget_old --
DELETE FROM shared_answer WHERE written_at < %(before)s;
