"""What ends a trial."""


class TrialFailedError(Exception):
    """Something does not do what is promised of it; the sentence says what."""


def require(holds: object, otherwise: str) -> None:
    """Raises TrialFailedError unless it holds."""
    if not holds:
        raise TrialFailedError(otherwise)
