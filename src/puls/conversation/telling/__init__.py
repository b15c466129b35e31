"""What Puls says of its own accord: sentences made of records, no model needed."""
