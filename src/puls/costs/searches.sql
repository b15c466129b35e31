-- search_figures --
-- Today's euros of models and searches together, today's searches, and when the request began before which the pace has room
-- again: the oldest of as many as it allows, if they all lie within its window.
SELECT (SELECT coalesce(sum(cost_eur), 0) FROM model_call WHERE at >= %(day)s)::float8
           + coalesce(sum(cost_eur), 0)::float8 AS cost_eur,
       count(*) FILTER (WHERE provider = %(provider)s) AS calls,
       count(*) AS calls_of_all,
       (SELECT at FROM web_search_call
        WHERE provider = %(provider)s AND at > %(pace_after)s
        ORDER BY at DESC OFFSET %(pace_offset)s LIMIT 1) AS pace_from
FROM web_search_call
WHERE at >= %(day)s;

-- begin_search --
INSERT INTO web_search_call (at, provider, purpose, outcome, cost_eur)
VALUES (%(at)s, %(provider)s, %(purpose)s, 'begun', %(cost_eur)s)
RETURNING id;

-- complete_search --
UPDATE web_search_call
SET outcome = %(outcome)s, cost_eur = %(cost_eur)s, ms = %(ms)s, results = %(results)s
WHERE id = %(id)s;

-- searches_by_provider --
-- What each provider did between two moments, the dearest first. Times are medians of what answered.
SELECT provider,
       purpose,
       count(*) AS calls,
       count(*) FILTER (WHERE outcome IN ('answered', 'empty')) AS answered,
       coalesce(sum(results), 0) AS results,
       sum(cost_eur)::float8 AS cost_eur,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) FILTER (WHERE outcome IN ('answered', 'empty')) AS ms
FROM web_search_call
WHERE at >= %(since)s AND at < %(until)s
GROUP BY provider, purpose
ORDER BY cost_eur DESC, calls DESC;
