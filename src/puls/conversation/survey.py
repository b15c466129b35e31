"""The one question of the survey, « Avez-vous trouvé une sortie ? », and which turns ask it. Pure."""

import hashlib
from uuid import UUID

_DRAWN_FROM = 1_000_000


def asks_survey(turn_id: UUID, rate: float) -> bool:
    """Whether this turn is one of the share `rate` that ask; every replica and every reload says the same."""
    digest = hashlib.blake2b(turn_id.bytes, digest_size=8).digest()
    return int.from_bytes(digest) % _DRAWN_FROM < round(rate * _DRAWN_FROM)
