"""Puls as an app and for search engines: manifest, service worker, offline page, icons, robots.txt, sitemap. Enter at `routes.router`."""
