"""Tooling of the study."""
