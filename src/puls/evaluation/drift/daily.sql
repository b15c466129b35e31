-- turns --
-- What one day's turns count as: codes, figures and the topic; no message and no answer.
SELECT visitor_id, state, kind, act, language, found, place, theme, coalesce(topic, '') AS topic,
       (seen #>> '{events,0,score}')::float8 AS score
FROM turn
WHERE state IN ('finished', 'failed') AND created_at >= %(from)s AND created_at < %(until)s

-- canaries --
-- What the fixed questions got that day, each as often as it was asked.
SELECT question, got, count(*) AS n FROM canary_answer
WHERE asked_at >= %(from)s AND asked_at < %(until)s GROUP BY question, got

-- lock --
-- One count of a day at a time, whoever counts.
SELECT pg_advisory_xact_lock(hashtext('puls daily_histogram'))

-- forget_day --
DELETE FROM daily_histogram WHERE day = %(day)s

-- keep_day --
INSERT INTO daily_histogram (day, signal, bin, n)
SELECT %(day)s, signal, bin, n FROM unnest(%(signals)s::text[], %(bins)s::text[], %(counts)s::bigint[]) AS t (signal, bin, n)

-- histograms --
-- Sums of the days from one to before another.
SELECT signal, bin, sum(n)::bigint AS n FROM daily_histogram
WHERE day >= %(from)s AND day < %(until)s GROUP BY signal, bin

-- last_counted --
SELECT max(day) AS day FROM daily_histogram

-- oldest_turn --
SELECT min(created_at) AS at FROM turn

-- forget_old --
DELETE FROM daily_histogram WHERE day < %(before)s
