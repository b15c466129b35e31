-- queue_state --
SELECT
    (SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - %(alive)s::interval) AS workers,
    coalesce((SELECT extract(epoch FROM max(now() - greatest(job.scheduled_at, put.at)))
        FROM procrastinate_jobs AS job
        CROSS JOIN LATERAL (SELECT min(at) AS at FROM procrastinate_events WHERE job_id = job.id AND type = 'deferred') AS put
        WHERE job.status = 'todo' AND job.queue_name = %(queue)s AND coalesce(job.scheduled_at, now()) <= now()
            AND NOT EXISTS (SELECT FROM job_pause WHERE job_pause.job = job.lock)), 0)::float8 AS oldest_seconds,
    (SELECT count(*) FROM procrastinate_jobs AS job LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id
        WHERE job.status = 'doing' AND job.queue_name = %(queue)s
            AND (worker.id IS NULL OR worker.last_heartbeat < now() - %(alive)s::interval)) AS stalled;

-- late --
-- A paused job is not late: somebody wanted it so.
SELECT split_part(job, ' ', 1) AS kind,
    max(extract(epoch FROM %(now)s - greatest(succeeded_at, since)))::float8 AS seconds,
    max(extract(epoch FROM %(now)s - greatest(succeeded_at, since)) / extract(epoch FROM period))::float8 AS periods
FROM job_schedule WHERE NOT EXISTS (SELECT FROM job_pause WHERE job_pause.job = job_schedule.job)
GROUP BY 1;

-- given_up --
SELECT split_part(lock, ' ', 1) AS kind, count(DISTINCT lock) AS jobs FROM procrastinate_jobs AS failed
WHERE status = 'failed' AND lock IS NOT NULL AND NOT EXISTS (
    SELECT FROM job_run WHERE job = failed.lock AND outcome = 'succeeded' AND job_id > failed.id)
GROUP BY 1;

-- jobs --
-- Every job that is planned, was run or is queued, with its last runs.
WITH named AS (
    SELECT job FROM job_schedule UNION SELECT job FROM job_run UNION SELECT job FROM job_pause
    UNION SELECT lock FROM procrastinate_jobs WHERE lock IS NOT NULL AND status IN ('todo', 'doing')),
good AS (
    SELECT DISTINCT ON (job) job, finished_at, extract(epoch FROM finished_at - started_at)::float8 AS seconds, sentence
    FROM job_run WHERE outcome = 'succeeded' ORDER BY job, id DESC),
bad AS (
    SELECT DISTINCT ON (job) job, finished_at, sentence FROM job_run WHERE outcome IN ('failed', 'lost') ORDER BY job, id DESC)
SELECT named.job, plan.schedule, plan.period, plan.since, plan.due_at, plan.source,
    job_pause.job IS NOT NULL AS is_paused,
    greatest(good.finished_at, plan.succeeded_at) AS last_success_at, good.seconds AS last_seconds, good.sentence AS last_said,
    CASE WHEN good.finished_at IS NULL OR bad.finished_at > good.finished_at THEN bad.finished_at END AS last_error_at,
    CASE WHEN good.finished_at IS NULL OR bad.finished_at > good.finished_at THEN bad.sentence END AS last_error,
    (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM finished_at - started_at)) FROM (
        SELECT finished_at, started_at FROM job_run AS run WHERE run.job = named.job AND outcome = 'succeeded'
        ORDER BY id DESC LIMIT 20) AS last_runs)::float8 AS usual_seconds,
    (SELECT max(started_at) FROM job_run AS run WHERE run.job = named.job) AS last_run_at,
    (SELECT min(started_at) FROM job_run AS run WHERE run.job = named.job AND finished_at IS NULL
        AND EXISTS (SELECT FROM procrastinate_jobs AS queued WHERE queued.id = run.job_id AND queued.status = 'doing'))
        AS running_since,
    (SELECT min(coalesce(scheduled_at, now())) FROM procrastinate_jobs AS queued
        WHERE queued.lock = named.job AND status = 'todo') AS waits_until
FROM named LEFT JOIN job_schedule AS plan USING (job) LEFT JOIN job_pause USING (job)
    LEFT JOIN good USING (job) LEFT JOIN bad USING (job)
ORDER BY named.job;

-- runs --
SELECT id, job_id, job, worker, started_at, finished_at, outcome, sentence FROM job_run
WHERE job = %(job)s ORDER BY id DESC LIMIT %(limit)s;

-- sources --
-- Each source that was ever read, with its last whole reading and what became of the last attempt.
WITH last_run AS (
    SELECT DISTINCT ON (source) source, started_at, finished_at, failure FROM ingest_run ORDER BY source, id DESC)
SELECT last_run.source, plan.job, plan.schedule, plan.due_at,
    (SELECT max(finished_at) FROM ingest_run WHERE ingest_run.source = last_run.source AND failure IS NULL) AS read_at,
    last_run.started_at AS last_run_at, last_run.failure,
    (SELECT count(*) FROM event WHERE event.source = last_run.source AND removed_at IS NULL) AS events
FROM last_run LEFT JOIN job_schedule AS plan ON plan.source = last_run.source
ORDER BY last_run.source;
