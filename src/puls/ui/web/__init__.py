"""What was seen on the web, as pieces of a page."""
