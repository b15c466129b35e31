"""What browsers and search engines ask for at fixed addresses. Enter at `router`."""

import hashlib
import json
from functools import cache
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response

from puls.errors import NotFoundError
from puls.phrasing import Language
from puls.ui.app.sitemap import Sitemap
from puls.ui.links import Asked, Links
from puls.ui.public_address import public_base
from puls.ui.rendering import page
from puls.ui.requests import TheMoment, ThePuls, limited, search_place
from puls.ui.static_files import own_folder, static_url
from puls.ui.texts import texts

router = APIRouter(include_in_schema=False)

THEME: Final = {"light": "#faf8f5", "dark": "#131118"}
"""`--paper` of base.css, which colours the bar around the page."""
_A_DAY: Final = "public, max-age=86400"
_AN_HOUR: Final = "public, max-age=3600"
_OFFLINE_FILES: Final = ("base.css", "pages.css", "cards.css", "talk.css", "print.css", "offline.js", "app.js", "icon.svg")  # fmt: skip
_NOT_FOR_ENGINES: Final = ("/v1/", "/c/", "/moi", "/recherches/", "/courrier/", "/partage", "/evenement/*/reserver", "/ops", "/hors-ligne", "/chat")  # fmt: skip


@router.get("/manifest.webmanifest")
async def manifest(lang: Annotated[Language, Query()] = "fr") -> JSONResponse:
    """How a browser installs Puls as an app."""
    words = texts(lang)
    suffix = "?lang=en" if lang == "en" else ""
    icons = [
        {"src": static_url(name), "sizes": sizes, "type": kind, "purpose": purpose}
        for name, sizes, kind, purpose in (
            ("icon.svg", "any", "image/svg+xml", "any"),
            ("icon-192.png", "192x192", "image/png", "any"),
            ("icon-512.png", "512x512", "image/png", "any"),
            ("icon-maskable-512.png", "512x512", "image/png", "maskable"),
        )
    ]
    body = {
        "id": "/",
        "name": f"Puls, {words['tagline']}",
        "short_name": "Puls",
        "description": words["home_lead"],
        "lang": lang,
        "dir": "ltr",
        "start_url": f"/{suffix}",
        "scope": "/",
        "display": "standalone",
        "theme_color": THEME["light"],
        "background_color": THEME["light"],
        "categories": ["entertainment", "lifestyle"],
        "icons": icons,
        "shortcuts": [{"name": words["me"], "url": f"/moi{suffix}"}],
    }
    return JSONResponse(
        body, media_type="application/manifest+json", headers={"Cache-Control": _A_DAY}
    )


@router.get("/sw.js")
async def service_worker() -> Response:
    """The service worker; its text names the version, so that a new one throws old pages away."""
    return Response(
        _service_worker(),
        media_type="text/javascript; charset=utf-8",
        headers={"Cache-Control": "no-cache"},
    )


@cache
def _service_worker() -> bytes:
    words = {language: texts(language)["offline_banner"] for language in ("fr", "en")}
    shell = ["/hors-ligne", "/hors-ligne?lang=en", *map(static_url, _OFFLINE_FILES)]
    told = {"version": _version(), "shell": shell, "banner": words}
    script = (own_folder() / "sw.js").read_text(encoding="utf-8")
    return f"const PULS = {json.dumps(told, ensure_ascii=False)};\n{script}".encode()


@cache
def _version() -> str:
    """Changes with every file of the page: scripts, styles, templates, words."""
    content = hashlib.blake2b(digest_size=6)
    for file in sorted(own_folder().parent.rglob("*")):
        if file.suffix in {".js", ".css", ".html", ".toml", ".svg"}:
            content.update(file.read_bytes())
    return content.hexdigest()


@router.get("/hors-ligne", response_class=HTMLResponse)
async def offline(lang: Annotated[Language | None, Query()] = None) -> HTMLResponse:
    """What a device without a line shows: what it kept itself. Holds nothing of anybody."""
    language: Language = lang or "fr"
    other = "/hors-ligne" if language == "en" else "/hors-ligne?lang=en"
    return page(
        "returning/offline.html",
        language=language,
        headers={"X-Robots-Tag": "noindex", "Cache-Control": "no-cache"},
        links=Links(asked=Asked(language=lang), other_language=other),
    )


@router.get("/favicon.ico")
async def favicon() -> FileResponse:
    """For whoever does not read the page's `link`."""
    return FileResponse(
        own_folder() / "favicon.ico",
        media_type="image/vnd.microsoft.icon",
        headers={"Cache-Control": _A_DAY},
    )


@router.get("/robots.txt")
async def robots(request: Request, puls: ThePuls) -> Response:
    """Events may be read; what is somebody's own, and answers made for a question, not."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in _NOT_FOR_ENGINES),
        "Disallow: /?q=",
        f"Sitemap: {public_base(request, puls)}/sitemap.xml",
    ]
    return Response(
        "\n".join(lines) + "\n", media_type="text/plain", headers={"Cache-Control": _AN_HOUR}
    )


_LIMITED = [Depends(search_place), Depends(limited("request"))]


@router.get("/sitemap.xml", dependencies=_LIMITED)
async def sitemap_index(request: Request, puls: ThePuls, now: TheMoment) -> Response:
    """The list of sitemap files."""
    sitemap = Sitemap(puls.database, public_base(request, puls))
    return _xml(await sitemap.index(now=now))


@router.get("/sitemap-{number}.xml", dependencies=_LIMITED)
async def sitemap_file(
    number: Annotated[int, Path(ge=1, le=100_000)], request: Request, puls: ThePuls, now: TheMoment
) -> Response:
    """One of them: ten thousand events at most."""
    body = await Sitemap(puls.database, public_base(request, puls)).file(number, now=now)
    if body is None:
        raise NotFoundError("The sitemap ends before this file.")
    return _xml(body)


def _xml(body: str) -> Response:
    return Response(body, media_type="application/xml", headers={"Cache-Control": _AN_HOUR})
