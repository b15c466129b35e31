"""The page of one event: what it shows, what a visitor can do there, what machines read of it."""
