"""What the live web gave, kept in PostgreSQL: pages for a while, the last check of each event."""
