"""The page `/docs`, behind the same door as `/openapi.json`."""

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse

from puls.api.describing import STREAM_EVENTS
from puls.api.doors import door
from puls.api.reference.reading import groups_of
from puls.ui.links import Asked, Links
from puls.ui.public_address import public_base
from puls.ui.rendering import page
from puls.ui.requests import ThePuls

router = APIRouter(
    include_in_schema=False,
    default_response_class=HTMLResponse,
    dependencies=[Depends(door("openapi"))],
)


@router.get("/docs")
async def reference(request: Request, puls: ThePuls) -> HTMLResponse:
    """Every operation with its fields, answers, a curl line and an example. In English, as the API is."""
    document = request.app.openapi()
    return page(
        "docs.html",
        language="en",
        headers={"X-Robots-Tag": "noindex"},
        links=Links(asked=Asked(language="en"), other_language="/"),
        title=document["info"]["title"],
        description=document["info"]["description"],
        groups=groups_of(document, base=public_base(request, puls)),
        stream=[
            (name, " ".join((shape.__doc__ or "").split()), shape.model_fields.keys())
            for name, shape in STREAM_EVENTS.items()
        ],
    )
