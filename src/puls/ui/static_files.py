"""Files that the browser fetches: our own, and those of Leaflet from its packages. All are served by Puls.

An address that names a version never changes its content and may be kept for a year; any other is asked again.
"""

import hashlib
from collections.abc import MutableMapping
from functools import cache
from importlib import metadata, resources
from pathlib import Path
from typing import Any

from starlette.responses import Response
from starlette.staticfiles import StaticFiles

_PACKAGES = {
    "leaflet": ("xstatic.pkg.leaflet", "XStatic-Leaflet"),
    "leaflet_markercluster": ("xstatic.pkg.leaflet_markercluster", "XStatic-Leaflet-MarkerCluster"),
}
_KEPT = "public, max-age=31536000, immutable"
_ASKED_AGAIN = "no-cache"


class VersionedFiles(StaticFiles):
    """Static files with the caching that their address allows."""

    async def get_response(self, path: str, scope: MutableMapping[str, Any]) -> Response:
        response = await super().get_response(path, scope)
        is_versioned = b"v=" in scope.get("query_string", b"")
        response.headers["Cache-Control"] = _KEPT if is_versioned else _ASKED_AGAIN
        return response


def own_folder() -> Path:
    """Where our own files lie."""
    return Path(str(resources.files("puls.ui").joinpath("static")))


def package_folders() -> dict[str, Path]:
    """Short name → folder of each package's files."""
    return {
        name: Path(str(resources.files(module).joinpath("data")))
        for name, (module, _) in _PACKAGES.items()
    }


@cache
def static_url(name: str) -> str:
    """The address of a file of ours; it changes with the content, so that none is ever stale."""
    content = (own_folder() / name).read_bytes()
    return f"/static/{name}?v={hashlib.blake2b(content, digest_size=4).hexdigest()}"


@cache
def package_url(package: str, name: str) -> str:
    """The address of a package's file; it changes with the package."""
    _, distribution = _PACKAGES[package]
    return f"/static/packages/{package}/{name}?v={metadata.version(distribution)}"
