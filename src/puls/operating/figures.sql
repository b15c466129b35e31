-- totals --
-- Measures of a span, added up; all of them when none is named.
SELECT measure, label, sum(n)::bigint AS n, sum(total)::float8 AS total FROM usage_figure
WHERE grain = %(grain)s AND start >= %(since)s AND start < %(until)s
  AND (%(measures)s::text[] IS NULL OR measure = ANY (%(measures)s))
GROUP BY measure, label;

-- pieces --
-- Some measures by piece of the span, for curves.
SELECT start, measure, label, n, total FROM usage_figure
WHERE grain = %(grain)s AND start >= %(since)s AND start < %(until)s AND measure = ANY (%(measures)s)
ORDER BY start;

-- visitors --
-- Who was there in a span that ends now: seen in it; of these, met in it for the first time; and come back a day or more
-- after they were first met.
SELECT count(*) AS visitors,
       count(*) FILTER (WHERE created_at >= %(since)s) AS new_visitors,
       count(*) FILTER (WHERE seen_at >= created_at + interval '1 day') AS returned
FROM visitor WHERE seen_at >= %(since)s AND kind = 'anonymous';

-- programs --
SELECT count(*) AS programs FROM visitor WHERE seen_at >= %(since)s AND kind = 'program';

-- unmet --
-- What was asked for and not found, by place and kind, and by place and subject. Shown only where at least `least`
-- different visitors asked. Two steps: each visitor's once, then the visitors; a million turns take a tenth of a second.
WITH asked AS (
    SELECT place, theme, topic, visitor_id, count(*) AS demands
    FROM turn
    WHERE created_at >= %(since)s AND created_at < %(until)s AND found IN ('off_theme', 'nothing')
    GROUP BY place, theme, topic, visitor_id
)
SELECT place, theme, topic, sum(demands)::bigint AS demands, count(DISTINCT visitor_id) AS visitors
FROM asked
GROUP BY GROUPING SETS ((place, theme), (place, theme, topic))
HAVING count(DISTINCT visitor_id) >= %(least)s AND (GROUPING(topic) = 1 OR topic <> '')
ORDER BY demands DESC, place, theme, topic NULLS FIRST
LIMIT %(limit)s;

-- outcomes --
-- What an objective counts, in a span read directly: turns ended and failed (a visitor's own « stop » is no failure), and
-- milliseconds by step of those finished.
SELECT count(*) FILTER (WHERE state = 'finished') AS finished,
       count(*) FILTER (WHERE state = 'failed' AND failure IS DISTINCT FROM 'stopped') AS failed,
       coalesce(sum((checking ->> 'claims')::bigint), 0)::bigint AS claims,
       coalesce(sum((checking ->> 'grounded_claims')::bigint), 0)::bigint AS grounded_claims
FROM turn WHERE created_at >= %(since)s AND created_at < %(until)s;

-- slower --
-- Finished turns that reached a step, and those among them that took longer than a limit.
SELECT count(*) AS all_turns,
       count(*) FILTER (WHERE (milliseconds ->> %(step)s)::integer > %(limit_ms)s) AS slower
FROM turn
WHERE created_at >= %(since)s AND created_at < %(until)s AND state = 'finished' AND milliseconds ? %(step)s;

-- size --
SELECT current_setting('server_version') AS version, pg_database_size(current_database()) AS size;

-- syncs --
-- The last run of each source, and when one last went well.
SELECT DISTINCT ON (run.source) run.source, started_at, finished_at, failure, seen, new, changed, removed,
       (SELECT coalesce(sum(value::bigint), 0)::bigint FROM jsonb_each_text(quarantined)) AS quarantined,
       (SELECT max(good.finished_at) FROM ingest_run AS good
        WHERE good.source = run.source AND good.failure IS NULL) AS last_good_at
FROM ingest_run AS run ORDER BY run.source, run.id DESC;
