-- one_at_a_time --
-- Who asks for the same job in another transaction waits until this one ends: two askings make one waiting job.
SELECT pg_advisory_xact_lock(%(space)s, hashtext(%(job)s));

-- waiting --
-- The job that waits already. Locked until this transaction ends, so that no worker takes it before what it is to see is there.
SELECT id, scheduled_at FROM procrastinate_jobs WHERE lock = %(job)s AND status = 'todo' ORDER BY id LIMIT 1 FOR SHARE;

-- put --
SELECT unnest(procrastinate_defer_jobs_v1(ARRAY[ROW(
    %(queue)s, %(task)s, %(priority)s, %(job)s, NULL, %(args)s, %(at)s)::procrastinate_job_to_defer_v1])) AS id;

-- sooner --
UPDATE procrastinate_jobs SET scheduled_at = %(at)s
WHERE id = %(id)s AND status = 'todo' AND scheduled_at > coalesce(%(at)s::timestamptz, now()) RETURNING id;

-- found --
SELECT id, lock AS job, status::text AS status FROM procrastinate_jobs WHERE id = %(id)s AND lock IS NOT NULL;

-- under_way --
SELECT id FROM procrastinate_jobs WHERE lock = %(job)s AND status IN ('todo', 'doing') ORDER BY id;

-- last_failed --
SELECT id FROM procrastinate_jobs WHERE lock = %(job)s AND status = 'failed' ORDER BY id DESC LIMIT 1;

-- cancel --
-- One that runs is asked to end; one that waits never begins.
SELECT procrastinate_cancel_job_v1(%(id)s, true, false) AS id;

-- retry --
SELECT procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL)
FROM procrastinate_jobs WHERE id = %(id)s AND status = 'failed';

-- pause --
INSERT INTO job_pause (job, paused_at) VALUES (%(job)s, %(now)s) ON CONFLICT DO NOTHING;

-- resume --
DELETE FROM job_pause WHERE job = %(job)s;

-- pull_forward --
-- What was handed back because of a pause need not wait any more.
UPDATE procrastinate_jobs SET scheduled_at = now() WHERE lock = %(job)s AND status = 'todo' AND scheduled_at > now();

-- is_paused --
SELECT FROM job_pause WHERE job = %(job)s;

-- forget_jobs --
-- Finished rows, with their events; a queue with millions of them starts slowly (procrastinate#1454).
DELETE FROM procrastinate_jobs WHERE status IN ('succeeded', 'failed', 'cancelled', 'aborted')
    AND NOT EXISTS (SELECT FROM procrastinate_events WHERE job_id = procrastinate_jobs.id AND at >= %(before)s);

-- forget_runs --
-- The last success of each job stays: « when did it last work » has an answer however long ago that was.
DELETE FROM job_run WHERE finished_at < %(before)s AND id NOT IN (
    SELECT max(id) FROM job_run WHERE outcome = 'succeeded' GROUP BY job);

-- note_source --
UPDATE job_schedule SET source = %(source)s WHERE job = %(job)s AND source IS DISTINCT FROM %(source)s;

-- workers --
SELECT count(*) AS workers FROM procrastinate_workers WHERE last_heartbeat > now() - %(alive)s::interval;
