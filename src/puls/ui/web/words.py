"""A look on the web in words: while it goes on, and what came of it. Pure."""

from puls.phrasing import Language
from puls.ui.texts import texts
from puls.web_search.counting import UNSEEN
from puls.web_search.looking import Step
from puls.web_search.values import Looked, Outcome


def step_words(step: Step, *, done: int, of: int, language: Language) -> str:
    """« Je lis jazz.example… », while the visitor waits. `done`: events checked so far, `of` as many."""
    words = texts(language)
    place = f"{words['web_on']} {step.host}" if step.host else words["web_somewhere"]
    match step.doing:
        case "searching":
            return words["web_searching"]
        case "reading":
            return f"{words['web_reading']} {step.host}…"
        case "checked":
            return words["web_checked"].format(done=done, of=of, place=place)
        case _:
            name = "web_checking_one" if step.number == 1 else "web_checking"
            return words[name].format(number=step.number, place=place)


def seen_words(looked: Looked, language: Language) -> str:
    """What was seen, in a few words for a screen reader; empty when nothing was."""
    words = texts(language)
    outcomes = [check.outcome for check in looked.checks if check.outcome not in UNSEEN]
    checked = len(outcomes)
    news = sum(outcome is not Outcome.CONFIRMED for outcome in outcomes)
    said = []
    if checked:
        name = "web_said_news" if news else "web_said_checked"
        said.append(words[name].format(number=checked, news=news))
    if looked.events:
        said.append(words["web_said_events"].format(number=len(looked.events)))
    return " ".join(said)
