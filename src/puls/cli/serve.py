"""`puls serve`: the page, the API, and jobs beside them."""

import contextlib
import signal
from typing import Annotated

import typer

from puls.api.app import create_app
from puls.api.doors import Doors
from puls.bootstrap import (
    add_sample_if_empty,
    build_index,
    count_usage,
    open_puls,
    warm_up,
    watch,
)
from puls.cli.opening import checked_settings
from puls.cli.output import console
from puls.server.listening import listening_socket
from puls.server.running import serve as serve_application
from puls.server.stopping import AS_SHELLS_COUNT
from puls.worker import work

_EVERYWHERE = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 # asked for by an operator


def serve(
    *,
    host: Annotated[str, typer.Option()] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8000,
    with_sample: Annotated[
        bool, typer.Option("--with-sample", help="Load invented events if the catalogue is empty.")
    ] = False,
    desk: Annotated[
        bool,
        typer.Option(
            "--desk",
            help="For a developer's own machine: /metrics and /openapi.json answer it without a key.",
        ),
    ] = False,
) -> None:
    """Serve the page and the API; jobs (vectors, retention, PULS_SYNC…) run beside them unless PULS_WORKER=off."""
    settings = checked_settings()
    with contextlib.closing(listening_socket(host, port)) as listening:
        background = [add_sample_if_empty] if with_sample else []
        is_inside = settings.worker == "inside"
        application = create_app(
            lambda: open_puls(settings, is_serving=True),
            background=[*background, warm_up, *([] if is_inside else [build_index])],
            alongside=[count_usage, watch, *([work] if is_inside else [])],
            widget_origins=settings.widget_origins,
            allowed_hosts=(*settings.allowed_hosts, *_names_of(host)),
            public_url=settings.public_url,
            trusted_proxies=settings.trusted_proxies,
            doors=Doors(open=settings.open_doors, is_desk=desk),
        )
        console.print(f"Puls: http://{_in_address(host)}:{port}/ (Ctrl+C stops it)")
        number = serve_application(
            application, listening, reserved_descriptors=settings.database_pool_size
        )
    if number != signal.SIGTERM:  # what a supervisor sends is an orderly end
        raise typer.Exit(AS_SHELLS_COUNT + number)


def _names_of(host: str) -> tuple[str, ...]:
    """The name that an operator gives for listening is one that Puls answers to; « everywhere » is none."""
    return () if host in _EVERYWHERE else (host.strip("[]").lower(),)


def _in_address(host: str) -> str:
    if host in _EVERYWHERE:
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
