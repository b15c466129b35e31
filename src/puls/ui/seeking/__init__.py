"""A search that is an address: read, narrowed by one tap, counted and summed up. Knows no template."""
