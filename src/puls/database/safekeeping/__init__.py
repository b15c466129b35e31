"""Where backups are kept, for whom they are sealed, how long, and whether they hold what they say."""
