-- outcomes --
-- Per arm: visitors and turns; each visitor once, with their first turn and their first rating. A rating is a thumb on
-- the whole answer, else the answer to the survey, where 4 and 5 of 5 are satisfied.
WITH taken AS MATERIALIZED (
    SELECT id, visitor_id, arm, state, found, created_at,
           nullif((milliseconds ->> 'total')::float8, 0) AS total_ms,
           coalesce((usage ->> 'cost_eur')::float8, 0) AS cost_eur
    FROM turn WHERE experiment = %(experiment)s AND state IN ('finished', 'failed') AND created_at >= %(since)s
), firsts AS (
    SELECT DISTINCT ON (visitor_id) * FROM taken ORDER BY visitor_id, created_at, id
), rated AS (
    SELECT t.visitor_id, t.arm, f.created_at, (f.thumb = 'up')::int AS satisfied
    FROM taken t JOIN feedback f ON f.turn_id = t.id WHERE f.uid IS NULL
    UNION ALL
    SELECT t.visitor_id, t.arm, s.created_at, (s.score >= 4)::int
    FROM taken t JOIN survey_answer s ON s.turn_id = t.id
), first_rated AS (
    SELECT DISTINCT ON (visitor_id) arm, satisfied FROM rated ORDER BY visitor_id, created_at
), ratings AS (
    SELECT arm, count(*) AS ratings, sum(satisfied) AS satisfied FROM first_rated GROUP BY arm
), turns AS (
    SELECT arm, count(*) AS turns FROM taken GROUP BY arm
)
SELECT arm, count(*) AS visitors, max(turns.turns) AS turns,
       coalesce(max(ratings.ratings), 0) AS ratings, coalesce(max(ratings.satisfied), 0) AS satisfied,
       count(ln(total_ms)) AS latency_n, coalesce(sum(ln(total_ms)), 0) AS latency_total,
       coalesce(sum(ln(total_ms) ^ 2), 0) AS latency_squares,
       sum((state = 'failed')::int) AS failed,
       count(found) AS found_n, coalesce(sum((found IN ('nothing', 'off_theme'))::int), 0) AS nothing_found,
       sum(cost_eur) AS cost_total, sum(cost_eur ^ 2) AS cost_squares
FROM firsts JOIN turns USING (arm) LEFT JOIN ratings USING (arm)
GROUP BY arm ORDER BY arm
