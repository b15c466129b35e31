-- measured --
-- What happened in spans of time, counted by measure and label: `n` how often, `total` what it adds up to. The same
-- statement fills the figures by hour and answers for the last hour directly.
WITH span AS MATERIALIZED (
    SELECT span.start, span.ends FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[]) AS span (start, ends)
), asked AS MATERIALIZED (
    SELECT span.start, turn.id, state, kind, language, writer, failure, found, theme, checking, milliseconds, seen
    FROM span JOIN turn ON turn.created_at >= span.start AND turn.created_at < span.ends
), rated AS MATERIALIZED (
    SELECT start, uid, thumb, reason_code
    FROM feedback JOIN asked ON asked.id = feedback.turn_id
    WHERE feedback.turn_id = ANY (ARRAY(SELECT id FROM asked))  -- by the index, however many the planner expects
), called AS MATERIALIZED (
    SELECT span.start, model, outcome, tokens_in, tokens_cached, tokens_out, cost_eur, first_token_ms, total_ms
    FROM span JOIN model_call ON at >= span.start AND at < span.ends
)
SELECT start, measure, label, count(*) AS n, coalesce(sum(value), 0)::float8 AS total
FROM asked CROSS JOIN LATERAL (VALUES
    ('turns', state, 0::float8),
    ('kinds', CASE WHEN state = 'finished' THEN kind END, 0),
    ('languages', CASE WHEN state = 'finished' THEN language END, 0),
    ('writers', CASE WHEN state = 'finished' THEN writer END, 0),
    ('failures', CASE WHEN state = 'failed' THEN failure END, 0),
    ('found', found, 0),
    ('themes', CASE WHEN found IS NOT NULL THEN theme END, 0),
    ('claims', CASE WHEN checking IS NOT NULL THEN 'made' END, (checking ->> 'claims')::float8),
    ('claims', CASE WHEN checking IS NOT NULL THEN 'grounded' END, (checking ->> 'grounded_claims')::float8),
    ('sentences', CASE WHEN checking IS NOT NULL THEN 'all' END, (checking ->> 'sentences')::float8),
    ('sentences', CASE WHEN checking IS NOT NULL THEN 'dropped' END, (checking ->> 'dropped')::float8),
    ('sentences', CASE WHEN checking IS NOT NULL THEN 'rewritten' END, (checking ->> 'rewritten')::float8),
    ('model_sentences', CASE WHEN checking IS NOT NULL AND writer <> 'composer' THEN 'all' END, (checking ->> 'sentences')::float8),
    ('model_sentences', CASE WHEN checking IS NOT NULL AND writer <> 'composer' THEN 'dropped' END, (checking ->> 'dropped')::float8),
    ('web_looks', seen #>> '{{web,why,0}}', 0)
) AS counted (measure, label, value)
WHERE label IS NOT NULL
GROUP BY 1, 2, 3
UNION ALL
SELECT start, 'ms:' || step.key, puls_two_digits(step.value::integer)::text, count(*), 0
FROM asked CROSS JOIN LATERAL jsonb_each_text(milliseconds) AS step
WHERE state = 'finished'
GROUP BY 1, 2, 3
UNION ALL
SELECT start, 'web_checks', each ->> 'outcome', count(*), 0
FROM asked CROSS JOIN LATERAL jsonb_array_elements(seen #> '{{web,checks}}') AS each
GROUP BY 1, 2, 3
UNION ALL
SELECT start, CASE WHEN uid IS NULL THEN 'thumbs' ELSE 'event_thumbs' END, thumb, count(*), 0
FROM rated
GROUP BY 1, 2, 3
UNION ALL
SELECT start, 'thumb_reasons', reason_code, count(*), 0
FROM rated
WHERE thumb = 'down' AND reason_code IS NOT NULL
GROUP BY 1, 2, 3
UNION ALL
SELECT start, 'survey', score::text, count(*), sum(score)
FROM survey_answer JOIN asked ON asked.id = survey_answer.turn_id
WHERE survey_answer.turn_id = ANY (ARRAY(SELECT id FROM asked))
GROUP BY 1, 2, 3
UNION ALL
SELECT start, measure, label, count(*), coalesce(sum(value), 0)::float8
FROM called CROSS JOIN LATERAL (VALUES
    ('model_cost', model, cost_eur::float8),
    ('model_outcomes', outcome, 0),
    ('model_answered', CASE WHEN outcome = 'answered' THEN model END, 0),
    ('model_tokens', 'in', tokens_in),
    ('model_tokens', 'cached', tokens_cached),
    ('model_tokens', 'out', tokens_out),
    ('ms:model_first_token', puls_two_digits(first_token_ms)::text, 0),
    ('ms:model_whole', CASE WHEN outcome = 'answered' THEN puls_two_digits(total_ms)::text END, 0)
) AS counted (measure, label, value)
WHERE label IS NOT NULL
GROUP BY 1, 2, 3
UNION ALL
SELECT span.start, measure, label, count(*), coalesce(sum(value), 0)::float8
FROM span JOIN web_search_call ON at >= span.start AND at < span.ends
CROSS JOIN LATERAL (VALUES
    ('web_cost', provider, cost_eur::float8),
    ('web_outcomes', outcome, 0),
    ('web_answered', CASE WHEN outcome IN ('answered', 'empty') THEN provider END, 0)
) AS counted (measure, label, value)
WHERE label IS NOT NULL
GROUP BY 1, 2, 3

-- plainly --
-- Compiling a statement takes longer than running it, and the planner expects far too much of spans.
SET LOCAL jit = off;

-- counted_until --
SELECT until, timezone FROM usage_counted;

-- count_until --
INSERT INTO usage_counted (until, timezone) VALUES (%(until)s, %(timezone)s)
ON CONFLICT (is_only) DO UPDATE SET until = excluded.until, timezone = excluded.timezone;

-- one_counts --
-- One process at a time; the others wait, and find it done.
SELECT pg_advisory_xact_lock(%(lock)s);

-- is_little --
-- Whether fewer turns than that were begun since a moment.
SELECT count(*) < %(most)s AS is_little
FROM (SELECT FROM turn WHERE created_at >= %(since)s LIMIT %(most)s) AS begun;

-- changed_hours --
-- The hours of which something changed since a moment: a turn begun or ended, a thumb or a survey given (they count in the
-- hour of their answer), a call made.
SELECT DISTINCT date_trunc('hour', at, 'UTC') AS start FROM (
    SELECT created_at AS at FROM turn WHERE created_at >= %(since)s
    UNION ALL SELECT created_at FROM turn WHERE finished_at >= %(since)s
    UNION ALL SELECT turn.created_at FROM feedback JOIN turn ON turn.id = turn_id WHERE feedback.created_at >= %(since)s
    UNION ALL SELECT turn.created_at FROM survey_answer JOIN turn ON turn.id = turn_id
        WHERE survey_answer.created_at >= %(since)s
    UNION ALL SELECT at FROM model_call WHERE at >= %(since)s
    UNION ALL SELECT at FROM web_search_call WHERE at >= %(since)s
) AS changed ORDER BY start;

-- forget_hours --
DELETE FROM usage_figure WHERE grain = 'hour' AND start = ANY (%(starts)s);

-- count_hours --
INSERT INTO usage_figure (grain, start, measure, label, n, total)
SELECT 'hour', start, measure, label, n, total FROM ({measured}) AS counted;

-- forget_days --
DELETE FROM usage_figure WHERE grain = 'day' AND start = ANY (%(starts)s);

-- count_days --
-- Local days, which may have 23 or 25 hours, from their hours; and their visitors, which hours cannot be added up to.
INSERT INTO usage_figure (grain, start, measure, label, n, total)
SELECT 'day', day.start, measure, label, sum(n), sum(total)
FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[]) AS day (start, ends)
JOIN usage_figure AS hour ON grain = 'hour' AND hour.start >= day.start AND hour.start < day.ends
GROUP BY 2, 3, 4
UNION ALL
SELECT 'day', day.start, 'visitors', 'all', count(DISTINCT visitor_id), 0
FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[]) AS day (start, ends)
JOIN turn ON created_at >= day.start AND created_at < day.ends
GROUP BY 2;

-- forget_old --
DELETE FROM usage_figure WHERE start < %(before)s;

-- forget_all --
DELETE FROM usage_figure;
