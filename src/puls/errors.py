"""Failures that Puls knows by name.

Each says what is true now and what to do. The HTTP layer turns them into problem+json and the command line into one
line and an exit code; nothing else catches them.
"""

from typing import ClassVar


class PulsError(Exception):
    """A failure with a sentence for its reader.

    `code` is the stable machine name, `status` the HTTP status, `exit_code` the process exit code.
    """

    code: ClassVar[str] = "puls_error"
    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1


class InvalidInputError(PulsError):
    """What was asked cannot be read; nothing was done."""

    code = "invalid_input"
    status = 422
    exit_code = 2


class NotFoundError(PulsError):
    """Nothing has that name here."""

    code = "not_found"
    status = 404
    exit_code = 2


class UnauthorizedError(PulsError):
    """The key or token is not, or no longer, good."""

    code = "unauthorized"
    status = 401


class ForbiddenError(PulsError):
    """Whoever asks is known and may not do this."""

    code = "forbidden"
    status = 403


class ConsentNeededError(PulsError):
    """The visitor has not agreed that this be kept; nothing was kept."""

    code = "consent_needed"
    status = 409


class LimitReachedError(PulsError):
    """As many are kept as Puls keeps; one more needs another to go."""

    code = "limit_reached"
    status = 409


class RateLimitedError(PulsError):
    """Too much was asked in too short a time; nothing was done."""

    code = "rate_limited"
    status = 429

    def __init__(self, sentence: str, *, retry_after_seconds: int) -> None:
        super().__init__(sentence)
        self.retry_after_seconds = retry_after_seconds


class TooLargeError(PulsError):
    """More was sent than is read; nothing was done."""

    code = "too_large"
    status = 413
    exit_code = 2


class OverloadedError(PulsError):
    """More is asked at this moment than can be answered in a short time; nothing was begun."""

    code = "overloaded"
    status = 503

    def __init__(self, sentence: str, *, retry_after_seconds: int) -> None:
        super().__init__(sentence)
        self.retry_after_seconds = retry_after_seconds


class EmbeddingUnavailableError(PulsError):
    """Who turns texts into vectors does not answer; what has its vector keeps it, words still find the rest."""

    code = "embedding_unavailable"
    status = 503


class DatabaseUnavailableError(PulsError):
    """PostgreSQL cannot be used as it is."""

    code = "database_unavailable"
    status = 503
    retry_after_seconds = 2  # as long as the embedded server takes to come back


class DatabaseBusyError(DatabaseUnavailableError):
    """PostgreSQL is there, but something else holds what was needed for too long; nothing was done."""

    code = "database_busy"


class SchemaTooNewError(DatabaseUnavailableError):
    """A newer Puls changed the tables; this one would misread them."""

    code = "schema_too_new"


class BackupError(PulsError):
    """A backup cannot be made or restored as it was asked for; what was there is as it was."""

    code = "backup_failed"
    exit_code = 2


class SourceUnavailableError(PulsError):
    """A source of events did not answer; the last good catalogue stays in use."""

    code = "source_unavailable"
    status = 503


class SourceRefusedError(PulsError):
    """A source of events understood the request and refused it; trying again unchanged will not help."""

    code = "source_refused"
    status = 502


class SourceBusyError(PulsError):
    """Another run reads this source; two at once could remove what the other adds."""

    code = "source_busy"
    status = 409


class RemovalRefusedError(PulsError):
    """So much would leave the catalogue that somebody must agree; everything was read and nothing was removed."""

    code = "removal_refused"
    status = 409
    exit_code = 2


class IngestionFailedError(PulsError):
    """A run stopped for a reason that Puls does not know; what was read before is stored and nothing was removed."""

    code = "ingestion_failed"
