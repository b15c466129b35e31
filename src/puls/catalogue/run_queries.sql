-- close_interrupted --
-- Runs of this source whose process ended before they did: only one runs at a time, so none of them is alive.
UPDATE ingest_run SET failure = 'interrupted: its process ended before it did', finished_at = %(now)s
WHERE source = %(source)s AND finished_at IS NULL

-- start_run --
INSERT INTO ingest_run (source, origin, is_full, started_at) VALUES (%(source)s, %(origin)s, %(is_full)s, %(now)s)
RETURNING id

-- update_run --
-- Only on top of what this run wrote last: a server that forgot it (a replica that took over, a restored copy) is noticed.
UPDATE ingest_run SET
    seen = %(seen)s, new = %(new)s, changed = %(changed)s, unchanged = %(unchanged)s, removed = %(removed)s,
    quarantined = %(quarantined)s, cursor = %(cursor)s, finished_at = %(finished_at)s, failure = %(failure)s,
    held = %(held)s
WHERE id = %(id)s AND seen = %(stored)s AND finished_at IS NULL

-- last_cursor --
-- How far the source had been read, there, by the last run that got anywhere.
SELECT cursor FROM ingest_run
WHERE source = %(source)s AND cursor IS NOT NULL
  AND (%(origin)s::text IS NULL OR origin IS NULL OR origin = %(origin)s)
ORDER BY id DESC LIMIT 1

-- last_good_run --
-- What the source was when all went well: where it was read and how many events it had.
SELECT (SELECT origin FROM ingest_run
        WHERE source = %(source)s AND id < %(id)s AND failure IS NULL AND finished_at IS NOT NULL
        ORDER BY id DESC LIMIT 1) AS origin,
       (SELECT held FROM ingest_run
        WHERE source = %(source)s AND id < %(id)s AND failure IS NULL AND held IS NOT NULL
        ORDER BY id DESC LIMIT 1) AS held

-- is_last_run --
SELECT max(id) = %(id)s AS is_last FROM ingest_run WHERE source = %(source)s

-- other_sources --
SELECT DISTINCT source FROM ingest_run WHERE source <> %(source)s

-- has_records --
SELECT FROM source_record WHERE source = %(source)s LIMIT 1

-- take_over_records --
UPDATE source_record SET source = %(source)s WHERE source = %(former)s

-- take_over_events --
UPDATE event SET source = %(source)s WHERE source = %(former)s

-- take_over_runs --
UPDATE ingest_run SET source = %(source)s WHERE source = %(former)s

-- refs_after --
-- What is held of the source, in order, a piece at a time.
SELECT ref, quarantine_reason IS NULL AS is_readable FROM source_record
WHERE source = %(source)s AND ref > %(after)s ORDER BY ref LIMIT %(limit)s

-- count_held --
SELECT count(*) AS events FROM event WHERE source = %(source)s AND removed_at IS NULL

-- count_live --
SELECT count(*) AS events FROM event WHERE source = %(source)s AND removed_at IS NULL AND uid = ANY(%(refs)s)

-- disown --
-- The source says that these are no more. Their hash is forgotten, so that they are read again should they come back.
UPDATE source_record SET hash = ''::bytea, quarantine_reason = 'removed', quarantine_detail = 'Its source removed it.'
WHERE source = %(source)s AND ref = ANY(%(refs)s)

-- disowned_refs --
-- Events that search shows although their record is gone upstream or can no longer be read.
SELECT r.ref FROM source_record r JOIN event e ON e.uid = r.ref AND e.source = r.source
WHERE r.source = %(source)s AND r.quarantine_reason IS NOT NULL AND e.removed_at IS NULL ORDER BY r.ref

-- forget_disowned --
DELETE FROM source_record r
WHERE r.source = %(source)s AND r.quarantine_reason = 'removed'
  AND NOT EXISTS (SELECT FROM event e WHERE e.uid = r.ref AND e.source = r.source AND e.removed_at IS NULL)

-- held_elsewhere --
-- The same events in other sources, which still have them.
SELECT DISTINCT ON (ref) source, ref, hash, record FROM source_record
WHERE source = ANY(%(sources)s) AND ref = ANY(%(refs)s) AND quarantine_reason IS NULL ORDER BY ref, source
