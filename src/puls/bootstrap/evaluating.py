"""What judges answers, built over a Puls that is open: for `puls evaluate`, the gate, the nightly job and `/ops`."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime

from puls.bootstrap import Puls, assistant_of, gateways_of
from puls.bootstrap.trials import variant_of
from puls.conversation.assistant import Assistant
from puls.conversation.preferences.preference import Purpose
from puls.conversation.variants import Models
from puls.errors import InvalidInputError
from puls.evaluation.drift.daily import DailyHistograms
from puls.evaluation.judged import ModelJudge
from puls.evaluation.running import Running
from puls.evaluation.talks import Talks
from puls.experiments.overrides import Overrides
from puls.identity.visitor import Visitor


@contextlib.asynccontextmanager
async def running_of(
    puls: Puls, overrides: Overrides | None = None, *, uses_judge: bool = False
) -> AsyncIterator[Running]:
    """Everything judged under these overrides. Conversations are held as nobody, and what is kept of them is erased.

    Raises:
        InvalidInputError: an override names what there is not; or a model is to judge and none is configured.
    """
    overrides = overrides or Overrides()
    if overrides.index is not None:
        await _check_index(puls, overrides.index)
    open_gateway = gateways_of(puls.settings, puls.database)
    async with variant_of(overrides, open_gateway=open_gateway) as variant:
        search = puls.search.otherwise(weights=variant.weights, index_version=overrides.index)
        models = variant.models or puls.models
        assert models is not None

        def assistant_at(now: datetime) -> Assistant:
            return assistant_of(
                puls.database,
                search,
                puls.gazetteer,
                puls.people,
                models=models,
                beyond=puls.beyond,
                clock=lambda: now,
                keeps_answers=False,
                usual=replace(variant, models=None, weights=None),
            )

        async def agree(visitor: Visitor, purpose: Purpose, now: datetime) -> None:
            await puls.people.preferences.agree(visitor, purpose, now=now)

        judge = _judge(puls.models) if uses_judge else None
        talks = Talks(
            assistant_at=assistant_at,
            agree=agree,
            erase=puls.people.personal_data.erase,
            gazetteer=puls.gazetteer,
            judge=judge.case if judge else None,
        )
        yield Running(
            search=search,
            gazetteer=puls.gazetteer,
            talks=talks,
            judge=judge,
            configuration=overrides.said,
        )


def histograms_of(puls: Puls) -> DailyHistograms:
    """Counts each day's turns and tells what changed, with the meaning of topics from the search's own embedder."""
    return DailyHistograms(
        puls.database,
        gazetteer=puls.gazetteer,
        embedder=puls.search.embedder,
        timezone=puls.settings.timezone,
    )


async def _check_index(puls: Puls, number: int) -> None:
    known = [version.id for version in await puls.index.versions()]
    if number not in known:
        raise InvalidInputError(f"There is no index version {number}; there is {known}.")


def _judge(models: Models | None) -> ModelJudge:
    """The usual chain judges, whatever the overrides are: one judge for both configurations."""
    if models is None or not models.models:
        raise InvalidInputError("No model is configured (PULS_MODELS), so none can judge.")
    return ModelJudge(models)
