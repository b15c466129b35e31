"""The map beside the cards: two views of the same events, whatever the network does to its background."""

import base64
import re

from playwright.sync_api import Locator, Page, expect
from tests.browser.conversing import answered, chips, say, titles
from tests.browser.served import embedder, serving, settings_of
from tests.browser.visits import PHONE, Visits

from puls.geo.gazetteer import Gazetteer

TILES = re.compile(r"https://data\.geopf\.fr/")
ONE_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
QUESTION = "concert à moins de 40 km de Grenoble"


def pins(page: Page) -> Locator:
    return page.locator(".leaflet-marker-icon.pin:not(.pin-group)")


def test_a_card_lifts_its_pin_and_a_pin_its_card(visit: Visits) -> None:
    """« Where is that? » and « what is there? » are answered by pointing."""
    page = visit()
    turn = say(page, QUESTION)
    expect(pins(page).first).to_be_visible()
    number = pins(page).first.inner_text()
    card = turn.locator(f".card[data-number='{number}']")
    card.hover()
    picked = page.locator(".pin.is-picked")
    expect(picked).to_have_text(number)

    page.locator(".masthead").hover()
    other = pins(page).nth(1) if pins(page).count() > 1 else pins(page).first
    number = other.inner_text()
    other.click()
    card = turn.locator(f".card[data-number='{number}']")
    expect(card).to_have_class(re.compile("is-picked"))
    expect(card.locator("h3 a")).to_be_focused()
    expect(card).to_be_in_viewport()


def test_every_placed_card_is_on_the_map_once(visit: Visits) -> None:
    """A pin alone, or counted in a group."""
    page = visit()
    turn = say(page, QUESTION)
    expect(page.locator(".leaflet-marker-icon").first).to_be_visible()
    alone = pins(page).count()
    grouped = sum(
        int(words.removesuffix("+")) for words in page.locator(".pin-group").all_inner_texts()
    )
    assert alone + grouped == turn.locator(".card[data-lat]").count()


def test_without_its_background_the_map_still_shows_where(visit: Visits) -> None:
    """Tiles come from elsewhere and may not come at all; pins, a sentence and « chercher ici » stay."""
    page = visit()
    say(page, QUESTION)
    expect(page.locator(".map-said")).to_be_visible()
    expect(page.locator(".map-said")).to_contain_text("fond de carte")
    expect(page.locator(".leaflet-marker-icon").first).to_be_visible()


def test_with_its_background_the_map_names_who_made_it(visit: Visits) -> None:
    """Attribution is the price of the tiles."""
    context = visit.context()
    context.route(TILES, lambda route: route.fulfill(body=ONE_PIXEL, content_type="image/png"))
    page = visit(within=context)
    say(page, QUESTION)
    expect(page.locator(".leaflet-tile-loaded").first).to_be_attached()
    expect(page.locator(".map-said")).to_be_hidden()
    credit = page.locator(".leaflet-control-attribution a", has_text="IGN")
    expect(credit).to_have_attribute("href", "https://geoservices.ign.fr/")


def test_a_map_without_a_background_has_its_pins(
    visit: Visits, sample_database: str, gazetteer: Gazetteer
) -> None:
    """`PULS_MAP_TILES=none` fetches nothing from anywhere."""
    settings = settings_of(sample_database, map_tiles="none")
    with serving(sample_database, gazetteer, embedder=embedder(), settings=settings) as bare:
        page = visit(at=bare.url)
        say(page, QUESTION)
        expect(page.locator(".leaflet-marker-icon").first).to_be_visible()
        expect(page.locator(".map-said")).to_be_hidden()
        expect(page.locator(".leaflet-control-attribution")).to_have_count(0)
        page.close()


def test_a_piece_of_the_map_is_searched_by_moving_there(visit: Visits) -> None:
    """« Chercher dans cette zone » keeps the wish and takes the place from the map."""
    page = visit()
    turn = say(page, QUESTION)
    expect(page.locator(".leaflet-marker-icon").first).to_be_visible()
    page.wait_for_timeout(600)  # the map settles on its pins
    expect(page.locator("[data-search-area]")).to_be_hidden()
    drag(page.locator(".map"), by=(-180, 40))
    page.locator("[data-search-area]").click()
    moved = answered(page, 2)
    understood = " ".join(chips(moved))
    assert "zone de la carte" in understood
    assert "oncert" in understood
    assert "Grenoble" not in understood
    assert titles(moved) or moved.locator(".offers a, .answer p").count()
    assert titles(turn)


def test_on_a_phone_the_map_is_one_tap_away_and_one_tap_back(visit: Visits) -> None:
    """A half-height sheet under the list; the focus goes along, and a pin shows its event before one goes there."""
    page = visit(viewport=PHONE, has_touch=True)
    turn = say(page, QUESTION)
    expect(page.locator(".map-panel")).to_be_hidden()
    turn.locator("[data-open-map]").click()
    expect(pins(page).first).to_be_visible()
    expect(page.locator("[data-close-map]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".map-panel")).to_be_hidden()
    expect(turn.locator("[data-open-map]")).to_be_focused()

    turn.locator("[data-open-map]").click()
    number = pins(page).first.inner_text()
    pins(page).first.tap()
    preview = page.locator("[data-preview] .card")
    expect(preview).to_have_attribute("data-number", number)
    card = turn.locator(f".card[data-number='{number}']")
    expect(card).to_be_in_viewport()
    expect(card).to_have_class(re.compile("is-picked"))
    preview.locator("h3 a").tap()
    page.wait_for_url("**/evenement/*")


def test_a_position_is_asked_for_rounded_and_only_on_request(visit: Visits) -> None:
    """Coarse, in the page's memory only: nothing in the address, nothing before the tap."""
    context = visit.context(
        geolocation={"latitude": 45.188529, "longitude": 5.724524}, permissions=["geolocation"]
    )
    page = visit(within=context)
    bodies: list[str] = []
    page.on("request", lambda request: bodies.append(request.post_data or ""))
    page.locator("[data-near-me]").click()
    expect(page.locator("[data-ask-said]")).to_contain_text("arrondie")
    near = answered(page, 1)
    assert any('"lat":45.189,"lon":5.725' in body for body in bodies)
    assert not any("45.1885" in body for body in bodies)
    assert "lat" not in page.url
    expect(near.locator(".card .distance").first).to_be_visible()


def drag(map_: Locator, *, by: tuple[int, int]) -> None:
    box = map_.bounding_box()
    assert box is not None
    # Beside the middle: pins and the buttons are there.
    x, y = box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.25
    mouse = map_.page.mouse
    mouse.move(x, y)
    mouse.down()
    for step in (1, 2, 3):
        mouse.move(x + by[0] * step / 3, y + by[1] * step / 3)
    mouse.up()
