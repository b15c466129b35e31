"""Names suggested while a visitor types."""
