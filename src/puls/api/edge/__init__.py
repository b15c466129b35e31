"""What surrounds every request: hosts, proxies, bodies, limits of time and number. Middleware alone; it knows no route."""
