"""The steps of a turn: understand, then search, plan or recall, then write. One use of a part each.

Steps hold no database connection while a model writes. What they find is sent at once, so that a visitor sees events
before words. They know neither the graph that orders them (`conversation.graph`) nor how a turn is kept
(`conversation.assistant`).
"""

from dataclasses import replace
from typing import Literal

from puls.conversation.looking import OnTheWeb, off_of
from puls.conversation.planning import PlanChange, changed_plan
from puls.conversation.preferences.use import applied, reranked
from puls.conversation.references import Meant, meant, share_said, telling_words
from puls.conversation.state import KeptPlan, Offer
from puls.conversation.turn import EventsFound, Material, Said, WishRead
from puls.conversation.turn_state import TurnState
from puls.conversation.variants import Models
from puls.conversation.writer import Writing
from puls.conversation.writing.answer_cache import AnswerCache
from puls.monitoring import span
from puls.outings.outing import Outing, plan_understood
from puls.outings.plan import Plan
from puls.outings.slots import asks_for_outing
from puls.retrieval.asking import Answer, Asking, Question
from puls.retrieval.ranking import FoundEvent
from puls.retrieval.search import Found
from puls.retrieval.theme import Match
from puls.understanding.instead import sentence_instead
from puls.understanding.language import language_of
from puls.understanding.message import Message
from puls.understanding.question import Understood
from puls.understanding.turns import TURN_OF, WITHOUT_WISH, Act
from puls.understanding.when.intervals import NO_SUCH_DAY
from puls.understanding.where.reach import lacks_position
from puls.understanding.wish import Wish
from puls.web_search.asking import LONGEST_MEANT, WebRequest, is_unsure, request_in
from puls.web_search.values import Looked, Why

Way = Literal["instead", "recall", "plan", "search"]

_SHOWN = 5  # events, unless the words or the client ask for another number
_MOST_RECALLED = 40  # events of a conversation that a message may speak of
_MOST_LOOKED_THROUGH = 60  # for « d'autres ? »
_MOST_NAMED = 8  # events looked through for a title
_SAID_ENOUGH = 0.6  # share of the telling words
_NOTHING = Found(events=(), fitting=0)


class Steps:
    """The steps over the parts they use."""

    def __init__(
        self,
        *,
        asking: Asking,
        models: Models,
        cache: AnswerCache | None = None,
        web: OnTheWeb | None = None,
    ) -> None:
        self._asking = asking
        self._web = web
        self._writing = Writing(models=models, search=asking.search, cache=cache)

    async def understand(self, state: TurnState) -> Way:
        """The wish of the words, under what is given, remembered and agreed; and which way the turn takes."""
        request = state.request
        web = await self._asked_of_the_web(request.text)
        state.web_asked = web.why
        state.question = Question(
            text=web.rest,
            given=request.given,
            now=state.now,
            timezone=request.timezone,
            without=request.without,
            near_position=True,
            limit=request.limit,
            usual_limit=_SHOWN,
            previous=state.previous,
            standing=state.standing,
            weights=state.variant.weights,
        )
        with span("turn.understand"):
            understood = await self._asking.understand(state.question)
        if request.language is not None:
            understood = replace(understood, language=request.language)
        understood = _carried_out(understood, state)
        if not web.rest:
            said_in = language_of(Message(request.text), usual=understood.language)
            understood = replace(understood, language=request.language or said_in)
        if web.why is Why.ASKED and (understood.act in WITHOUT_WISH or not web.rest):
            understood = _looked_at_again(understood, state)
        if state.preferences and understood.act not in WITHOUT_WISH:
            understood = self._as_preferred(understood, state)
        state.understood = understood
        state.mark("understood")
        state.send(
            WishRead(
                turn_id=state.turn_id,
                conversation_id=state.conversation_id,
                understood=understood,
            )
        )
        return _way(understood, state)

    async def _asked_of_the_web(self, text: str) -> WebRequest:
        """What the message asks of the web; where its words leave it open, its meaning is asked for."""
        meaning = None
        if is_unsure(text):
            meaning = await self._asking.search.meaning_of(text[:LONGEST_MEANT])
        return request_in(text, meaning)

    def _as_preferred(self, understood: Understood, state: TurnState) -> Understood:
        """What the wish leaves open is filled in; a follow-up changes what was said, and the home that was taken."""
        wish, state.preferences_used = applied(
            understood.wish,
            state.preferences,
            text=state.request.text,
            now=state.now,
            said={span.kind for span in understood.matched},
            without=state.request.without,
        )
        carried = replace(understood.wish, where=wish.where)
        return replace(understood, wish=wish, carried=carried)

    async def search(self, state: TurnState) -> None:
        """Events that fit, or what to try instead; those not shown yet, when others are asked for."""
        understood = state.understood_now
        answer = await (
            self._others(state)
            if understood.act is Act.MORE
            else self._asking.find(understood, state.question_now)
        )
        events, notices = reranked(
            answer.found.events, state.preferences, order=answer.understood.wish.order
        )
        state.preferences_used += notices
        self._gathered(state, replace(answer, found=replace(answer.found, events=events)))

    async def _others(self, state: TurnState) -> Answer:
        """What comes after the events shown for the same wish."""
        understood, question = state.understood_now, state.question_now
        shown = set(state.recalled.shown_for_this)
        wanted = question.limit or understood.wish.number_wanted or _SHOWN
        answer = await self._asking.find(
            understood, replace(question, limit=min(len(shown) + wanted, _MOST_LOOKED_THROUGH))
        )
        others = tuple(one for one in answer.found.events if one.event.uid not in shown)[:wanted]
        return replace(answer, found=replace(answer.found, events=others))

    async def plan(self, state: TurnState) -> None:
        """One or several outings, or a change of the plan under way; without any, the events that fit."""
        understood, question = state.understood_now, state.question_now
        change = (
            await changed_plan(self._asking, question, understood, state.recalled.plan)
            if state.recalled.plan
            else None
        )
        if change is not None:
            self._gathered_plan(state, change)
            return
        outing = await plan_understood(self._asking, question, understood)
        if not outing.plans:
            state.understood = replace(
                understood, notices=tuple(dict.fromkeys((*understood.notices, *outing.notices)))
            )
            await self.search(state)
            return
        self._gathered_plan(state, PlanChange(outing=outing))

    async def _plan_without(self, state: TurnState, off: frozenset[str]) -> None:
        """A plan whose stop turned out to be off is made again without it; what was seen is known to search by now."""
        material = state.material_now
        outing = await plan_understood(self._asking, state.question_now, state.understood_now)
        plans = tuple(
            plan for plan in outing.plans if not off & {step.found.event.uid for step in plan.steps}
        )
        if not plans:
            return
        state.plan = _kept_plan(replace(outing, plans=plans))
        state.material = replace(material, plans=plans, said_of_plan="")
        told = (step.found.event.uid for plan in plans for step in plan.steps)
        state.sent = tuple(
            dict.fromkeys((*state.sent, *told))
        )  # after the cards, which are counted

    def _gathered_plan(self, state: TurnState, change: PlanChange) -> None:
        outing = change.outing
        answer = Answer(understood=state.understood_now, found=outing.found, notices=outing.notices)
        state.plan = _kept_plan(outing)
        self._gathered(
            state,
            answer,
            plans=outing.plans if not change.is_one else outing.plans[:1],
            said_of_plan=change.said,
        )

    async def recall(self, state: TurnState) -> None:
        """The events that the message speaks of, among those shown before, else in the catalogue."""
        shown = await self._shown_before(state)
        understood = state.understood_now
        told = await self._meant(state, shown, compares=understood.act is Act.COMPARE)
        answer = Answer(understood=understood, found=_NOTHING, notices=understood.notices)
        self._gathered(state, answer, cited=told.events, shown_before=shown, how=told.how)

    async def instead(self, state: TurnState) -> None:
        """A sentence for a message that asks for no event."""
        understood = state.understood_now
        shown = await self._shown_before(state) if understood.act is Act.CANNOT else ()
        told = await self._meant(state, shown) if shown else Meant()
        answer = Answer(understood=understood, found=_NOTHING, notices=understood.notices)
        self._gathered(state, answer, cited=told.events, shown_before=shown, how=told.how)

    async def look(self, state: TurnState) -> None:
        """What the web says now of what is shown, and what it knows beside; see `web_search.policy`."""
        if self._web is not None:
            planned = bool(state.material_now.plans)
            await self._web.look(state)
            if planned and not state.material_now.plans:
                await self._plan_without(state, off_of(state.material_now))
        elif state.web_asked is Why.ASKED:
            nothing = Looked(why=(Why.ASKED,), at=state.now, lacks_provider=True)
            state.material = replace(state.material_now, web=nothing)

    async def write(self, state: TurnState) -> None:
        """The answer, sentence by sentence, each checked before it is sent."""
        await self._writing.write(state, state.material_now)

    async def _meant(
        self, state: TurnState, shown: tuple[FoundEvent, ...], *, compares: bool = False
    ) -> Meant:
        """What the message speaks of; an event that was never shown is looked for by the words of its title."""
        if state.offered_uids:
            by_uid = {one.event.uid: one for one in shown}
            return Meant(tuple(by_uid[uid] for uid in state.offered_uids if uid in by_uid), "rank")
        recalled = state.recalled
        earlier_uids = [
            uid for uid in recalled.shown if uid not in {one.event.uid for one in shown}
        ][:_MOST_RECALLED]
        wish = state.understood_now.carried or Wish()
        earlier = (
            await self._asking.search.events(earlier_uids, wish, now=state.now)
            if earlier_uids
            else ()
        )
        told = meant(
            state.request.text, shown, earlier=earlier, focus=recalled.focus, compares=compares
        )
        is_named = told.how == "words" and all(
            share_said(state.request.text, one.event) >= _SAID_ENOUGH for one in told.events
        )
        if told.how in ("rank", "superlative") or is_named or len(told.events) > 1 or compares:
            return told
        named = await self._named_in_catalogue(state)
        return Meant((named,), "words") if named is not None else told

    async def _named_in_catalogue(self, state: TurnState) -> FoundEvent | None:
        """The event whose title the message says: « la matériauthèque à Die, c'est quelle heure ? »."""
        understood = state.understood_now
        topic = telling_words(state.request.text)
        if not topic:
            return None
        wish = replace(
            understood.carried or Wish(),
            topic=topic,
            categories=(),
            free=None,
            max_price=None,
            ages=(),
        )
        for each in (wish, replace(wish, when=()), replace(wish, when=(), where=None)):
            found = await self._asking.search.find(each, now=state.now, limit=_MOST_NAMED)
            best = max(found.events, key=lambda one: share_said(topic, one.event), default=None)
            if best is not None and share_said(topic, best.event) >= _SAID_ENOUGH:
                return best
            if found.match is Match.ON_THEME:
                return best if best and share_said(topic, best.event) else found.events[0]
        return None

    async def _shown_before(self, state: TurnState) -> tuple[FoundEvent, ...]:
        """What was listed last; found again when the client keeps the conversation and only words are left."""
        wish = state.previous.carried if state.previous else None
        if state.recalled.shown_last or wish is None:
            uids = state.recalled.shown_last
            return await self._asking.search.events(uids, wish or Wish(), now=state.now)
        return (await self._asking.search.find(wish, now=state.now, limit=_SHOWN)).events

    def _gathered(
        self,
        state: TurnState,
        answer: Answer,
        *,
        cited: tuple[FoundEvent, ...] = (),
        shown_before: tuple[FoundEvent, ...] = (),
        plans: tuple[Plan, ...] = (),
        how: str = "nothing",
        said_of_plan: str = "",
    ) -> None:
        state.material = Material(
            text=state.request.text,
            answer=answer,
            language=answer.understood.language,
            now=state.now,
            timezone=state.request.timezone,
            cited=cited,
            shown_before=shown_before,
            plans=plans,
            how=how,
            is_first=not state.recalled.turns and not state.request.earlier,
            said_of_plan=said_of_plan,
            preferences_used=(*state.preferences_used, *state.said_of_preferences),
        )
        if not cited:
            state.sent = tuple(one.event.uid for one in answer.found.events)
        state.mark("found")
        state.send(EventsFound(answer=answer, events=state.material.events, plans=plans))
        for notice in answer.notices:
            state.send(Said(notice=notice))


def _kept_plan(outing: Outing) -> KeptPlan | None:
    """The parts of the best plan with what fills each."""
    if not outing.plans:
        return None
    filled = {step.slot: step.found.event.uid for step in outing.plans[0].steps}
    return KeptPlan(
        slots=outing.slots, uids=tuple(filled.get(at) for at in range(len(outing.slots)))
    )


def _carried_out(understood: Understood, state: TurnState) -> Understood:
    """« oui » to what Puls offered is that very change; « oui » to nothing asks what is wanted."""
    if understood.act is not Act.YES:
        return understood
    offer = next(iter(state.offers), None)
    if offer is None and state.recalled.focus:
        offer = Offer(does="details", fr="", en="", uids=tuple(state.recalled.focus))
    if offer is None:
        return replace(understood, act=Act.UNCLEAR, turn=TURN_OF[Act.UNCLEAR])
    return _as_offered(understood, offer, state)


def _looked_at_again(understood: Understood, state: TurnState) -> Understood:
    """« regarde sur internet » alone: what was told last, else what was looked for before."""
    carried = state.previous.carried if state.previous else None
    if carried is None:
        return replace(understood, act=Act.UNCLEAR, turn=TURN_OF[Act.UNCLEAR])
    act = Act.CHANGE
    if state.recalled.focus:
        act, state.offered_uids = Act.DETAILS, state.recalled.focus
    return replace(understood, act=act, turn=TURN_OF[act], wish=carried, carried=carried)


def _as_offered(understood: Understood, offer: Offer, state: TurnState) -> Understood:
    match offer.does:
        case "search" if offer.wish is not None:
            wish = replace(offer.wish, position=state.request.position)
            return replace(
                understood,
                act=Act.CHANGE,
                turn=TURN_OF[Act.CHANGE],
                wish=wish,
                carried=wish,
                trail=(*understood.trail, wish),
            )
        case "more":
            act = Act.MORE
        case "compare":
            act = Act.COMPARE
        case _:
            act = Act.DETAILS
    state.offered_uids = offer.uids
    carried = understood.carried or Wish()
    return replace(understood, act=act, turn=TURN_OF[act], wish=carried)


def _way(understood: Understood, state: TurnState) -> Way:
    if sentence_instead(understood) is not None:
        return "instead"
    if understood.act in (Act.DETAILS, Act.COMPARE) and state.standing.has_shown:
        return "recall"
    if understood.carried is not None and lacks_position(understood.carried):
        return "instead"  # events from anywhere would answer another question
    if NO_SUCH_DAY in understood.notices and not understood.wish.when:
        return "instead"  # every day would answer another question
    if _tells_only_of_oneself(understood):
        return "instead"
    return "plan" if asks_for_outing(state.request.text, understood) else "search"


def _tells_only_of_oneself(understood: Understood) -> bool:
    """« je suis en fauteuil » and nothing looked for yet: noted, and asked what for."""
    wish = understood.wish
    return understood.act is Act.ABOUT_ME and not (wish.topic or wish.when or wish.where)
