"""The assistant in a page of another site: what it does there, and what it tells that site's webmaster."""

import json

from playwright.sync_api import expect
from tests.browser.conversing import answered, chips, say, titles
from tests.browser.served import Served
from tests.browser.visits import Visits
from tests.browser.widget.embedding import WIDGET, Embedded, kept, looks
from tests.browser.widget.site import Site, open_site


def test_a_visitor_asks_and_asks_on_without_leaving_the_site(
    embedded: Embedded, puls: Served
) -> None:
    """The whole product, in somebody else's page; no cookie, and nothing kept before the first word."""
    page = embedded()
    assert kept(page) == {}
    assert puls.rows("SELECT 1 FROM conversation") == []

    first = say(page, "concert samedi soir à Lyon")
    assert len(titles(first)) == 5
    assert "Lyon" in " ".join(chips(first))
    assert first.locator(".answer a").count() > 0
    follow_up = say(page, "et gratuit ?")
    assert {"Lyon", "gratuit"} <= {chip.split(" (")[0] for chip in chips(follow_up)}

    assert page.url.startswith(embedded.site.url)
    assert page.context.cookies() == []
    (memory,) = kept(page).values()
    assert json.loads(memory).keys() == {"token", "conversation"}
    assert page.evaluate("localStorage.length") == 0


def test_chips_and_thumbs_work_as_on_the_page(embedded: Embedded, puls: Served) -> None:
    """The same pieces, the same modules."""
    page = embedded()
    turn = say(page, "concert gratuit à Lyon")
    turn.locator("[data-without=free]").click()
    changed = answered(page, 2)
    changed.locator(".menu summary").first.click()
    changed.locator("[data-thumb=down]").first.click()
    expect(changed.locator("[data-thumb=down]").first).to_have_attribute("aria-pressed", "true")
    assert puls.rows("SELECT 1 FROM feedback WHERE uid IS NOT NULL")
    assert (
        page.locator("[data-follow]:visible").count() == 0
    )  # it would be followed by a visitor who soon is no more


def test_links_open_puls_beside_the_site(embedded: Embedded, puls: Served) -> None:
    """Who looks at an event does not lose the page they were reading."""
    page = embedded()
    turn = say(page, "concert samedi soir à Lyon")
    links = page.locator("puls-assistant a[href]")
    for link in links.all():
        assert (link.get_attribute("href") or "").startswith("http"), link.inner_html()
        assert link.get_attribute("target") == "_blank"
        assert "noopener" in (link.get_attribute("rel") or "")
    with page.expect_popup() as opened:
        turn.locator(".card h3 a").first.click()
    assert opened.value.url.startswith(f"{puls.url}/evenement/")
    with page.expect_popup() as opened:
        turn.get_by_role("link", name="Voir sur la carte").click()
    expect(opened.value.locator(".card")).to_have_count(6)
    assert page.url.startswith(embedded.site.url)


def test_the_conversation_lasts_as_long_as_the_tab(embedded: Embedded, puls: Served) -> None:
    """On the site's next page it goes on; another tab is another visitor; erased is erased."""
    page = embedded()
    say(page, "concert samedi soir à Lyon")
    page.goto(embedded.site.url + embedded.site.page(WIDGET))
    expect(page.locator(".turn .card").first).to_be_visible()
    say(page, "et gratuit ?")
    assert "Lyon" in " ".join(chips(page.locator(".turn").last))

    other = embedded.visit(embedded.site.page(WIDGET), at=embedded.site.url, within=page.context)
    expect(other.locator(".welcome")).to_be_visible()
    assert kept(other) == {}

    conversation = json.loads(next(iter(kept(page).values())))["conversation"]
    page.get_by_role("button", name="Effacer et recommencer").click()
    expect(page.locator(".welcome")).to_be_visible()
    assert kept(page) == {}
    assert puls.rows("SELECT 1 FROM conversation WHERE id = %s", conversation) == []
    say(page, "concert samedi soir à Lyon")


def test_what_puls_no_longer_knows_begins_anew(embedded: Embedded) -> None:
    """A token or a conversation that is no more is no reason to fail."""
    page = embedded()
    say(page, "concert samedi soir à Lyon")
    page.evaluate(
        "for (const key of Object.keys(sessionStorage)) sessionStorage[key] = JSON.stringify({token: 'x', conversation: crypto.randomUUID()})"
    )
    page.reload()
    expect(page.locator(".welcome")).to_be_visible()
    assert kept(page) == {}


def test_attributes_say_where_to_begin(embedded: Embedded) -> None:
    """A town's site means its town; nothing is asked before the visitor does."""
    page = embedded(
        '<puls-assistant lang="en" place="Lyon" question="concert tomorrow"></puls-assistant>'
    )
    expect(page.locator("#q")).to_have_value("concert tomorrow")
    expect(page.locator(".welcome-title")).to_have_text("What, where and when?")
    expect(page.locator("[data-near-me]")).to_be_hidden()
    assert kept(page) == {}
    page.locator("#q").press("Enter")
    turn = answered(page, 1)
    assert "Lyon" in " ".join(chips(turn))
    assert "events" in turn.locator(".count").inner_text()
    near = embedded("<puls-assistant near></puls-assistant>")
    expect(near.locator("[data-near-me]")).to_be_visible()


def test_an_organisers_words_are_words(embedded: Embedded) -> None:
    """In card, answer, menu and shared link. A picture that cannot be had leaves no hole."""
    page = embedded()
    turn = say(page, "concert samedi soir à Lyon")
    card = turn.locator('.card[data-uid="odd"]')
    assert "<script>alert(2)</script>" in card.locator("h3").inner_text()
    assert "49" not in card.locator("h3").inner_text()
    assert page.locator("puls-assistant script, puls-assistant img[onerror]").count() == 0
    expect(card.locator("figure")).to_have_count(0)


def test_a_site_that_is_not_listed_is_told_so(puls: Served, visit: Visits) -> None:
    """Its visitors read a sentence with a way on; its webmaster reads what to do."""
    with open_site() as stranger:
        stranger.puls_url = puls.url
        page = visit(stranger.page(WIDGET), at=stranger.url)
        expect(
            page.get_by_text("L’assistant Puls n’est pas disponible sur cette page.")
        ).to_be_visible()
        assert page.get_by_role("link", name="Ouvrir Puls").get_attribute("href") == puls.url
        said = f"does not let pages of {stranger.url} embed the assistant: add this origin to PULS_WIDGET_ORIGINS"
        expect(page.get_by_role("link")).to_have_count(1)
        page.wait_for_timeout(100)
    assert [text for text in visit.problems if said in text]
    assert all(said in text or "CORS policy" in text for text in visit.problems)
    visit.problems.clear()


def test_a_policy_that_forgets_puls_is_told_so(embedded: Embedded) -> None:
    """The other slip of a webmaster."""
    site, visit = embedded.site, embedded.visit
    with open_site() as forgetful:
        forgetful.puls_url, forgetful.connects = site.puls_url, "'self'"
        page = visit(forgetful.page(WIDGET), at=forgetful.url)
        expect(page.get_by_role("link", name="Ouvrir Puls")).to_be_visible()
        page.wait_for_timeout(100)
    assert [
        text
        for text in visit.problems
        if "connect-src of the page's Content-Security-Policy" in text
    ]
    visit.problems.clear()


def test_the_demo_works_as_it_is_written(puls: Served, site: Site, visit: Visits) -> None:
    """What people copy."""
    del puls
    page = visit("/index.html", at=site.url)
    say(page, "concert samedi soir à Lyon")
    page.get_by_role("link", name="Aux couleurs du site").click()
    expect(page.locator(".turn .card").first).to_be_visible()
    assert looks(page.locator(".send"), "backgroundColor") == {"backgroundColor": "rgb(29, 92, 63)"}
