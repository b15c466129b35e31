"""A working Puls as everything that an entry point may call. Built by `open_puls`."""

from dataclasses import dataclass, field

from puls.bootstrap.people import People
from puls.bootstrap.watching import mail_server_of
from puls.catalogue.store import Catalogue
from puls.conversation.assistant import Assistant
from puls.conversation.looking import OnTheWeb
from puls.conversation.pacing import Pacing
from puls.conversation.variants import Models
from puls.database import Database
from puls.experiments.experiment import Experiment
from puls.geo.gazetteer import Gazetteer
from puls.ingestion.embedding import EmbeddingIndex
from puls.ingestion.sync import Ingestion
from puls.jobs import Jobs, Plan
from puls.operating.looking import Operating
from puls.retrieval.asking import Asking
from puls.retrieval.beyond_gazetteer import BeyondGazetteer
from puls.retrieval.search import EventSearch
from puls.returning.saved import SavedSearches
from puls.returning.sending import Post
from puls.returning.whats_new import WhatsNew
from puls.settings import Settings
from puls.web_search.asked import WebOffError

_LOOKS_AT_ONCE = 8  # beside those of turns; each waits rather than works


@dataclass(frozen=True, slots=True, kw_only=True)
class Puls:
    """Everything an entry point may call. `web` None: looking on the web is switched off; `experiment`: the one under way.

    `searches` and `looks`: who goes first among what programs ask; a look waits for the web for seconds, and must not
    keep a search waiting.
    """

    settings: Settings
    database: Database
    catalogue: Catalogue
    gazetteer: Gazetteer
    ingestion: Ingestion
    index: EmbeddingIndex
    search: EventSearch
    people: People
    assistant: Assistant
    asking: Asking
    operating: Operating
    beyond: BeyondGazetteer | None = None
    web: OnTheWeb | None = None
    models: Models | None = None
    experiment: Experiment | None = None
    searches: Pacing = field(default_factory=Pacing)
    looks: Pacing = field(default_factory=lambda: Pacing(at_once=_LOOKS_AT_ONCE))
    plan: Plan = field(default_factory=Plan)

    @property
    def jobs(self) -> Jobs:
        """The queue of what is done beside answering."""
        return Jobs(self.database)

    @property
    def saved_searches(self) -> SavedSearches:
        """What visitors keep of their searches."""
        return SavedSearches(self.database)

    @property
    def whats_new(self) -> WhatsNew:
        """Who asks kept searches again."""
        return WhatsNew(self.asking, database=self.database, timezone=self.settings.timezone)

    @property
    def post(self) -> Post | None:
        """The way out for letters; None: none is set up, see `PULS_LETTERS_FROM`."""
        settings = self.settings
        if not (settings.letters_from and settings.alerts_smtp and settings.public_url):
            return None
        return Post(
            mail_server_of(settings),
            sender=settings.letters_from,
            base=settings.public_url.rstrip("/"),
            letters=self.people.letters,
        )


def the_web(puls: Puls) -> OnTheWeb:
    """Who looks on the web.

    Raises:
        WebOffError: nobody does here.
    """
    if puls.web is None:
        raise WebOffError
    return puls.web
