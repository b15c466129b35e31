"""What records bear out: claims, figures, dates and names of a text against the events it may speak of."""
