"""The usage ledgers: one row per request to a model or a provider of web search, and the sums that budgets are held against."""
