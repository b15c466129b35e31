"""Drawn pictures for events that have none: shapes, written as SVG for pages and as PNG for messengers."""
