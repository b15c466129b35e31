"""Outings told step by step: times, ways between, what it costs. Pure. Enter at `outings`."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from puls import phrasing
from puls.conversation.markdown import title_link
from puls.conversation.telling import phrases
from puls.conversation.telling.phrases import capital, chosen, either, written_language
from puls.conversation.turn import Material, Sentence
from puls.outings.plan import Plan, PlanStep
from puls.phrasing import Language

_MOST = 3


def outings(material: Material) -> Iterator[Iterator[Sentence]]:
    """A paragraph per outing, then a question."""
    language = written_language(material)
    plans = material.plans[:_MOST]
    leads = [
        either("Voici ce que je vous propose.", "Here is what I suggest.", language),
        either("J'ai composé ceci pour vous.", "I put this together for you.", language),
    ]
    yield iter([Sentence(text=chosen(leads, material.text))])
    for at, plan in enumerate(plans):
        yield _told(plan, at, len(plans), material, language)
    options = [
        (
            "Cela vous convient, ou préférez-vous changer une étape ?",
            "Does that suit you, or shall I change a stop?",
        ),
        ("Voulez-vous que je change quelque chose ?", "Shall I change anything?"),
    ]
    yield iter(
        [
            Sentence(
                text=chosen(
                    [either(*each, language) for each in options], material.text, len(plans)
                )
            )
        ]
    )


def _told(
    plan: Plan, at: int, number: int, material: Material, language: Language
) -> Iterator[Sentence]:
    for place, step in enumerate(plan.steps):
        lead = ""
        if place == 0 and at:
            lead = (
                either("Autre possibilité : ", "Another way: ", language)
                if at == 1
                else either("Ou encore : ", "Or else: ", language)
            )
        elif place:
            lead = either("Ensuite, ", "Then, ", language)
        text = _step(step, material, language, with_day=place == 0)
        yield Sentence(text=lead + (text if lead else capital(text)), uids=(step.found.event.uid,))
    yield Sentence(text=_total(plan, material, language))
    del number


def _step(step: PlanStep, material: Material, language: Language, *, with_day: bool) -> str:
    found, event = step.found, step.found.event
    zone = ZoneInfo(event.timezone)
    arrives, leaves = step.arrives_at.astimezone(zone), step.leaves_at.astimezone(zone)
    day = _day(arrives, material, language) + " " if with_day else ""
    hours = either(
        f"de {phrasing.clock(arrives, 'fr')} à {phrasing.clock(leaves, 'fr')}",
        f"from {phrasing.clock(arrives, 'en')} to {phrasing.clock(leaves, 'en')}",
        language,
    )
    way = ""
    if step.km_from_previous is not None:
        way = phrasing.distance_words(step.km_from_previous, language)
        if step.minutes_from_previous:
            way += either(
                f" ({step.minutes_from_previous} minutes de trajet)",
                f" ({step.minutes_from_previous} minutes on the way)",
                language,
            )
        way = f", {way}"
    place = phrases.where(event, language)
    facts = [phrases.price(event.price, language), *phrases.cautions(found, material.now, language)]
    return (
        f"{day}{hours}, {title_link(event)}{', ' + place if place else ''}{way}"
        f"{either(' :', ':', language)} {', '.join(facts)}."
    )


def _day(moment: datetime, material: Material, language: Language) -> str:
    today = material.now.astimezone(ZoneInfo(material.timezone)).date()
    return phrasing.day_name(moment.date(), today=today, language=language)


def _total(plan: Plan, material: Material, language: Language) -> str:
    total = plan.price_per_person
    if total is None:
        return either(
            "Le total dépend de prix que je ne connais pas.",
            "The total depends on prices I do not know.",
            language,
        )
    people = material.answer.understood.wish.party_size
    if total == 0:
        return either("En tout, rien à payer.", "Nothing to pay in all.", language)
    text = either(
        f"En tout, {_euros(total, language)} par personne",
        f"In all, {_euros(total, language)} per person",
        language,
    )
    if people and people > 1:
        text += either(
            f", soit {_euros(total * people, language)} pour {people}",
            f", that is {_euros(total * people, language)} for {people}",
            language,
        )
    return f"{text}."


def _euros(value: float, language: Language) -> str:
    amount = f"{value:.0f}" if value == round(value) else f"{value:.2f}"
    return f"€{amount}" if language == "en" else f"{amount.replace('.', ',')}\N{NO-BREAK SPACE}€"
