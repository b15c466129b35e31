"""`puls keys`: a key is given out, listed by its first letters, and taken back."""

from tests.cli.conftest import Program


def test_a_key_is_created_listed_and_revoked(puls: Program) -> None:
    """The key itself appears once; a list never shows it."""
    created = puls("keys", "create", "agent", "--scope", "search", "--json").json
    assert created["key"].startswith(created["prefix"])
    assert created["scopes"] == ["search"]
    listed = puls("keys", "list", "--json")
    assert [key["name"] for key in listed.json] == ["agent"]
    assert created["key"] not in listed.out
    assert created["prefix"] in puls("keys", "list").out
    assert puls("keys", "revoke", created["prefix"], "--json").json[0]["revoked_at"]
    unknown = puls("keys", "revoke", "puls_unknown")
    assert (unknown.exit_code, unknown.err.count("\n")) == (2, 1)
    wrong = puls("keys", "create", "x", "--scope", "root")
    assert wrong.exit_code == 2
    assert "operator" in wrong.err
