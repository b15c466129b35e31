"""An outing as a timeline, events side by side, a search as a week."""
