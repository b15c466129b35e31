"""The page of a venue: what is on there."""
