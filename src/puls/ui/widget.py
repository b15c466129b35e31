"""The widget: the assistant inside a page of another site, by one script tag and one element.

`/widget.js` is the script; any page may load it, so that it can say why a page is refused. `/widget/frame` is what it draws
and the addresses of the rest; `api.cross_origin` lets the pages of `PULS_WIDGET_ORIGINS` read it. How sites use it:
docs/how-to/widget.md.
"""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel

from puls.bootstrap import Puls
from puls.errors import InvalidInputError
from puls.ui.links import Asked, Links
from puls.ui.rendering import fragment, script_words
from puls.ui.requests import KnownVisitor, TheMoment, ThePuls, TheTongue, limited
from puls.ui.static_files import VersionedFiles, own_folder, static_url
from puls.ui.texts import examples
from puls.ui.turns import TurnView
from puls.ui.visitor_pages import conversation_so_far
from puls.understanding.given import place_named

router = APIRouter(include_in_schema=False)

_FILES = VersionedFiles(directory=own_folder())
_EXAMPLES = 3
_STYLES = ("base.css", "cards.css", "talk.css", "plans.css", "widget.css")


class Frame(BaseModel):
    """What the widget begins with. `place`: the one that the page named, if there is such a place."""

    html: str
    words: dict[str, str]
    script: str
    styles: list[str]
    place: str | None


@router.api_route("/widget.js", methods=["GET", "HEAD"])
async def widget_script(request: Request) -> Response:
    """Always at this address, asked again each time, and soon answered: its tag says whether it changed."""
    response = await _FILES.get_response("widget.js", request.scope)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@router.get("/widget/frame", dependencies=[Depends(limited("request"))])
async def widget_frame(
    *,
    response: Response,
    visitor: KnownVisitor,
    puls: ThePuls,
    now: TheMoment,
    tongue: TheTongue,
    place: Annotated[str, Query(max_length=100)] = "",
    conversation: UUID | None = None,
) -> Frame:
    """The conversation as it stands, or an invitation to begin one."""
    response.headers["Cache-Control"] = "no-store"
    turns: Sequence[TurnView] = ()
    language = tongue.chosen or tongue.preferred
    if conversation is not None:
        _, turns, language = await conversation_so_far(
            conversation, visitor, puls=puls, now=now, tongue=tongue
        )
    known_place = _known(place, puls)
    first_questions = examples(language, is_place_known=known_place is not None)[:_EXAMPLES]
    html = fragment(
        "widget.html",
        language=language,
        links=Links(asked=Asked(language=tongue.chosen), other_language=""),
        turns=turns,
        conversation=conversation,
        examples=first_questions,
        placeholder=first_questions[0],
        retention_days=puls.settings.retention_days,
        web_usual=puls.web and puls.web.usual,
    )
    return Frame(
        html=html,
        words=script_words(language),
        script=static_url("embedded.js"),
        styles=[static_url(name) for name in _STYLES],
        place=known_place,
    )


def _known(place: str, puls: Puls) -> str | None:
    try:
        place_named(place, puls.gazetteer)
    except InvalidInputError:
        return None
    return place
