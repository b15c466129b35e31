"""The Model Context Protocol over HTTP: its door, what tools take and what they answer. Enter at `endpoint.McpEndpoint`."""
