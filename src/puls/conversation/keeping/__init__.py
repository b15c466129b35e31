"""What is kept of conversations, in PostgreSQL."""
