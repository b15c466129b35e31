"""The JSON shapes of what was seen on the web: checks, events, quotations. Pure."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from puls.web_search.looking import Step, host_of
from puls.web_search.sayings import sentence
from puls.web_search.values import Change, Check, Looked, Outcome, Proof, WebEvent, WebPrice, Why


class CheckShape(BaseModel):
    """What was seen of one event of the catalogue, where and when."""

    uid: str
    outcome: Outcome
    proof: Proof | None = Field(
        description="where: the surest is `agenda`; null when nothing was read"
    )
    url: str | None
    checked_at: datetime
    is_strong: bool = Field(
        description="a statement of the source itself; a page that merely still lists the event is weak"
    )
    changes: list[Change]
    says: str = Field(description="the page's own words that decided; a quotation, not Puls's own")
    why_not: str = Field(
        description="of `unreadable` and `not_checked`: a stable code, like `robots`, `no_link`, `no_time`; else empty"
    )
    fr: str
    en: str

    @classmethod
    def of(cls, check: Check, *, timezone: str) -> "CheckShape":
        return cls(
            uid=check.uid,
            outcome=check.outcome,
            proof=check.proof,
            url=check.url,
            checked_at=check.at,
            is_strong=check.is_strong,
            changes=list(check.changes),
            says=check.says,
            why_not=check.why_not,
            fr=sentence(check, language="fr", timezone=timezone, now=check.at),
            en=sentence(check, language="en", timezone=timezone, now=check.at),
        )


class WebTimeShape(BaseModel):
    """One performance; `has_time` false: only the day is known."""

    starts_at: datetime
    ends_at: datetime | None
    has_time: bool


class WebEventShape(BaseModel):
    """An event that a page tells of and the catalogue does not hold: a claim of that page, never Puls's own."""

    title: str
    page_url: str
    host: str
    seen_at: datetime
    times: list[WebTimeShape]
    first_day: date | None
    last_day: date | None
    status: str
    venue: str | None
    address: str | None
    postcode: str | None
    city: str | None
    price: WebPrice | None
    image_url: str | None
    url: str | None

    @classmethod
    def of(cls, seen: WebEvent) -> "WebEventShape":
        return cls(
            title=seen.title,
            page_url=seen.page_url,
            host=host_of(seen.page_url),
            seen_at=seen.seen_at,
            times=[
                WebTimeShape(starts_at=one.starts_at, ends_at=one.ends_at, has_time=one.has_time)
                for one in seen.times
            ],
            first_day=seen.run.first_day if seen.run else None,
            last_day=seen.run.last_day if seen.run else None,
            status=seen.status.value,
            venue=seen.venue,
            address=seen.address,
            postcode=seen.postcode,
            city=seen.city,
            price=seen.price,
            image_url=seen.image_url,
            url=seen.url,
        )


class SnippetShape(BaseModel):
    """A short quotation of a page."""

    text: str
    title: str
    url: str
    seen_at: datetime


class FailureShape(BaseModel):
    """A provider or a host that did not answer."""

    name: str
    code: str


class WebStepEvent(BaseModel):
    """`event: web_step`: what is being looked at, or was just seen: checking, checked, searching, reading."""

    doing: str
    host: str
    number: int
    check: CheckShape | None

    @classmethod
    def of(cls, step: Step, *, timezone: str) -> "WebStepEvent":
        check = CheckShape.of(step.check, timezone=timezone) if step.check else None
        return cls(doing=step.doing, host=step.host, number=step.number, check=check)


class WebShape(BaseModel):
    """`event: web`: all that looking came to. `why`: what made Puls look."""

    why: list[Why]
    at: datetime
    checks: list[CheckShape]
    events: list[WebEventShape]
    snippets: list[SnippetShape]
    failures: list[FailureShape]
    is_cut: bool = Field(description="the time limit ended it")
    lacks_provider: bool = Field(
        description="a search would have helped; no provider is configured"
    )
    seconds: float

    @classmethod
    def of(cls, looked: Looked, *, timezone: str) -> "WebShape":
        return cls(
            why=list(looked.why),
            at=looked.at,
            checks=[CheckShape.of(each, timezone=timezone) for each in looked.checks],
            events=[WebEventShape.of(each) for each in looked.events],
            snippets=[
                SnippetShape(text=each.text, title=each.title, url=each.url, seen_at=each.seen_at)
                for each in looked.snippets
            ],
            failures=[FailureShape(name=name, code=code) for name, code in looked.failures],
            is_cut=looked.is_cut,
            lacks_provider=looked.lacks_provider,
            seconds=round(looked.seconds, 3),
        )
