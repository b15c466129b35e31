"""Debian's Chromium, without anything that would reach for the network by itself."""

import shutil

from playwright.sync_api import Browser, Playwright

_QUIET = (
    "--no-sandbox",  # CI and containers run as root
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # what is not ours is out of reach
)


def launched(playwright: Playwright) -> Browser:
    """The machine's own browser; Playwright's are never downloaded."""
    path = shutil.which("chromium")
    assert path is not None, "install Chromium: apt-get install chromium"
    return playwright.chromium.launch(executable_path=path, args=list(_QUIET))
