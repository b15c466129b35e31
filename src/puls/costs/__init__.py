"""The usage ledger: one row per request to a model, and the sums that budgets are held against."""
