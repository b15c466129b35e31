"""Sentences of a page: where they end, what in them states nothing, and what they are about. Pure."""
