"""Open Puls for one command, by the settings of the environment. Enter at `run`."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from pydantic import ValidationError

from puls.bootstrap import Puls, open_puls
from puls.cli.output import say_error
from puls.errors import InvalidInputError
from puls.server.stopping import until_stopped
from puls.settings import Settings, unknown_settings, was_given

Result = TypeVar("Result")


def run(
    work: Callable[[Puls], Awaitable[Result]], *, is_quiet: bool = False, is_serving: bool = False
) -> Result:
    """Open Puls, do the work, close it, also when a signal stops it.

    A command that answers a person is quiet: what is no warning is not logged unless PULS_LOG_LEVEL asks for it.

    Raises:
        InvalidInputError: a setting cannot be used.
        Stopped: a signal came.
    """
    settings = checked_settings()
    if is_quiet and not was_given(settings, "log_level"):
        settings = settings.model_copy(update={"log_level": "WARNING"})

    async def opened() -> Result:
        async with open_puls(settings, is_serving=is_serving) as puls:
            return await work(puls)

    return asyncio.run(until_stopped(opened()))


def checked_settings() -> Settings:
    """The settings; what looks like one and is none is told.

    Raises:
        InvalidInputError: one cannot be used.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        raise InvalidInputError(_why_not(error)) from None
    for name, meant in sorted(unknown_settings().items()):
        say_error(f"puls: {name} is no setting{f'; did you mean {meant}?' if meant else '.'}")
    return settings


def _why_not(error: ValidationError) -> str:
    """Which variables, and why; never their values, which may be secret."""
    return "; ".join(
        f"PULS_{'.'.join(str(part) for part in one['loc']).upper()}: {one['msg']}"
        for one in error.errors(include_url=False, include_input=False)
    )
