-- forget_canaries --
DELETE FROM canary_answer WHERE asked_at < %(before)s;

-- forget_model_calls --
-- What a month cost stays in usage_figure.
DELETE FROM model_call WHERE at < %(before)s;

-- forget_reports --
DELETE FROM daily_report WHERE made_at < %(before)s;

-- forget_revoked_keys --
DELETE FROM api_key WHERE revoked_at < %(before)s;

-- keep_canary --
INSERT INTO canary_answer (question, asked_at, expected, got, is_expected, events, ms)
VALUES (%(question)s, %(asked_at)s, %(expected)s, %(got)s, %(is_expected)s, %(events)s, %(ms)s)
ON CONFLICT (question, asked_at) DO UPDATE SET expected = excluded.expected, got = excluded.got,
    is_expected = excluded.is_expected, events = excluded.events, ms = excluded.ms;

-- following --
SELECT DISTINCT visitor_id FROM followed_event WHERE visitor_id > %(after)s ORDER BY visitor_id LIMIT %(limit)s;

-- note_news --
-- Nothing when it was noted before, or the visitor stopped following meanwhile.
INSERT INTO followed_news (visitor_id, uid, fingerprint, codes, noticed_at)
SELECT %(visitor_id)s, %(uid)s, %(fingerprint)s, %(codes)s, %(now)s
WHERE EXISTS (SELECT FROM followed_event WHERE uid = %(uid)s)
ON CONFLICT DO NOTHING;

-- begin_telling --
UPDATE followed_news SET delivering_at = %(now)s
WHERE fingerprint = ANY(%(fingerprints)s) AND delivering_at IS NULL RETURNING fingerprint;

-- told --
UPDATE followed_news SET delivered_at = %(now)s WHERE fingerprint = ANY(%(fingerprints)s);

-- telling_failed --
UPDATE followed_news SET delivering_at = NULL
WHERE fingerprint = ANY(%(fingerprints)s) AND delivered_at IS NULL AND %(now)s IS NOT NULL;

-- keep_report --
INSERT INTO daily_report (day, made_at, figures) VALUES (%(day)s, %(now)s, %(figures)s)
ON CONFLICT (day) DO UPDATE SET made_at = excluded.made_at, figures = excluded.figures;

-- visits --
-- As the keeper, who sees when and by whom, and no word.
SELECT count(*) AS turns, count(DISTINCT visitor_id) AS visitors, count(DISTINCT conversation_id) AS conversations
FROM turn WHERE created_at >= %(since)s AND created_at < %(before)s;

-- day --
SELECT
    (SELECT count(*) FROM model_call WHERE at >= %(since)s AND at < %(before)s) AS model_calls,
    (SELECT coalesce(sum(cost_eur), 0)::float8 FROM model_call WHERE at >= %(since)s AND at < %(before)s) AS model_eur,
    (SELECT count(*) FROM web_search_call WHERE at >= %(since)s AND at < %(before)s) AS web_searches,
    (SELECT coalesce(sum(cost_eur), 0)::float8 FROM web_search_call WHERE at >= %(since)s AND at < %(before)s) AS web_eur,
    (SELECT count(*) FROM canary_answer WHERE asked_at >= %(since)s AND asked_at < %(before)s) AS canaries,
    (SELECT count(*) FROM canary_answer WHERE asked_at >= %(since)s AND asked_at < %(before)s AND NOT is_expected)
        AS canaries_otherwise,
    (SELECT count(*) FROM job_run WHERE started_at >= %(since)s AND started_at < %(before)s) AS job_runs,
    (SELECT count(*) FROM job_run WHERE started_at >= %(since)s AND started_at < %(before)s AND outcome = 'failed')
        AS job_failures,
    (SELECT count(*) FROM ingest_run WHERE started_at >= %(since)s AND started_at < %(before)s) AS syncs;
