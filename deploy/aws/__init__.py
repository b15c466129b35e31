"""Puls on AWS (eu-west-3) as code. `app.py` makes the templates; `environments.toml` says how large.

Nothing here asks AWS anything: accounts, zones and certificates come from the configuration, so that a desk without a
network makes the same templates as a pipeline. It needs its own environment: `make aws-env`.
"""
