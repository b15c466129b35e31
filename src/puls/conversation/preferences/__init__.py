"""What a visitor agreed to be remembered for."""
