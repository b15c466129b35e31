"""Puls as an app and for search engines: what browsers and crawlers ask for at fixed addresses."""

import json
import re
from xml.etree import ElementTree as ET

import httpx
import pytest
from tests.serving import NOW, an_event, app_over, puls_over, save, visiting

from puls.catalogue.event import Attribution
from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.ingestion.sample import SAMPLE_MARK
from puls.settings import Settings
from puls.ui.app import sitemap

SPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


async def test_the_manifest_names_icons_that_exist(client: httpx.AsyncClient) -> None:
    """What Chromium wants before it offers to install: a name, a start, icons of 192 and 512 and a maskable one."""
    answer = await client.get("/manifest.webmanifest")
    assert answer.headers["content-type"] == "application/manifest+json"
    manifest = answer.json()
    assert (manifest["start_url"], manifest["display"], manifest["lang"]) == (
        "/",
        "standalone",
        "fr",
    )
    assert {icon["sizes"] for icon in manifest["icons"]} >= {"192x192", "512x512"}
    assert "maskable" in {icon["purpose"] for icon in manifest["icons"]}
    for icon in manifest["icons"]:
        file = await client.get(icon["src"])
        assert (file.status_code, file.headers["content-type"]) == (200, icon["type"])
    assert (await client.get("/manifest.webmanifest?lang=en")).json()["start_url"] == "/?lang=en"


async def test_the_service_worker_names_a_version_and_files_that_exist(
    client: httpx.AsyncClient,
) -> None:
    """One file that is missing, and no browser installs it."""
    answer = await client.get("/sw.js")
    assert answer.headers["cache-control"] == "no-cache"
    told = json.loads(re.search(r"^const PULS = (.*);$", answer.text, re.MULTILINE)[1])  # type: ignore[index]
    assert re.fullmatch(r"[0-9a-f]{12}", told["version"])
    for address in told["shell"]:
        assert (await client.get(address)).status_code == 200, address
    policy = answer.headers["content-security-policy"]
    assert "worker-src 'self'" in policy
    assert "manifest-src 'self'" in policy


async def test_the_offline_page_holds_nothing_of_anybody(client: httpx.AsyncClient) -> None:
    page = await client.get("/hors-ligne")
    assert page.status_code == 200
    assert "set-cookie" not in page.headers
    assert "Hors ligne" in page.text


async def test_the_icon_of_old_browsers_is_an_icon(client: httpx.AsyncClient) -> None:
    content = (await client.get("/favicon.ico")).content
    assert content[:4] == b"\x00\x00\x01\x00"
    assert b"\x89PNG" in content


async def test_robots_may_read_events_and_nobodys_own(client: httpx.AsyncClient) -> None:
    rules = (await client.get("/robots.txt")).text.splitlines()
    assert "Disallow: /c/" in rules
    assert "Disallow: /moi" in rules
    assert "Disallow: /evenement/*/reserver" in rules, "only the way out to a booking is closed"
    assert [rule for rule in rules if "/evenement" in rule] == ["Disallow: /evenement/*/reserver"]
    assert any(rule.startswith("Sitemap: http") for rule in rules)


async def test_the_sitemap_lists_events_to_come_page_by_page(
    database: Database, gazetteer: Gazetteer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Invented and removed events are in no search engine."""
    monkeypatch.setattr(sitemap, "PER_FILE", 2)
    invented = Attribution(source="sample", agenda_title=f"Le fil {SAMPLE_MARK}", licence="MIT")
    events = [an_event(uid, duplicate_key=uid, series_key=uid) for uid in ("1", "a&b", "3", "4")]
    await save(database, [*events, an_event("9", attribution=invented)])
    async with database.transaction() as connection:
        await puls_over(database, gazetteer).catalogue.remove(connection, "test", ["4"], now=NOW)
    settings = Settings(public_url="https://puls.test")
    async with visiting(app_over(puls_over(database, gazetteer, settings=settings))) as client:
        index = ET.fromstring((await client.get("/sitemap.xml")).content)
        files = [node.text or "" for node in index.findall("s:sitemap/s:loc", SPACE)]
        assert files == ["https://puls.test/sitemap-1.xml", "https://puls.test/sitemap-2.xml"]
        found = []
        for file in files:
            urls = ET.fromstring((await client.get(file)).content)
            found += [node.text for node in urls.findall("s:url/s:loc", SPACE)]
        assert (await client.get("/sitemap-3.xml")).status_code == 404
    assert found[0] == "https://puls.test/"
    listed = {f"https://puls.test/evenement/{uid}" for uid in ("1", "a%26b", "3")}
    assert set(found[1:]) == listed
    assert len(found) == 4
