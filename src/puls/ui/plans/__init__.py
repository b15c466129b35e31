"""An outing as a timeline, events side by side, and the way there."""
