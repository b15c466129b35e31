"""The routes of `/ops`: the page, its figures for programs, the table to take away, one badly rated answer, and the way in.

Nothing here is indexed or kept by anybody, and nothing is told about a single visitor.
"""

import csv
import io
import json
from collections.abc import Mapping
from typing import Annotated, Any, Final
from urllib.parse import parse_qs, urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from puls import __version__
from puls.bootstrap import Puls
from puls.conversation.keeping.stored_turn import readable_wish
from puls.errors import ForbiddenError, RateLimitedError, UnauthorizedError
from puls.operating.figures import STEPS
from puls.operating.periods import Period
from puls.operating.reviewing import Reviewed
from puls.phrasing import Language
from puls.ui.links import Asked, Links
from puls.ui.ops import words as saying
from puls.ui.ops.entrance import (
    COOKIE,
    check_operator,
    check_own_site,
    give_cookie,
    may_enter,
    take_cookie,
)
from puls.ui.ops.views import Viewing
from puls.ui.rendering import page
from puls.ui.requests import TheMoment, ThePuls, TheTongue, Tongue, address_of, limited
from puls.understanding.saying.chips import chips_of

router = APIRouter(prefix="/ops", include_in_schema=False)
_ASIDE: Final[Mapping[str, str]] = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
}
_PERIOD_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "1h": ("1 h", "1 h"),
    "24h": ("24 h", "24 h"),
    "7j": ("7 j", "7 d"),
    "30j": ("30 j", "30 d"),
}
_SECTIONS: Final = ("health", "speed", "people", "use", "unmet", "cost", "worst", "work")
_LONGEST_FORM: Final = 4_096
_SPREADSHEET_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")

ThePeriod = Annotated[Period, Query(alias="periode")]


@router.get("", response_class=HTMLResponse)
async def ops_page(
    request: Request,
    puls: ThePuls,
    now: TheMoment,
    tongue: TheTongue,
    *,
    period: ThePeriod = Period.DAY,
    auto: bool = False,
) -> Response:
    """Everything at one look; who may not see it is asked for a key."""
    if not await may_enter(request, puls, now=now):
        return _login_page(tongue)
    look = await puls.operating.look(period, now=now)
    language = _language(tongue)
    view = _viewing(puls, language).page(look)
    there = {"experiments": view.experiments, "drifts": view.drifts}
    return _page(
        "ops/page.html",
        tongue,
        address=_address(period=period, auto=auto, language=None),
        view=view,
        periods=[
            {
                "name": each,
                "words": _PERIOD_WORDS[each][language == "en"],
                "address": _address(period=each, auto=auto, language=tongue.chosen),
            }
            for each in Period
        ],
        version=__version__,
        refreshes=auto,
        refresh_address=_address(period=period, auto=not auto, language=tongue.chosen),
        sections=[*_SECTIONS, *(name for name, block in there.items() if block is not None)],
        has_session=COOKIE in request.cookies,
    )


@router.get("/figures.json", dependencies=[Depends(check_operator)])
async def figures(puls: ThePuls, now: TheMoment, period: ThePeriod = Period.DAY) -> JSONResponse:
    """The same figures for programs: values without units' words, shares in [0, 1], milliseconds, euros."""
    look = await puls.operating.look(period, now=now)
    return JSONResponse(
        {
            "period": look.span.period.value,
            "since": look.span.since.isoformat(),
            "until": look.span.until.isoformat(),
            "is_whole": look.is_whole,
            "counted_until": look.counted_until.isoformat(),
            "figures": {
                one.name: {"value": one.value, "unit": one.unit, "sql": one.sql}
                for one in look.figures.values()
            },
            "objectives": [
                {
                    "name": burn.objective.name,
                    "target": burn.objective.target,
                    "burn": burn.rates,
                    "budget_left": burn.budget_left,
                    "events": burn.events.all,
                    "bad": burn.events.bad,
                    "is_alarming": burn.is_alarming,
                }
                for burn in look.burns
            ],
            "alarms": [
                {"name": one.name, "is_urgent": one.is_urgent, "runbook": one.runbook_url}
                for one in look.standing.alarms or ()
            ],
            "components": {one.name: one.state.value for one in look.standing.components},
        },
        headers=_ASIDE,
    )


@router.get("/demandes.csv", dependencies=[Depends(check_operator)])
async def unmet_demand(
    puls: ThePuls,
    now: TheMoment,
    tongue: TheTongue,
    period: ThePeriod = Period.DAY,
) -> Response:
    """Unmet demand by place, kind and subject, as a table; UTF-8 with a mark, since spreadsheets look for one."""
    language = _language(tongue)
    viewing = _viewing(puls, language)
    columns = saying.words(language)["columns"]
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow([columns[name] for name in ("place", "theme", "topic", "demands", "visitors")])
    for one in await puls.operating.unmet(period, now=now):
        row = viewing.unmet(one)
        place, theme, topic = (_cell(each) for each in (row.name, row.cells[0], one.topic or ""))
        table.writerow([place, theme, topic, one.demands, one.visitors])
    return Response(
        "\ufeff" + written.getvalue(),
        media_type="text/csv; charset=utf-8",
        headers={
            **_ASIDE,
            "Content-Disposition": f'attachment; filename="puls-demandes-{period.value}.csv"',
        },
    )


@router.get("/reponse/{turn_id}", response_class=HTMLResponse)
async def answer_page(
    request: Request, turn_id: UUID, puls: ThePuls, now: TheMoment, tongue: TheTongue
) -> Response:
    """One badly rated answer, with what led to it."""
    if not await may_enter(request, puls, now=now):
        return _login_page(tongue)
    turn = await puls.operating.reviewing.turn(turn_id, now=now)
    return _answer_page(request, turn, puls, tongue)


@router.post(
    "/reponse/{turn_id}/cas",
    response_class=HTMLResponse,
    dependencies=[Depends(check_operator), Depends(check_own_site)],
)
async def add_case(
    request: Request, turn_id: UUID, puls: ThePuls, now: TheMoment, tongue: TheTongue
) -> Response:
    """Make an evaluation case of it."""
    turn = await puls.operating.reviewing.turn(turn_id, now=now)
    add = puls.operating.sights.add_case
    if add is None:
        raise ForbiddenError("This Puls keeps no evaluation cases.")
    return _answer_page(request, turn, puls, tongue, said=await add(turn.id))


@router.get("/entree", response_class=HTMLResponse)
async def entrance(tongue: TheTongue) -> Response:
    """Where a key is asked for."""
    return _login_page(tongue, status=200)


@router.post("/entree", dependencies=[Depends(check_own_site), Depends(limited("request"))])
async def enter(request: Request, puls: ThePuls, now: TheMoment, tongue: TheTongue) -> Response:
    """Exchange a key for the cookie. Wrong ones are counted by address, as everywhere."""
    body = (await request.body())[:_LONGEST_FORM].decode("utf-8", "replace")
    form = parse_qs(body, max_num_fields=8)
    chosen: Language | None = "en" if form.get("lang") == ["en"] else tongue.chosen
    spoken = Tongue(chosen=chosen, preferred=tongue.preferred)
    try:
        cookie = await puls.people.operators.open(form.get("key", [""])[0].strip(), now=now)
    except (UnauthorizedError, ForbiddenError):
        try:
            await puls.people.rate_limits.count_wrong_key(address=address_of(request), now=now)
        except RateLimitedError as error:
            return _login_page(
                spoken,
                status=429,
                failure="too_many",
                headers={"Retry-After": str(error.retry_after_seconds)},
            )
        return _login_page(spoken, failure="wrong")
    response = RedirectResponse(
        _address(period=Period.DAY, auto=False, language=chosen), status_code=303, headers=_ASIDE
    )
    give_cookie(request, response, cookie)
    return response


@router.post("/sortie", dependencies=[Depends(check_own_site)])
async def leave(request: Request) -> Response:
    """Take the cookie back."""
    response = RedirectResponse("/ops/entree", status_code=303, headers=_ASIDE)
    take_cookie(request, response)
    return response


def _login_page(
    tongue: Tongue,
    *,
    status: int = 401,
    failure: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    return _page(
        "ops/login.html",
        tongue,
        address="/ops/entree",
        status=status,
        headers=headers,
        failure=failure,
    )


def _answer_page(
    request: Request, turn: Reviewed, puls: Puls, tongue: Tongue, *, said: str = ""
) -> HTMLResponse:
    language, timezone = _language(tongue), puls.settings.timezone
    words = saying.words(language)
    wish = readable_wish(turn.wish_text)
    chips = chips_of(wish, timezone=timezone) if wish is not None else ()
    steps = [(words["steps"][step]["name"], step) for step in STEPS if step in turn.milliseconds]
    return _page(
        "ops/answer.html",
        tongue,
        address=f"/ops/reponse/{turn.id}",
        turn=turn,
        said=said,
        when=f"{saying.day(turn.at, timezone)} {saying.clock(turn.at, timezone, language)}",
        chips=[chip.en if language == "en" else chip.fr for chip in chips],
        kind=words["kinds"].get(turn.kind, turn.kind or ""),
        found=words["charts"]["series"].get(turn.found, ""),
        reason=words["reasons"].get(turn.reason_code, "–"),
        wish_json=_pretty(turn.wish_text),
        times=[
            (name, saying.milliseconds(turn.milliseconds[step], language)) for name, step in steps
        ],
        can_add=puls.operating.sights.add_case is not None,
        has_session=COOKIE in request.cookies,
    )


def _page(
    template: str,
    tongue: Tongue,
    *,
    address: str,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> HTMLResponse:
    language = _language(tongue)
    other: Language = "en" if language == "fr" else "fr"
    joined = "&" if "?" in address else "?"
    return page(
        template,
        language=language,
        status=status,
        headers={**_ASIDE, **(headers or {})},
        o=saying.words(language),
        links=Links(
            asked=Asked(language=tongue.chosen), other_language=f"{address}{joined}lang={other}"
        ),
        **{"refreshes": False, "has_session": False, **values},
    )


def _viewing(puls: Puls, language: Language) -> Viewing:
    return Viewing(language=language, timezone=puls.settings.timezone, places=puls.operating.places)


def _language(tongue: Tongue) -> Language:
    return tongue.chosen or tongue.preferred


def _address(*, period: Period, auto: bool, language: Language | None) -> str:
    pairs = [("periode", period.value)]
    pairs += [("auto", "1")] if auto else []
    pairs += [("lang", language)] if language else []
    return f"/ops?{urlencode(pairs)}"


def _pretty(wish_text: str | None) -> str:
    return json.dumps(json.loads(wish_text), ensure_ascii=False, indent=2) if wish_text else ""


def _cell(text: str) -> str:
    """What a visitor typed never becomes a formula in somebody's spreadsheet."""
    return f"'{text}" if text.startswith(_SPREADSHEET_SIGNS) else text
