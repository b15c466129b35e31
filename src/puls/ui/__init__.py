"""The page: rendered by the server, whole without JavaScript, French first."""
