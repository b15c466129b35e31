"""A conversation or a plan that others may read: made, shown, taken back."""
