"""What a citizen's browser meets: WSGI, routes, pages, limits, log."""
