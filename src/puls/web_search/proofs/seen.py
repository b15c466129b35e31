"""What one place said of one event, before anybody compares it with the catalogue. Values."""

from dataclasses import dataclass
from datetime import datetime

from puls.catalogue.event import Attendance
from puls.web_search.values import Proof, Run, WebPrice, WebStatus, WebTime


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a place said of an event at `at`, or in `failure` why it said nothing: then nothing else counts.

    `is_gone`: the place had the event once and has it no more; `is_sure` False where that may be a misunderstanding.
    `are_all_times`: `times` are all performances; else some, and with `is_next_first` the first is the next to come.
    `is_of_source`: fields of OpenAgenda itself, its moments are exact; else a page, which may write a wrong offset.
    """

    proof: Proof
    url: str
    at: datetime
    failure: str = ""
    is_gone: bool = False
    is_sure: bool = True
    is_of_source: bool = False
    status: WebStatus = WebStatus.UNKNOWN
    times: tuple[WebTime, ...] = ()
    are_all_times: bool = False
    is_next_first: bool = False
    run: Run | None = None
    previous_start: datetime | None = None
    attendance: Attendance | None = None
    venue: str | None = None
    city: str | None = None
    postcode: str | None = None
    price: WebPrice | None = None
    updated_at: datetime | None = None
    says: str = ""
