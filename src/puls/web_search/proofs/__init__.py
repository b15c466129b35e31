"""Where an event of the catalogue can be seen now: `agenda` is the surest, then `portal`, then `own_pages`.

Each reads through a `Fetcher` and tells what it saw as `Seen`; whether that confirms or contradicts the catalogue is
decided in `judging`.
"""
