"""Puls: a French event assistant. ARCHITECTURE.md is the map."""
