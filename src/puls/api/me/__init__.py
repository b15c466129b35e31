"""`/v1/me` and `/v1/conversations`: what a visitor keeps with Puls. Enter at each module's `router`."""
