"""The command line: `puls …`. Parses, calls one use case, prints. Enter at `app.main`."""
