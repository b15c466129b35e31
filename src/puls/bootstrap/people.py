"""Who asks, built from settings: their tokens and keys, how often they may, what is kept of them."""

from dataclasses import dataclass
from datetime import datetime

from puls.conversation.keeping.followed import FollowedEvents
from puls.conversation.keeping.memory import Conversations
from puls.conversation.keeping.personal_data import PersonalData
from puls.conversation.keeping.shares import Shares
from puls.conversation.preferences.store import Preferences
from puls.database import Database
from puls.identity.api_keys import ApiKeys
from puls.identity.erased import ErasedVisitors
from puls.identity.feed_tokens import FeedTokens
from puls.identity.operator_sessions import OperatorSessions
from puls.identity.rate_limits import Allowance, RateLimits
from puls.identity.secret import checked_secret, kept_secret
from puls.identity.share_tokens import ShareTokens
from puls.identity.visitor import Visitor, VisitorTokens
from puls.returning.letters import Letters
from puls.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who asks, how often they may, and what is kept of them."""

    tokens: VisitorTokens
    api_keys: ApiKeys
    rate_limits: RateLimits
    conversations: Conversations
    preferences: Preferences
    followed: FollowedEvents
    feed_tokens: FeedTokens
    shares: Shares
    personal_data: PersonalData
    erased: ErasedVisitors
    letters: Letters
    operators: OperatorSessions

    async def erase(self, visitor: Visitor, *, now: datetime) -> None:
        """Delete all that is held of somebody, and let nobody be them again; a program keeps its key."""
        await self.personal_data.erase(visitor.id)
        if visitor.kind == "anonymous" and not visitor.is_new:
            await self.erased.add(visitor.id, now=now)
            await self.personal_data.erase(visitor.id)  # what came in between


def people_of(database: Database, settings: Settings, *, secret: bytes) -> People:
    """What is known of those who ask; `secret` signs their tokens."""
    api_keys = ApiKeys(database)
    return People(
        tokens=VisitorTokens(secret),
        api_keys=api_keys,
        operators=OperatorSessions(api_keys, secret=secret),
        rate_limits=RateLimits(
            database,
            secret=secret,
            chat=Allowance(
                per_visitor=settings.chat_per_minute,
                per_address=settings.chat_per_minute_per_address,
            ),
            request=Allowance(
                per_visitor=settings.requests_per_minute,
                per_address=settings.requests_per_minute_per_address,
            ),
        ),
        conversations=Conversations(database),
        preferences=Preferences(database),
        followed=FollowedEvents(database),
        feed_tokens=FeedTokens(secret),
        shares=Shares(database, ShareTokens(secret)),
        personal_data=PersonalData(database),
        erased=ErasedVisitors(database, secret=secret),
        letters=Letters(database, secret=secret),
    )


def secret_of(settings: Settings) -> bytes:
    if settings.secret is not None:
        return checked_secret(settings.secret.get_secret_value().encode(), "PULS_SECRET")
    return kept_secret(settings.home)
