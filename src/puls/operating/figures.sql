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
       count(*) FILTER (WHERE has_returned) AS returned
FROM visitor WHERE seen_at >= %(since)s AND kind = 'anonymous';

-- programs --
SELECT count(*) AS programs FROM visitor WHERE seen_at >= %(since)s AND kind = 'program';

-- unmet --
-- What was asked for and not found, by place and kind, and by place, kind and subject. Shown only where at least `least`
-- different visitors asked. Each visitor's demands are gathered first and the visitors counted then: hashing alone, no
-- sorting of a hundred thousand texts.
WITH asked AS MATERIALIZED (
    SELECT place, theme, topic, visitor_id, count(*) AS demands
    FROM turn
    WHERE created_at >= %(since)s AND created_at < %(until)s AND found IN ('off_theme', 'nothing')
    GROUP BY place, theme, topic, visitor_id
), of_kind AS (
    SELECT place, theme, visitor_id, sum(demands) AS demands FROM asked GROUP BY place, theme, visitor_id
), gathered AS (
    SELECT place, theme, NULL AS topic, sum(demands)::bigint AS demands, count(*) AS visitors
    FROM of_kind GROUP BY place, theme
    UNION ALL
    SELECT place, theme, topic, sum(demands)::bigint, count(*) FROM asked WHERE topic <> '' GROUP BY place, theme, topic
)
SELECT place, theme, topic, demands, visitors FROM gathered WHERE visitors >= %(least)s
ORDER BY demands DESC, place, theme, topic NULLS FIRST
LIMIT %(limit)s;

-- outcomes --
-- What an objective counts, in a span read directly: turns ended and failed (a visitor's own « stop » is no failure), and the
-- sentences of models, with those that no record bore out.
SELECT count(*) FILTER (WHERE state = 'finished') AS finished,
       count(*) FILTER (WHERE state = 'failed' AND failure IS DISTINCT FROM 'stopped') AS failed,
       coalesce(sum((checking ->> 'sentences')::bigint) FILTER (WHERE writer <> 'composer'), 0)::bigint AS sentences,
       coalesce(sum((checking ->> 'dropped')::bigint) FILTER (WHERE writer <> 'composer'), 0)::bigint AS dropped
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
