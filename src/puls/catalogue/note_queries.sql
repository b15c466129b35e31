-- note --
-- Only what the record held does not say by itself: it is older than what was seen, and says otherwise.
INSERT INTO web_note (event_id, outcome, status, proof, url, noted_at, record_from, until)
SELECT e.id, n.outcome, n.status, n.proof, n.url, n.noted_at, n.record_from, n.until
FROM json_to_recordset(%(rows)s) AS n (uid text, outcome text, status int2, proof text, url text,
                                       noted_at timestamptz, record_from timestamptz, until timestamptz)
JOIN event e USING (uid)
WHERE e.removed_at IS NULL AND n.status IS DISTINCT FROM e.status
  AND (e.updated_at IS NULL OR date_trunc('second', e.updated_at) < date_trunc('second', n.record_from))
ORDER BY e.id
ON CONFLICT (event_id) DO UPDATE SET
    outcome = excluded.outcome, status = excluded.status, proof = excluded.proof, url = excluded.url,
    noted_at = excluded.noted_at, record_from = excluded.record_from, until = excluded.until

-- end --
DELETE FROM web_note USING event e
WHERE e.id = event_id AND e.uid = ANY(%(uids)s) AND (%(proofs)s::text[] IS NULL OR proof = ANY(%(proofs)s)) RETURNING e.uid

-- end_old --
DELETE FROM web_note USING event e WHERE e.id = event_id AND until <= %(now)s RETURNING e.uid

-- end_caught_up --
-- The record is as new as what was seen, so it speaks for itself. One without a time of update does so once it changes.
DELETE FROM web_note USING event e
WHERE e.id = event_id AND e.uid = ANY(%(uids)s)
  AND (e.updated_at IS NULL OR date_trunc('second', e.updated_at) >= date_trunc('second', record_from))

-- show --
-- Search goes by the note, or without one by the record.
WITH said AS (
    SELECT f.event_id, coalesce(n.status, e.status) AS status,
           f.is_cultural AND coalesce(n.status, e.status) = ANY(%(findable)s) AS is_findable
    FROM event e JOIN event_filter f ON f.event_id = e.id LEFT JOIN web_note n ON n.event_id = e.id
    WHERE e.uid = ANY(%(uids)s) ORDER BY f.event_id
), filtered AS (
    UPDATE event_filter f SET status = said.status FROM said WHERE f.event_id = said.event_id AND f.status <> said.status
)
UPDATE occurrence o SET is_findable = said.is_findable FROM said
WHERE o.event_id = said.event_id AND o.is_findable <> said.is_findable

-- show_still --
-- Rows of search that were just written anew from the record, where a note still stands over it.
WITH said AS (
    SELECT f.event_id, n.status, f.is_cultural AND n.status = ANY(%(findable)s) AS is_findable
    FROM web_note n JOIN event e ON e.id = n.event_id JOIN event_filter f ON f.event_id = e.id
    WHERE n.status IS NOT NULL AND e.uid = ANY(%(uids)s)
), filtered AS (
    UPDATE event_filter f SET status = said.status FROM said WHERE f.event_id = said.event_id
)
UPDATE occurrence o SET is_findable = said.is_findable FROM said WHERE o.event_id = said.event_id

-- noted --
-- Notes that stand, those of the nearest dates first.
SELECT e.uid, e.source, e.agenda_uid, n.outcome, n.status, n.proof, n.url, n.noted_at, n.record_from, n.until
FROM web_note n JOIN event e ON e.id = n.event_id
WHERE e.removed_at IS NULL
ORDER BY (SELECT min(o.starts_at) FROM occurrence o WHERE o.event_id = e.id AND o.ends_at > %(now)s) NULLS LAST, e.uid
LIMIT %(limit)s
