"""A visitor hears the answer of a model, and nothing of what it said to itself before."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puls.llm.thoughts import Habit, ThoughtAloudError, Voice

SECRET = "Je dois choisir parmi les fiches, la première sans doute"
ANSWER = "Samedi à 20 h 30, le concert de jazz manouche [1] vous attend. Et [dimanche](https://x.fr) aussi."

MARKED = [
    "<think>{t}</think>\n\n{a}",
    "<think>\n{t}\n</think>{a}",
    "<THINK>{t}</THINK> {a}",
    "< think >{t}< /think >{a}",
    '<think time="3">{t}</think>{a}',
    "<thinking>{t}</thinking>{a}",
    "<thought>{t}</thought>{a}",
    "<reasoning>{t}</reasoning>{a}",
    "<reflection>{t}</reflection>{a}",
    "<scratchpad>{t}</scratchpad>{a}",
    "<seed:think>{t}</seed:think>{a}",
    "&lt;think&gt;{t}&lt;/think&gt;{a}",
    "[THINK]{t}[/THINK]{a}",
    "◁think▷{t}◁/think▷{a}",
    "<|begin_of_thought|>{t}<|end_of_thought|>{a}",
    "<|channel|>analysis<|message|>{t}<|end|><|start|>assistant<|channel|>final<|message|>{a}",
    "analysis{t}.assistantfinal{a}",
    "<unused94>thought\n{t}<unused95>{a}",
    "```thinking\n{t}\n```\n{a}",
    '<details type="reasoning" done="true">{t}</details>{a}',
    "<think>{t} <think>{t}</think> {t}</think>{a}",
    "<think></think>{a}",
    "<think>{t}</think><think>{t}</think>{a}",
    "<think>{t} </thinking>{a}",
    "Thought: {t}\n\nFinal answer: {a}",
    "**Réflexion :** {t}\n\n**Réponse :** {a}",
    "Here is my thought process:\n{t}\nHere is my response:\n{a}",
]
ALOUD = [
    "{t}</think>\n\n{a}",
    "{t}. Voyons. {t}\n</think>{a}",
    "{t}[/THINK]{a}",
    "{t}◁/think▷{a}",
    "{t}</think>{t}</think>{a}",
    "{t}<|end_of_thought|>{a}",
]
UNFINISHED = [
    "<think>{t}",
    "<think>{t}</thin",
    "<|channel|>analysis<|message|>{t}",
    "[THINK]{t}",
    "Thought: {t}",
]


def told(text: str, *, habit: Habit = Habit.UNKNOWN, seed: int = 0) -> tuple[str, Voice]:
    """What a visitor hears of a text that comes in pieces."""
    voice, heard, place = Voice(habit), "", 0
    sizes = random.Random(seed)
    while place < len(text):
        size = sizes.randint(1, 9) if seed else len(text)
        heard += voice.feed(text[place : place + size])
        place += size
    return heard + voice.end(), voice


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("form", [*MARKED, *ALOUD])
@pytest.mark.parametrize("habit", [Habit.UNKNOWN, Habit.MARKED, Habit.ALOUD])
def test_no_thought_is_told_however_it_is_marked_and_cut(
    form: str, habit: Habit, seed: int
) -> None:
    """K7: « Je dois choisir parmi les fiches. … C'est sans doute le mieux. »"""
    if habit is Habit.ALOUD and "</think>" not in form:
        return  # who thinks aloud does so always
    heard, _ = told(form.format(t=SECRET, a=ANSWER), habit=habit, seed=seed)
    assert heard.strip() == ANSWER


@pytest.mark.parametrize("form", UNFINISHED)
def test_a_thought_that_never_ends_is_nothing(form: str) -> None:
    """The model ran out of tokens while it thought: the writer answers instead."""
    assert told(form.format(t=SECRET), seed=3)[0].strip() == ""
    assert told(SECRET, habit=Habit.ALOUD)[0] == ""


def test_who_answers_straight_is_heard_at_once_the_second_time() -> None:
    """Perceived speed: the first word matters, once it is known that it is no thought."""
    first = Voice(Habit.UNKNOWN)
    assert first.feed(ANSWER) == ""
    assert first.end() == ANSWER
    assert first.next_habit is Habit.STRAIGHT
    second = Voice(first.next_habit)
    assert second.feed(ANSWER[:40]) == ANSWER[:40]


def test_who_thinks_between_marks_is_heard_as_soon_as_the_answer_begins() -> None:
    voice = Voice(Habit.MARKED)
    assert voice.feed(f"<think>{SECRET}") == ""
    assert voice.feed("</think>") == ""
    assert voice.feed(ANSWER[:40]).strip() == ANSWER[:40]


def test_who_once_thought_aloud_is_never_believed_again() -> None:
    _, voice = told(f"{SECRET}</think>{ANSWER}")
    assert voice.next_habit is Habit.ALOUD
    assert Voice(Habit.ALOUD).feed(SECRET) == ""


def test_a_straight_model_that_begins_to_think_is_stopped() -> None:
    """At most what sounded like an answer was told; a beginning that sounds like a thought is held."""
    voice = Voice(Habit.STRAIGHT)
    voice.feed(ANSWER)
    with pytest.raises(ThoughtAloudError):
        voice.feed("</think>")
    held = Voice(Habit.STRAIGHT)
    assert held.feed(f"{SECRET}. ") == ""
    assert (held.feed(f"</think>{ANSWER}") + held.end()).strip() == ANSWER


@given(
    st.text(alphabet=st.characters(blacklist_characters="<[◁&＜`|"), max_size=300),
    st.integers(1, 50),
)
def test_what_has_no_mark_is_told_as_it_is(text: str, seed: int) -> None:
    """Nothing of an honest answer is lost."""
    heard, _ = told(f"Bonsoir ! {text}", seed=seed)
    assert heard == f"Bonsoir ! {text}"


@pytest.mark.parametrize(
    "text",
    [
        "Le [1] et le [2].",
        "a < b et b > a",
        "Prix : 5 & 6 €",
        "`code`",
        "Penser : une exposition",
        "[voir](https://x.fr)",
        "Il pense <3 à vous",
    ],
)
def test_marks_that_are_none_stay(text: str) -> None:
    for seed in range(3):
        assert (
            told(f"Voici ce soir à Lyon : {text}", seed=seed)[0] == f"Voici ce soir à Lyon : {text}"
        )


def test_tokens_of_a_template_are_no_words() -> None:
    heard, _ = told(f"{ANSWER}<|im_end|></s>", seed=2)
    assert heard == ANSWER
