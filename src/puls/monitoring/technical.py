"""Is it up, is it fast, is it fresh: requests, steps, connections, sources, index, jobs, disk. Families of metrics only."""

from puls.monitoring.families import counter, gauge, histogram
from puls.monitoring.names import Metric

HTTP_REQUESTS = counter(
    Metric.HTTP_REQUESTS,
    "HTTP requests answered.",
    ["method", "route", "status"],
    most=1_000,
)
HTTP_SECONDS = histogram(
    Metric.HTTP_SECONDS,
    "Time to answer an HTTP request.",
    ["method", "route"],
)
HTTP_ANSWERS = counter(
    Metric.HTTP_ANSWERS,
    "Requests of visitors and programs answered, by class of status; not what machines ask every few seconds.",
    ["status_class"],
)
REQUESTS_REFUSED = counter(
    Metric.REQUESTS_REFUSED,
    "Requests refused because more was asked than can be answered.",
    ["path"],
)
CONNECTIONS_CLOSED = counter(
    Metric.CONNECTIONS_CLOSED,
    "Connections closed by us, by why: too many at once, or too slow to send or to read.",
    ["reason"],
)
STEP_SECONDS = histogram(
    Metric.STEP_SECONDS,
    "Time of one step of a search or a job.",
    ["step"],
)
SEARCHES = counter(
    Metric.SEARCHES,
    "Searches by what they found and how.",
    ["outcome", "mode"],
)
INGESTED_RECORDS = counter(
    Metric.INGESTED_RECORDS,
    "Records read from a source, by what became of them.",
    ["outcome"],
)
EMBEDDED_EVENTS = counter(Metric.EMBEDDED_TEXTS, "Texts turned into vectors.")
INDEX_EVENTS = gauge(
    Metric.INDEX_EVENTS,
    "Findable events, by whether the live index version has their vector.",
    ["state"],
)
CATALOGUE_UPDATED = gauge(
    Metric.LAST_INGEST,
    "When the last ingestion run ended (Unix time).",
)

DATABASE_SECONDS = histogram(
    Metric.DATABASE_SECONDS,
    "Time of one transaction, the wait for its connection included.",
    ["role"],
)
DATABASE_ERRORS = counter(
    Metric.DATABASE_ERRORS,
    "Transactions that PostgreSQL could not do now: busy (a lock, a connection or a statement took too long), or away.",
    ["reason"],
)
DATABASE_CONNECTIONS = gauge(
    Metric.DATABASE_CONNECTIONS,
    "Connections of this process to PostgreSQL, by state: in_use, free.",
    ["state"],
)
DATABASE_WAITING = gauge(
    Metric.DATABASE_WAITING, "Requests of this process that wait for a connection."
)
DATABASE_UP = gauge(Metric.DATABASE_UP, "Whether PostgreSQL answered when it was last asked.")
DATABASE_READS = counter(
    Metric.DATABASE_READS,
    "Reads that may go to a replica, by who answered, and why it was the primary; none without a replica.",
    ["server", "why"],
)
REPLICA_LAG = gauge(Metric.REPLICA_LAG, "How far the replica is behind the primary.")
REPLICA_UP = gauge(Metric.REPLICA_UP, "Whether the replica may be read: there, and not too late.")
DISK_FREE = gauge(
    Metric.DISK_FREE, "Free share of the disk that holds PULS_HOME and, embedded, the database."
)
SOURCE_AGE = gauge(Metric.SOURCE_AGE, "Time since a source was last read to its end.", ["source"])
SOURCE_FAILURES = gauge(
    Metric.SOURCE_FAILURES,
    "How many of a source's last runs failed, one after the other.",
    ["source"],
)
FRESHNESS_MINUTES = counter(
    Metric.FRESHNESS_MINUTES,
    "Minutes by whether every source had been read recently enough (fresh, stale).",
    ["state"],
)
QUARANTINED = gauge(
    Metric.QUARANTINED, "Records held that no event could be made of, by the reason.", ["reason"]
)
QUEUE_AGE = gauge(Metric.QUEUE_AGE, "How long the oldest job that could run has waited.")
JOBS_STALLED = gauge(
    Metric.JOBS_STALLED, "Jobs that are said to run while their worker gives no sign of life."
)
JOBS = counter(Metric.JOBS, "Jobs that ended, by what became of them.", ["job", "outcome"])
JOB_SECONDS = histogram(
    Metric.JOB_SECONDS,
    "Time of one job.",
    ["job"],
    buckets=(0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 14400.0),
)
SCHEDULE_OVERDUE = gauge(
    Metric.SCHEDULE_OVERDUE,
    "Time since a scheduled job last succeeded, in its own periods; 2 and more: its schedule is dead.",
    ["job"],
)
JOB_WORKERS = gauge(Metric.JOB_WORKERS, "Workers that gave a sign of life within 30 s.")
JOBS_GIVEN_UP = gauge(
    Metric.JOBS_GIVEN_UP,
    "Jobs of a kind that failed as often as they may and were not done since.",
    ["job"],
)
JOB_SINCE_SUCCESS = gauge(
    Metric.JOB_SINCE_SUCCESS,
    "Time since the scheduled jobs of a kind last succeeded, or were first planned; the one that is latest.",
    ["job"],
)
ALERTS_FIRING = gauge(
    Metric.ALERTS_FIRING, "Whether a built-in alert fires.", ["alert", "severity"]
)
NOTIFICATIONS = counter(
    Metric.NOTIFICATIONS,
    "Notifications of built-in alerts, by how they went.",
    ["channel", "outcome"],
)

# From the beginning: what appears with its first failure, Prometheus cannot see increase.
for _class in ("2xx", "3xx", "4xx", "5xx"):
    HTTP_ANSWERS.labels(_class)
for _state in ("fresh", "stale"):
    FRESHNESS_MINUTES.labels(_state)
for _reason in ("busy", "away"):
    DATABASE_ERRORS.labels(_reason)
