-- save --
-- Up to a number of them; the same question twice is one.
INSERT INTO saved_search (id, visitor_id, name, asked, known, created_at, seen_at, considered_at)
SELECT %(id)s, %(visitor_id)s, %(name)s, %(asked)s, %(known)s, %(now)s, %(now)s, %(now)s
WHERE (SELECT count(*) FROM saved_search WHERE asked <> %(asked)s::jsonb) < %(most)s
ON CONFLICT (visitor_id, asked) DO UPDATE SET name = excluded.name
RETURNING id;

-- saved --
-- The latest first.
SELECT id, name, asked::text AS asked, known::text AS known, letters, created_at, seen_at, considered_at
FROM saved_search ORDER BY created_at DESC, id;

-- change --
UPDATE saved_search SET name = coalesce(%(name)s, name), letters = coalesce(%(letters)s, letters),
    considered_at = CASE WHEN letters = 'none' AND %(letters)s IS NOT NULL THEN %(now)s ELSE considered_at END
WHERE id = %(id)s RETURNING id;

-- seen --
UPDATE saved_search SET known = %(known)s, seen_at = %(now)s WHERE id = %(id)s RETURNING id;

-- forget --
DELETE FROM saved_search WHERE id = %(id)s RETURNING id;

-- highest --
SELECT coalesce(max(id), 0)::bigint AS highest FROM event;

-- ids --
SELECT uid, id FROM event WHERE uid = ANY (%(uids)s);

-- address --
SELECT address, language, wording, confirmed_at FROM mail_address;

-- confirm --
INSERT INTO mail_address (visitor_id, address, language, wording, confirmed_at)
VALUES (%(visitor_id)s, %(address)s, %(language)s, %(wording)s, %(now)s)
ON CONFLICT (visitor_id) DO UPDATE SET address = excluded.address, language = excluded.language,
    wording = excluded.wording, confirmed_at = excluded.confirmed_at;

-- stop --
-- The address goes; what letters were to tell stays as it is on the page. With a moment: only the address confirmed then.
WITH gone AS (
    DELETE FROM mail_address WHERE %(confirmed_at)s::timestamptz IS NULL OR confirmed_at = %(confirmed_at)s
    RETURNING visitor_id
)
UPDATE saved_search SET letters = 'none' WHERE letters <> 'none' AND EXISTS (SELECT FROM gone);

-- asked_lately --
SELECT count(*) AS times FROM mail_asked WHERE mark = %(mark)s AND asked_at > %(since)s;

-- note_asked --
INSERT INTO mail_asked (mark, asked_at) VALUES (%(mark)s, %(now)s);

-- forget_asked --
DELETE FROM mail_asked WHERE asked_at < %(before)s;

-- written_to --
-- Whose letters may be due, in order, some at a time. As the keeper.
SELECT DISTINCT visitor_id FROM mail_address
WHERE visitor_id > %(after)s AND EXISTS (
    SELECT FROM saved_search WHERE saved_search.visitor_id = mail_address.visitor_id AND letters <> 'none')
ORDER BY visitor_id LIMIT %(limit)s;

-- begin_letter --
-- Only while the address stands; what was told before, or is being told, does not come back.
INSERT INTO letter_event (saved_search_id, visitor_id, uid, begun_at)
SELECT %(id)s, %(visitor_id)s, uid, %(now)s FROM unnest(%(uids)s::text[]) AS uid
WHERE EXISTS (SELECT FROM mail_address)
ON CONFLICT DO NOTHING
RETURNING uid;

-- considered --
UPDATE saved_search SET considered_at = %(now)s WHERE id = ANY (%(ids)s);

-- not_sent --
DELETE FROM letter_event WHERE saved_search_id = ANY (%(ids)s) AND begun_at = %(begun_at)s AND sent_at IS NULL;

-- consider_again --
UPDATE saved_search SET considered_at = %(before)s WHERE id = %(id)s AND considered_at = %(now)s;

-- sent --
UPDATE letter_event SET sent_at = %(now)s WHERE saved_search_id = ANY (%(ids)s) AND begun_at = %(begun_at)s;

-- sweep_saved --
DELETE FROM saved_search WHERE seen_at < %(before)s AND letters = 'none';

-- sweep_addresses --
-- Who has not come back for so long reads these letters no more than they read the page.
DELETE FROM mail_address WHERE confirmed_at < %(before)s
    AND EXISTS (SELECT FROM visitor WHERE visitor.id = mail_address.visitor_id AND visitor.seen_at < %(before)s);

-- sweep_letters --
DELETE FROM letter_event WHERE begun_at < %(before)s;
