"""OpenAI's chat completions, as their clients speak them. Enter at `compat.router`."""
