-- sources --
-- Per source: seconds since it was last read to its end, runs that failed since, and whether it is read regularly
-- (three good runs in two weeks): what was read once by hand owes nobody any freshness.
WITH ended AS (
    SELECT source, id, finished_at, failure FROM ingest_run WHERE finished_at IS NOT NULL
), good AS (
    SELECT source,
           max(finished_at) AS at,
           max(id) AS id,
           count(*) FILTER (WHERE finished_at > %(now)s::timestamptz - interval '14 days') AS recent
    FROM ended WHERE failure IS NULL GROUP BY source
)
SELECT ended.source,
       extract(epoch FROM %(now)s::timestamptz - max(good.at))::float8 AS age_seconds,
       count(*) FILTER (WHERE ended.failure IS NOT NULL AND ended.id > coalesce(good.id, 0)) AS failures,
       coalesce(max(good.recent), 0) >= 3 AND ended.source <> 'sample' AS is_regular
FROM ended LEFT JOIN good USING (source)
GROUP BY ended.source

-- quarantined --
SELECT quarantine_reason AS reason, count(*) AS records FROM source_record
WHERE quarantine_reason IS NOT NULL GROUP BY quarantine_reason

-- visitors_since --
SELECT count(id) AS visitors FROM visitor WHERE seen_at >= %(since)s

-- spent_since --
SELECT (SELECT coalesce(sum(cost_eur), 0) FROM model_call WHERE at >= %(since)s)::float8
           + (SELECT coalesce(sum(cost_eur), 0) FROM web_search_call WHERE at >= %(since)s)::float8 AS eur

-- add_events --
INSERT INTO watched_minute AS held (minute, figure, events)
SELECT %(minute)s, figure, events FROM unnest(%(figures)s::text[], %(events)s::float8[]) AS new (figure, events)
ON CONFLICT (minute, figure) DO UPDATE SET events = held.events + excluded.events

-- sums --
-- Events of each figure within each window, all replicas together.
SELECT figure, minutes, sum(events) AS events
FROM watched_minute CROSS JOIN unnest(%(windows)s::int[]) AS minutes
WHERE minute > %(now)s::timestamptz - make_interval(mins => minutes)
GROUP BY figure, minutes

-- forget_old --
DELETE FROM watched_minute WHERE minute < %(before)s

-- lock_states --
-- One replica decides at a time; it ends with the transaction.
SELECT pg_advisory_xact_lock(hashtext('puls.alerts'))

-- states --
SELECT alert, state, since, told FROM alert_state

-- firing --
SELECT alert, state, since, told FROM alert_state WHERE state = 'firing' ORDER BY since, alert

-- save_state --
INSERT INTO alert_state AS held (alert, state, since, told) VALUES (%(alert)s, %(state)s, %(since)s, %(told)s)
ON CONFLICT (alert) DO UPDATE SET
    state = excluded.state, since = excluded.since,
    tries = CASE WHEN held.state = excluded.state THEN held.tries ELSE 0 END,
    claimed_at = CASE WHEN held.state = excluded.state THEN held.claimed_at END

-- claim --
-- Alerts that people are to be told of, taken by this replica: another one that died meanwhile loses its claim after five minutes.
UPDATE alert_state SET claimed_at = %(now)s
WHERE alert = ANY(%(alerts)s) AND tries < %(most_tries)s
  AND (claimed_at IS NULL OR claimed_at < %(now)s::timestamptz - interval '5 minutes')
RETURNING alert

-- told --
UPDATE alert_state SET told = %(told)s, claimed_at = NULL, tries = 0 WHERE alert = %(alert)s

-- not_told --
UPDATE alert_state SET claimed_at = NULL, tries = tries + 1 WHERE alert = %(alert)s
