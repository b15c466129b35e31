"""Diagrams and charts of the study, drawn from its sources and from the code.

A drawing is a `Scene` of plain shapes; `svg` writes it for pages, `study.slides` as native shapes. Nothing here writes a file.
"""
