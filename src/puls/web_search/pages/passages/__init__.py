"""Passages of a page: which of its blocks and sentences are about which event. Pure. Enter at `Passages`."""

from puls.web_search.pages.passages.belonging import Passages

__all__ = ["Passages"]
