-- record_call --
-- Keep one request to a model.
INSERT INTO model_call (at, purpose, model, visitor_id, outcome, attempt, tokens_in, tokens_cached, tokens_out,
                        is_estimated, cost_eur, first_token_ms, total_ms)
VALUES (%(at)s, %(purpose)s, %(model)s, %(visitor_id)s, %(outcome)s, %(attempt)s, %(tokens_in)s, %(tokens_cached)s,
        %(tokens_out)s, %(is_estimated)s, %(cost_eur)s, %(first_token_ms)s, %(total_ms)s);

-- cost_since --
-- Everybody's euros for models and web searches, from the indexes alone.
SELECT (SELECT coalesce(sum(cost_eur), 0) FROM model_call WHERE at >= %(since)s)::float8
           + (SELECT coalesce(sum(cost_eur), 0) FROM web_search_call WHERE at >= %(since)s)::float8 AS figure;

-- calls_since --
-- One visitor's calls that a provider worked on.
SELECT count(*) AS figure
FROM model_call
WHERE visitor_id = %(visitor_id)s AND at >= %(since)s AND tokens_in > 0;

-- usage_by_model --
-- What each model did between two moments, the dearest first. Times are medians of what answered.
SELECT model,
       purpose,
       count(*) AS calls,
       count(*) FILTER (WHERE outcome = 'answered') AS answered,
       sum(tokens_in) AS tokens_in,
       sum(tokens_cached) AS tokens_cached,
       sum(tokens_out) AS tokens_out,
       sum(cost_eur)::float8 AS cost_eur,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY first_token_ms) AS first_token_ms,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY total_ms) FILTER (WHERE outcome = 'answered') AS total_ms
FROM model_call
WHERE at >= %(since)s AND at < %(until)s
GROUP BY model, purpose
ORDER BY cost_eur DESC NULLS LAST, calls DESC;
