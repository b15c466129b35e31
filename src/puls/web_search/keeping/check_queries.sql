-- last_checks --
SELECT uid, outcome, proof, url, is_strong, says, why_not, facts, source_updated_at, checked_at
FROM web_check WHERE uid = ANY(%(uids)s)

-- keep_checks --
-- The newest stands, whichever replica writes last.
INSERT INTO web_check AS known (uid, outcome, proof, url, is_strong, says, why_not, facts, source_updated_at, checked_at, asked_at)
SELECT c.uid, c.outcome, c.proof, c.url, c.is_strong, c.says, c.why_not, c.facts, c.source_updated_at, c.checked_at, %(now)s
FROM json_to_recordset(%(rows)s) AS c (uid text, outcome text, proof text, url text, is_strong bool, says text, why_not text,
                                       facts jsonb, source_updated_at timestamptz, checked_at timestamptz)
ORDER BY c.uid
ON CONFLICT (uid) DO UPDATE SET
    outcome = excluded.outcome, proof = excluded.proof, url = excluded.url, is_strong = excluded.is_strong,
    says = excluded.says, why_not = excluded.why_not, facts = excluded.facts,
    source_updated_at = excluded.source_updated_at, checked_at = excluded.checked_at
WHERE excluded.checked_at >= known.checked_at

-- count_asked --
-- That somebody asked about these, and nothing of who.
UPDATE web_check SET times_asked = times_asked + 1, asked_at = %(now)s WHERE uid = ANY(%(uids)s)

-- popular --
-- Events that visitors asked about lately and that take place soon, whose last check is old: the most asked about first.
SELECT c.uid FROM web_check c JOIN event e USING (uid)
WHERE e.removed_at IS NULL AND c.asked_at > %(asked_since)s AND c.checked_at < %(checked_before)s
  AND EXISTS (SELECT FROM occurrence o WHERE o.event_id = e.id AND o.starts_at < %(until)s AND o.ends_at > %(now)s)
ORDER BY c.times_asked DESC, c.asked_at DESC, c.uid LIMIT %(limit)s

-- forget_checks --
DELETE FROM web_check WHERE checked_at < %(before)s AND asked_at < %(before)s
