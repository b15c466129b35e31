"""What a turn came to, as figures for operators: none of its words, nothing of who asked. Pure. Enter at `figures_of`."""

from puls.conversation.turn import Checking
from puls.conversation.turn_state import TurnState
from puls.geo.gazetteer import Gazetteer
from puls.monitoring import TurnFigures, TurnOutcome
from puls.retrieval.kinds import asked_kinds
from puls.understanding.turns import Turn
from puls.understanding.wish import Where, Wish

_SEARCHING = frozenset({Turn.SEARCH, Turn.REFINEMENT, Turn.PLAN})
_OVERSEAS = "97"  # whose départements have three digits


def figures_of(
    state: TurnState, *, outcome: TurnOutcome, failure: str, gazetteer: Gazetteer
) -> TurnFigures:
    """The figures of a turn that ended; `failure`: the code of why, empty when it was answered."""
    understood, material = state.understood, state.material
    checking = state.check.checking if state.check else Checking()
    is_searching = (
        understood is not None
        and material is not None
        and not material.cited
        and understood.turn in _SEARCHING
    )
    wish = understood.wish if understood else Wish()
    return TurnFigures(
        outcome=outcome,
        kind=understood.turn.value if understood else "",
        failure=failure,
        language=understood.language if understood else "",
        writer=state.writer,
        is_sure=understood.is_sure if understood else None,
        match=material.answer.found.match.value if is_searching and material else None,
        themes=tuple(sorted({kind.value for kind in asked_kinds(wish)})),
        region=region_of(wish.where, gazetteer),
        before=len(state.recalled.turns) or len(state.request.earlier),
        first_card_seconds=_seconds(state, "found") if is_searching else None,
        first_text_seconds=_seconds(state, "first_text"),
        answer_seconds=_seconds(state, "total") if outcome == "answered" else None,
        sentences=checking.sentences,
        rewritten=checking.rewritten,
        dropped=checking.dropped,
        claims=checking.claims,
        grounded_claims=checking.grounded_claims,
    )


def region_of(where: Where | None, gazetteer: Gazetteer) -> str:
    """The region that a place lies in, by its name; "around" for a circle around somebody, "elsewhere" when it cannot be told.

    Nothing finer: a commune and an hour may be one person.
    """
    if where is None:
        return ""
    code = next(iter(where.region_codes), None)
    if code is None and (department := _department_of(where)) is not None:
        known = gazetteer.department(department)
        code = known.region_code if known else None
    region = gazetteer.region(code) if code else None
    if region is not None:
        return region.name
    return "around" if where.around_visitor_km is not None or where.near else "elsewhere"


def _department_of(where: Where) -> str | None:
    if where.department_codes:
        return where.department_codes[0]
    for code in (*where.commune_codes, *where.postcodes):
        return code[:3] if code.startswith(_OVERSEAS) else code[:2]
    return None


def _seconds(state: TurnState, point: str) -> float | None:
    milliseconds = state.milliseconds.get(point)
    return None if milliseconds is None else milliseconds / 1000
