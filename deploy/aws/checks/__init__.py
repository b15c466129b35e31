"""What is held against the templates: rules of others, our own, and a summary that a person reads."""
