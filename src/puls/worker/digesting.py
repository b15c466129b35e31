"""The daily digest: what is new for whoever follows events, then letters about saved searches. Without a mail server only noted."""

from datetime import datetime

from puls.bootstrap import Puls
from puls.worker import news
from puls.worker.letters import LetterNotifier, write_letters
from puls.worker.news import Notifier


async def digest(puls: Puls, notifier: Notifier | None, about: str, now: datetime) -> str:
    """Note the news of followed events, tell them, and write the letters that are due. Run twice, it writes nothing twice.

    Raises:
        NotSentError: the mail server is away.
        LetterNotSentError: the same; who is left is written to by the next try.
    """
    post = puls.post
    if notifier is None and post is not None:
        notifier = LetterNotifier(puls, post, now=now)
    said = await news.notice(puls, notifier, about, now)
    if post is None:
        return said
    written = await write_letters(puls, post, now=now)
    refused = f"; {written.refused:,} mailboxes refused theirs" if written.refused else ""
    return f"{said} {written.sent:,} letters told {written.events:,} events of saved searches{refused}."
