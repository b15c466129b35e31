"""A new version brought into service on ECS, watched, and taken back by itself when it is bad. Start: `python -m deploy.releasing --help`.

Runs from a desk or from `.github/workflows/deploy.yml`; the same commands. Never touches data: no migration, no restore.
"""
