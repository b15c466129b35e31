"""`/ops`: what operators see, drawn by the server, whole without JavaScript, French first. Routes are in `pages`."""
