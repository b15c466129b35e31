"""Home: a town, its shelves, names suggested while one types."""
