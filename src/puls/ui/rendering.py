"""Templates into pages: autoescaped, strict about names, static files addressed by content."""

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from puls.phrasing import Language, fine, sentence
from puls.ui.texts import examples, texts

_TEMPLATES = Environment(
    loader=PackageLoader("puls.ui"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters |= {"sentence": sentence, "fine": fine}


def page(
    template: str,
    *,
    language: Language,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> HTMLResponse:
    """The template's page in one language."""
    body = _TEMPLATES.get_template(template).render(
        t=texts(language), language=language, examples=examples(language), **values
    )
    return HTMLResponse(
        body, status_code=status, headers={"Content-Language": language, **(headers or {})}
    )


@cache
def static_url(name: str) -> str:
    """The address of a static file; it changes with the content, so that none is ever stale."""
    content = resources.files("puls.ui").joinpath("static", name).read_bytes()
    return f"/static/{name}?v={hashlib.blake2b(content, digest_size=4).hexdigest()}"


_TEMPLATES.globals["static_url"] = static_url
