"""Puls: a French event assistant. ARCHITECTURE.md is the map."""

from importlib.metadata import version

__version__ = version("puls")  # written in pyproject.toml and nowhere else
