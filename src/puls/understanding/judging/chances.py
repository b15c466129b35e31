"""From which chance a label is taken although another is likelier, where a message would otherwise say nothing of it. Pure."""

POSSIBLE = 0.3
HINTED = 0.15
CONCEIVABLE = 0.05
TOLD_AFTER = 0.1  # of the one day that a follow-up names
TOLD = 0.2  # from here a word of no kind is a theme oftener than not, cross-validated by author
