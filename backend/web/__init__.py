"""The service as programs and browsers see it: the socket, the HTTP endpoints, the page."""
