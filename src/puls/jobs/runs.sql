-- already_done --
-- Its work was done and only the queue did not hear of it.
SELECT FROM job_run WHERE job_id = %(job_id)s AND outcome = 'succeeded' LIMIT 1;

-- close_lost --
UPDATE job_run SET outcome = 'lost', finished_at = %(now)s, sentence = %(sentence)s
WHERE job_id = ANY(%(job_ids)s) AND finished_at IS NULL;

-- start --
INSERT INTO job_run (job_id, job, worker, started_at) VALUES (%(job_id)s, %(job)s, %(worker)s, %(now)s) RETURNING id;

-- finish --
UPDATE job_run SET outcome = %(outcome)s, finished_at = %(now)s, sentence = %(sentence)s WHERE id = %(id)s AND finished_at IS NULL;

-- merge_postponed --
-- One row for all the times that a job was put off: it is asked again every few seconds.
WITH former AS (
    UPDATE job_run SET finished_at = %(now)s, sentence = %(sentence)s
    WHERE outcome = 'postponed' AND job_id = (SELECT job_id FROM job_run WHERE id = %(id)s) RETURNING id)
DELETE FROM job_run WHERE id = %(id)s AND EXISTS (SELECT FROM former);

-- succeeded --
UPDATE job_schedule SET succeeded_at = %(now)s WHERE job = %(job)s;

-- failures --
-- Since it last went well: how often this job, as queued once, failed or took its worker with it.
SELECT count(*) FILTER (WHERE outcome = 'failed') AS failed, count(*) FILTER (WHERE outcome = 'lost') AS lost
FROM job_run WHERE job_id = %(job_id)s;

-- take_back_stalled --
-- Jobs whose worker gives no sign of life, each taken back by one sweep only: to the queue, or, when too many workers ended
-- with it, out of it.
WITH stalled AS (
    SELECT job.id FROM procrastinate_jobs AS job LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id
    WHERE job.status = 'doing' AND job.queue_name = %(queue)s
        AND (worker.id IS NULL OR worker.last_heartbeat < now() - %(alive)s::interval)
    FOR UPDATE OF job SKIP LOCKED),
counted AS (
    SELECT stalled.id, (SELECT count(*) FROM job_run WHERE job_id = stalled.id AND outcome = 'lost') AS lost FROM stalled)
SELECT id, CASE WHEN lost < %(most_lost)s THEN procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL)::text
    ELSE procrastinate_finish_job_v1(id, 'failed', false)::text END AS done, lost >= %(most_lost)s AS is_given_up
FROM counted;

-- take_back_own --
-- Jobs that the queue believes this worker to run and that it does not: the news of their end was lost on the way.
WITH ours AS (
    SELECT id FROM procrastinate_jobs WHERE status = 'doing' AND worker_id = %(worker)s AND id = ANY(%(not_running)s)
    FOR UPDATE SKIP LOCKED)
SELECT id, procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL)::text AS done FROM ours;

-- believed --
SELECT id FROM procrastinate_jobs WHERE status = 'doing' AND worker_id = %(worker)s;

-- forget_workers --
DELETE FROM procrastinate_workers WHERE id IN (
    SELECT id FROM procrastinate_workers WHERE last_heartbeat < now() - %(alive)s::interval FOR UPDATE SKIP LOCKED);

-- beat --
-- The heartbeat of Procrastinate's own, beaten here as well: no row, no worker.
UPDATE procrastinate_workers SET last_heartbeat = now() WHERE id = %(worker)s RETURNING id;

-- known_schedules --
SELECT job, due_at FROM job_schedule;

-- register_schedule --
INSERT INTO job_schedule (job, schedule, period, since, due_at)
VALUES (%(job)s, %(schedule)s, %(period)s, %(now)s, %(due_at)s)
ON CONFLICT (job) DO UPDATE SET schedule = excluded.schedule, period = excluded.period,
    since = CASE WHEN job_schedule.schedule = excluded.schedule THEN job_schedule.since ELSE excluded.since END
RETURNING due_at;

-- forget_schedules --
DELETE FROM job_schedule WHERE NOT job = ANY(%(jobs)s);

-- claim_moment --
-- One worker puts the job of a moment; a paused job has none.
UPDATE job_schedule SET due_at = %(due_at)s WHERE job = %(job)s AND due_at < %(due_at)s
RETURNING EXISTS (SELECT FROM job_pause WHERE job_pause.job = job_schedule.job) AS is_paused;
