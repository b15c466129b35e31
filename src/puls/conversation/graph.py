"""The turn as a LangGraph graph: which step follows which. The only module that knows LangGraph.

    understand → (instead | recall | plan | search) → look → write

The diagram in docs/turn.md is drawn from this graph by `scripts/draw_turn.py`.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from puls.conversation.steps import Steps, Way
from puls.conversation.turn_state import TurnState


class _Held(TypedDict, total=False):
    turn: TurnState
    way: Way


TurnGraph = CompiledStateGraph[_Held, Any, Any, Any]


def turn_graph(steps: Steps) -> TurnGraph:
    """The steps in their order, ready to run."""
    graph = StateGraph(_Held)

    async def understand(state: _Held) -> _Held:
        return {"way": await steps.understand(state["turn"])}

    graph.add_node("understand", understand)
    ways: dict[Way, Callable[[TurnState], Awaitable[None]]] = {
        "instead": steps.instead,
        "recall": steps.recall,
        "plan": steps.plan,
        "search": steps.search,
    }
    for way, step in ways.items():
        graph.add_node(way, _node(step))
        graph.add_edge(way, "look")
    graph.add_node("look", _node(steps.look))
    graph.add_edge("look", "write")
    graph.add_node("write", _node(steps.write))
    graph.add_edge(START, "understand")
    graph.add_conditional_edges("understand", lambda held: held["way"], [*ways])
    graph.add_edge("write", END)
    return graph.compile()


def turn_runner(steps: Steps) -> Callable[[TurnState], Awaitable[None]]:
    """What takes one turn through the graph; all it finds is in the state and was sent by it."""
    graph = turn_graph(steps)

    async def run(turn: TurnState) -> None:
        await graph.ainvoke({"turn": turn})

    return run


class _Node(Protocol):
    async def __call__(self, state: _Held) -> _Held: ...


def _node(step: Callable[[TurnState], Awaitable[None]]) -> _Node:
    async def node(state: _Held) -> _Held:
        await step(state["turn"])
        return {}

    return node
