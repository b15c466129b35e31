-- What Puls keeps of its jobs beside the queue. A job is named by its kind and what it is about: `sync openagenda: Rhône`.
-- No row here holds anything of a visitor.

-- Each run of a job, one row per attempt; `sentence` says in plain words what it did or why not. `outcome` is null while it
-- runs; `lost`: its worker was killed. Kept for 30 days, the last success of each job longer.
CREATE TABLE job_run (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job_id      bigint NOT NULL,
    job         text NOT NULL,
    worker      text NOT NULL,
    started_at  timestamptz NOT NULL,
    finished_at timestamptz,
    outcome     text CHECK (outcome IN ('succeeded', 'failed', 'postponed', 'handed_back', 'cancelled', 'lost')),
    sentence    text,
    CHECK ((finished_at IS NULL) = (outcome IS NULL))
);
CREATE INDEX job_run_job ON job_run (job, id DESC);
CREATE INDEX job_run_job_id ON job_run (job_id);

-- What runs by itself: the last moment for which a job was put in the queue, and when it last succeeded, by hand or not.
-- `source` is the name under which a sync's records stand in `source_record`, once it is known.
CREATE TABLE job_schedule (
    job          text PRIMARY KEY,
    schedule     text NOT NULL,
    period       interval NOT NULL,
    since        timestamptz NOT NULL,
    due_at       timestamptz NOT NULL,
    succeeded_at timestamptz,
    source       text
);

-- Jobs that an operator holds back; by their whole name.
CREATE TABLE job_pause (
    job       text PRIMARY KEY,
    paused_at timestamptz NOT NULL
);
