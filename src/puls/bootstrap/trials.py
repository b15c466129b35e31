"""Other ways of answering, built: the arms of a live experiment, and a configuration that is compared offline."""

import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from puls.conversation.variants import Models, Trial, Variant
from puls.conversation.writing.cards import versions
from puls.errors import InvalidInputError
from puls.experiments.experiment import Experiment, experiment_of
from puls.experiments.overrides import Overrides, read_toml

OpenGateway = Callable[[str], AbstractAsyncContextManager[Models]]
"""Opens the chain of models that a text as in `PULS_MODELS` names."""


def experiment_in(path: Path | None) -> Experiment | None:
    """The experiment of `PULS_EXPERIMENT`.

    Raises:
        InvalidInputError: the file cannot be run as written, or names a prompt that there is not.
    """
    if path is None:
        return None
    experiment = experiment_of(read_toml(path))
    for arm in experiment.arms:
        _check_prompt(arm.overrides, f"[arms.{arm.name}]")
    return experiment


@contextlib.asynccontextmanager
async def trial_of(
    experiment: Experiment | None, *, secret: bytes, open_gateway: OpenGateway
) -> AsyncIterator[Trial | None]:
    """The experiment with its arms built; None without one.

    Raises:
        InvalidInputError: a chain of models cannot be read or lacks a key.
    """
    if experiment is None:
        yield None
        return
    async with contextlib.AsyncExitStack() as stack:
        variants = {}
        for arm in experiment.arms:
            built = await stack.enter_async_context(
                variant_of(arm.overrides, open_gateway=open_gateway)
            )
            variants[arm.name] = Variant(
                experiment=experiment.name,
                arm=arm.name,
                weights=built.weights,
                prompt=built.prompt,
                models=built.models,
            )
        yield Trial(experiment=experiment, secret=secret, variants=variants)


@contextlib.asynccontextmanager
async def variant_of(overrides: Overrides, *, open_gateway: OpenGateway) -> AsyncIterator[Variant]:
    """What a turn is given for these overrides; its models live until the block ends.

    Raises:
        InvalidInputError: see `trial_of`.
    """
    _check_prompt(overrides, "The configuration")
    async with contextlib.AsyncExitStack() as stack:
        models = None
        if overrides.models is not None:
            models = await stack.enter_async_context(open_gateway(overrides.models))
        yield Variant(weights=overrides.weights, prompt=overrides.prompt, models=models)


def _check_prompt(overrides: Overrides, where: str) -> None:
    known = versions()
    if overrides.prompt is not None and overrides.prompt not in known:
        numbers = ", ".join(map(str, sorted(known)))
        raise InvalidInputError(
            f"{where}: there is no prompt {overrides.prompt}; there is {numbers}."
        )
