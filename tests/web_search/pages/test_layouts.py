"""Which part of a page is about which event and day: lists, cards, tables, headings, lines in bold, what stands beside."""

import pytest
from tests.web_search.pages.judged import shown, status_on

from puls.web_search.values import WebStatus

ROWS = (
    ("Alpha Bravo", "11 décembre 2026", "", "2026-12-11", WebStatus.UNKNOWN),
    ("Delta Fox", "12 décembre 2026", "Complet", "2026-12-12", WebStatus.FULL),
    ("Golf Hotel", "13 décembre 2026", "Annulé", "2026-12-13", WebStatus.CANCELLED),
    ("India Juliet", "14 décembre 2026", "Reporté", "2026-12-14", WebStatus.POSTPONED),
)
LISTS = {
    "items": ("<ul>", "<li>{d} – {t} – {s}</li>", "</ul>"),
    "lines of paragraphs": ("", "<p><strong>{t}</strong><br>{d} 20h<br>{s}</p>", ""),
    "flat paragraphs": ("", "<p><strong>{t}</strong></p><p>{d}</p><p>{s}</p>", ""),
    "flat headings": ("", "<h3>{t}</h3><p>{d}</p><p>{s}</p>", ""),
    "badges first": ("", "<div class=c><span class=b>{s}</span><h3>{t}</h3><p>{d}</p></div>", ""),
    "cards": (
        "",
        "<div class=card><div class=t>{t}</div><div class=d>{d}</div><div class=s>{s}</div></div>",
        "",
    ),
    "links as cards": (
        "",
        "<a href=x class=card><span class=t>{t}</span><span class=d>{d}</span><em>{s}</em></a>",
        "",
    ),
    "table": (
        "<table><tr><th>Date</th><th>Spectacle</th><th></th></tr>",
        "<tr><td>{d}</td><td>{t}</td><td>{s}</td></tr>",
        "</table>",
    ),
    "definitions by title": ("<dl>", "<dt>{t}</dt><dd>{d} {s}</dd>", "</dl>"),
    "definitions by day": ("<dl>", "<dt>{d}</dt><dd>{t}</dd><dd>{s}</dd>", "</dl>"),
    "same container": ("", "<div class=ev><h4>{t}</h4><div>{s}</div></div>", ""),
    "sections": (
        "",
        "<section><header><h2>{t}</h2></header><div><p>{d}</p></div><div><span>{s}</span></div></section>",
        "",
    ),
    "before links": ("<ul>", "<li><em>{s}</em> <a href=x>{t}</a> <time>{d}</time></li>", "</ul>"),
    "preformatted": ("<pre>", "{d}  {t}  {s}\n", "</pre>"),
    "days as headings": ("", "<h3>{d}</h3><p>{t} — {s}</p>", ""),
}
DATES = {
    "items": "<ul><li>Ven. 11 déc. à 20h – complet</li><li>Sam. 12 déc. à 20h</li><li>Dim. 13 déc. à 16h – annulé</li></ul>",
    "flat": "<p>Vendredi 11 décembre 20h</p><p>Complet</p><p>Samedi 12 décembre 20h</p><p>Réserver</p><p>Dimanche 13 décembre 16h</p><p>Annulé</p>",
    "definitions": "<dl><dt>11 décembre</dt><dd>Complet</dd><dt>12 décembre</dt><dd>Réserver</dd><dt>13 décembre</dt><dd>Annulé</dd></dl>",
    "columns": "<table><tr><th>11 décembre</th><th>12 décembre</th><th>13 décembre</th></tr><tr><td>Complet</td><td>Réserver</td><td>Annulé</td></tr></table>",
    "rows": "<div class=r><div>11/12/2026</div><div>20h</div><div>Complet</div></div><div class=r><div>12/12/2026</div><div>20h</div><div>Réserver</div></div>"
    "<div class=r><div>13/12/2026</div><div>16h</div><div>Annulé</div></div>",
    "prose": "<p>La représentation du 11 décembre est complète. Il reste des places pour le 12 décembre. Celle du 13 décembre est annulée.</p>",
    "one line": "<p>11 décembre (complet), 12 décembre, 13 décembre (annulé)</p>",
}
BESIDE = {
    "see also": "<section><h3>À voir également</h3><div class=c>Autre chose 12 décembre Annulé</div></section>",
    "a box without heading": "<div class=rel><p>Atelier terre</p><p>12 décembre</p><p>Complet</p></div>",
    "cards": "<div class=g><div class=c><h3>Brume</h3><p>12 décembre</p><span>Annulé</span></div></div>",
    "banner": "<div class=alert>Le concert de Brume prévu le 12 décembre est annulé.</div>",
    "list": "<ul><li>Brume – 12 décembre – annulé</li><li>Rose – 19 décembre</li></ul>",
    "news": "<h2>Actualités</h2><p>Le salon du livre est reporté.</p>",
    "next": "<p>Prochain rendez-vous : « Rose », le 19 décembre (complet)</p>",
    "conditions": "<h3>Conditions</h3><p>Aucun billet n'est repris, sauf en cas d'annulation ou de report du spectacle par l'organisateur.</p>",
    "quotation": "<blockquote>Complet ! Un spectacle total.</blockquote>",
}


@pytest.mark.parametrize("name", LISTS)
def test_each_event_of_a_list_has_the_status_of_its_own_part(name: str) -> None:
    """The worst that a list can do is to lend one evening's « annulé » to the next."""
    before, row, after = LISTS[name]
    rows = "".join(row.format(t=title, d=day, s=status) for title, day, status, _, _ in ROWS)
    page = shown("Programme", f"<h1>Programme</h1>{before}{rows}{after}")
    assert [status_on(page, title, day) for title, _, _, day, _ in ROWS] == [one[4] for one in ROWS]


@pytest.mark.parametrize("name", DATES)
def test_each_date_of_an_event_has_its_own_status(name: str) -> None:
    """One evening sold out is not the run."""
    page = shown(
        "Vent debout",
        f"<h1>Vent debout</h1><p>Du 11 au 13 décembre 2026</p><h2>Réserver</h2>{DATES[name]}",
    )
    said = [status_on(page, "Vent debout", f"2026-12-{day}") for day in (11, 12, 13)]
    assert said[0] is WebStatus.FULL
    assert said[1] in {WebStatus.UNKNOWN, WebStatus.SCHEDULED}
    assert said[2] is WebStatus.CANCELLED


def test_one_of_two_performances_of_a_day_is_not_the_day() -> None:
    """The evening may be free where the matinee is full."""
    line = (
        "<h1>Vent debout</h1><ul><li>12 décembre 15h – complet</li><li>12 décembre 20h{}</li></ul>"
    )
    open_, full = (shown("Vent debout", line.format(one)) for one in ("", " – complet"))
    assert status_on(open_, "Vent debout", "2026-12-12") is WebStatus.UNKNOWN
    assert status_on(full, "Vent debout", "2026-12-12") is WebStatus.FULL


@pytest.mark.parametrize("name", BESIDE)
def test_what_stands_beside_an_event_says_nothing_of_it(name: str) -> None:
    """Most pages speak of other events too."""
    body = (
        "<h1>Vent debout</h1><p>Samedi 12 décembre 2026 à 20h30</p><p>Un solo.</p>{}" + BESIDE[name]
    )
    assert (
        status_on(shown("Vent debout", body.format("")), "Vent debout", "2026-12-12")
        is WebStatus.UNKNOWN
    )
    assert (
        status_on(
            shown("Vent debout", body.format("<p><strong>COMPLET</strong></p>")),
            "Vent debout",
            "2026-12-12",
        )
        is WebStatus.FULL
    )
