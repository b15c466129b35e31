"""Events in the state that a page of JavaScript carries, or that an interface answers: JSON of keys nobody agreed on. Pure."""

from puls.web_search.pages.state.finding import state_events, state_of

__all__ = ["state_events", "state_of"]
