"""`puls keys …`: API keys for programs and operators."""

from typing import Annotated

import typer

from puls.bootstrap import Puls
from puls.cli.opening import run
from puls.cli.output import AsJson, console, print_json, table_of, utc_now
from puls.identity.api_keys import ApiKey

app = typer.Typer(no_args_is_help=True, help="Create, list and revoke API keys.")


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="Who it is for; shown in lists.")],
    *,
    scope: Annotated[
        list[str] | None, typer.Option(help="search, chat or operator; repeatable.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a key and show it, this once; only a hash of it is kept."""

    async def work(puls: Puls) -> tuple[ApiKey, str]:
        return await puls.people.api_keys.create(
            name=name, scopes=scope or ["search", "chat"], now=utc_now()
        )

    key, written = run(work, is_quiet=True)
    if as_json:
        print_json({"key": written, "prefix": key.prefix, "name": name, "scopes": key.scopes})
        return
    console.print(written, markup=False, soft_wrap=True)
    console.print(f"Keep it now: it is not shown again. Scopes: {', '.join(key.scopes)}.")


@app.command("list")
def list_keys(*, as_json: AsJson = False) -> None:
    """Every key by its first letters, with what it may do and when it was last used."""
    _print(run(lambda puls: puls.people.api_keys.all(), is_quiet=True), as_json=as_json)


@app.command()
def revoke(
    prefix: Annotated[str, typer.Argument(help="See `puls keys list`.")], *, as_json: AsJson = False
) -> None:
    """Make a key useless from its next request on."""
    revoked = run(
        lambda puls: puls.people.api_keys.revoke(prefix.rstrip("…"), now=utc_now()), is_quiet=True
    )
    _print([revoked], as_json=as_json)


def _print(keys: list[ApiKey], *, as_json: bool) -> None:
    if as_json:
        print_json([{**_fields(key), "id": str(key.id)} for key in keys])
        return
    rows = [
        (
            key.prefix,
            key.name,
            ", ".join(key.scopes),
            *(
                f"{moment:%Y-%m-%d %H:%M}" if moment else "–"
                for moment in (key.created_at, key.last_used_at, key.revoked_at)
            ),
        )
        for key in keys
    ]
    console.print(
        table_of("prefix!", "name", "scopes", "created", "last used", "revoked", rows=rows)
    )


def _fields(key: ApiKey) -> dict[str, object]:
    return {
        "prefix": key.prefix,
        "name": key.name,
        "scopes": key.scopes,
        "created_at": key.created_at,
        "last_used_at": key.last_used_at,
        "revoked_at": key.revoked_at,
    }
