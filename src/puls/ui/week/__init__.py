"""A search as a week: what is on, day by day."""
