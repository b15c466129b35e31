"""Jobs that run by themselves: put in a queue that PostgreSQL keeps, on a schedule or because something happened.

A thin port over Procrastinate: nothing else in Puls imports it, and what is queued is put there by functions of the
database within the caller's own transaction. Nothing here knows what a job does: handlers come from `puls.worker`. Enter
at `Jobs` to queue and steer, at `Working` to run, at `jobs_overview` to see.
"""

from puls.jobs.kinds import KINDS, JobKind, JobName
from puls.jobs.overview import JobOverview, SourceFreshness, freshness, jobs_overview
from puls.jobs.plan import Plan, read_plan
from puls.jobs.queue import Jobs
from puls.jobs.schedules import Schedule, read_schedule

__all__ = [
    "KINDS",
    "JobKind",
    "JobName",
    "JobOverview",
    "Jobs",
    "Plan",
    "Schedule",
    "SourceFreshness",
    "freshness",
    "jobs_overview",
    "read_plan",
    "read_schedule",
]
