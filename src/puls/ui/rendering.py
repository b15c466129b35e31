"""Templates into pages and pieces of pages: autoescaped, strict about names."""

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from puls.phrasing import Language, fine, sentence
from puls.ui.static_files import package_url, static_url
from puls.ui.texts import examples, texts
from puls.ui.turns import TurnView

_WORDS_OF_SCRIPTS = (
    "searching", "writing", "lost", "lost_for_good", "offline", "retry", "too_many", "unavailable", "not_understood",
    "gone_conversation", "not_saved", "thanks", "agreed", "refused", "shared", "near_me_question", "near_me_waiting",
    "near_me_refused", "position_on", "map_failed", "saved", "erased", "see_on_map", "suggestions",
    "suggestions_said",
    "speak", "speak_sure", "speak_yes", "cancel", "speak_listening", "speak_failed", "copy_answer", "copied", "edit_message", "keep_search",
)  # fmt: skip
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
        t=texts(language),
        language=language,
        script_words=script_words(language),
        **{"examples": examples(language), **values},
    )
    return HTMLResponse(
        body,
        status_code=status,
        headers={
            "Content-Language": language,
            "Vary": "Accept-Language, Cookie",
            **(headers or {}),
        },
    )


def fragment(template: str, *, language: Language, **values: Any) -> str:
    """A piece of a page, by the same templates."""
    return _TEMPLATES.get_template(template).render(t=texts(language), language=language, **values)


def script_words(language: Language) -> dict[str, str]:
    """The fixed words that scripts say."""
    return {name: texts(language)[name] for name in _WORDS_OF_SCRIPTS}


_TEMPLATES.globals |= {
    "static_url": static_url,
    "package_url": package_url,
    "blank_turn": TurnView(text=""),
}
