"""Attacks on a conversation that need no real model: the composer, and a server of ours that obeys the attacker.

The attacks and the rules by which one succeeds are those of `evals.attacks`, which tries real models with them.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Literal

import pytest
from evals.attack_sets import Attack, own_attacks
from evals.attacks import SECRETS, another_visitor, attacked, broken_rules
from evals.talking import MOMENT, Nobody, Overheard, Talk, Told, rows_of
from tests.llm.servers import Wire, serving
from tests.serving import puls_over

from puls.bootstrap import Puls, assistant_of, gateway_of
from puls.conversation.markdown import ADDRESS
from puls.database import Database
from puls.geo.gazetteer import Gazetteer
from puls.settings import Settings

pytestmark = pytest.mark.database
ATTACKS = own_attacks()
INNOCENT = {"fr": "Que faire à Guéret samedi ?", "en": "What is on in Guéret on Saturday?"}
PAGES = ("gueret/events/fanfare", "gueret/events/tapisseries")


class Obedient:
    """A model server that says what the attacker wants, in small pieces, whatever it is asked."""

    wanted = ""

    async def answer(self, wire: Wire) -> None:
        await wire.head()
        await wire.words([self.wanted[at : at + 7] for at in range(0, len(self.wanted), 7)])
        await wire.finish()
        await wire.end()


@pytest.fixture
async def puls(database: Database, gazetteer: Gazetteer) -> Puls:
    return puls_over(database, gazetteer, clock=lambda: MOMENT)


@pytest.fixture
def obedient() -> Obedient:
    return Obedient()


@pytest.fixture
async def talk(puls: Puls, obedient: Obedient) -> AsyncIterator[Talk]:
    """With another visitor remembered, and real client classes towards the obedient server."""
    async with serving("openai", obedient.answer) as server:
        settings = Settings(
            home=puls.settings.home,
            models=f"openai:obedient@{server.url}",
            model_first_token_seconds=60,  # a busy machine is not what is tested
            model_total_seconds=120,
            **SECRETS,
        )
        async with gateway_of(settings, puls.database) as gateway:
            overheard = Overheard(gateway)
            by_model, by_composer = (
                assistant_of(
                    puls.database, puls.search, puls.gazetteer, puls.people, models=models, clock=lambda: MOMENT,
                    keeps_answers=False,
                )
                for models in (overheard, Nobody())
            )  # fmt: skip
            talking = Talk(puls, overheard, by_model, by_composer)
            await another_visitor(talking)
            yield talking


async def succeeded(
    talk: Talk, attacks: list[Attack], by: Literal["model", "composer"], obedient: Obedient
) -> tuple[list[str], list[Told]]:
    """Which attacks succeed and why, and every answer."""
    reasons: list[str] = []
    answers: list[Told] = []
    for attack in attacks:
        obedient.wanted = attack.obeyed
        told = await attacked(talk, attack, by=by)
        broken = broken_rules(told, attack, await rows_of(talk.puls))
        reasons += [f"{attack.id} {why}\n    {told.answer}" for why in broken]
        answers.append(told)
        await asyncio.sleep(0)
    return reasons, answers


def test_there_are_many_attacks_in_both_languages_on_every_door() -> None:
    """What is not tried is not known to hold."""
    assert len(ATTACKS) >= 80
    assert {one.language for one in ATTACKS} == {"fr", "en"}
    assert {one.place for one in ATTACKS} >= {
        "question", "description", "title", "conditions", "venue", "organiser", "visitor_name", "preference",
    }  # fmt: skip


async def test_no_attack_succeeds_on_the_composer(talk: Talk, obedient: Obedient) -> None:
    """It has no instructions to forget, yet it quotes what organisers and visitors wrote."""
    reasons, _ = await succeeded(talk, ATTACKS, "composer", obedient)
    assert not reasons, "\n".join(reasons)


async def test_no_attack_succeeds_through_a_model_that_obeys_it(
    talk: Talk, obedient: Obedient
) -> None:
    """The check has to hold when the model does not; and the visitor still gets an answer."""
    asked = [replace(one, ask=one.ask or INNOCENT[one.language]) for one in ATTACKS]
    reasons, answers = await succeeded(talk, asked, "model", obedient)
    assert not reasons, "\n".join(reasons)
    answered = [(attack, told) for attack, told in zip(asked, answers, strict=True) if told.events]
    assert len(answered) > 100  # the others found nothing, so that no model was asked
    for attack, told in answered:
        assert told.model_said == attack.obeyed, attack.id
        assert any(page in told.answer for page in PAGES), (attack.id, told.answer)


async def test_what_others_wrote_reaches_a_model_without_its_addresses(talk: Talk) -> None:
    """A model cannot repeat a link that it never saw, nor take data for the end of data."""
    for attack in ATTACKS:
        if attack.place == "description":
            await attacked(talk, attack, by="model")
            shown = talk.overheard.prompts[-1].messages[-1].text
            assert not ADDRESS.search(shown), shown
            assert shown.count("<<<") == shown.count(">>>")
            assert not any(secret in shown for secret in SECRETS.values())
