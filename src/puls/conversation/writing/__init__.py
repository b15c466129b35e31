"""What a model is given, and how what it writes is checked before anybody reads it."""
