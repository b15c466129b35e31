"""Reads the dated source of the study and refuses what does not hold: a form, a reference, a path, a quotation that is gone.

Enter at `read_study`; `StudyError` names the file and the key.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from study.planned.choices import Clouds, Measurement, Models, Peers, VectorStores, Watch
from study.planned.models import Backlog, Needs, Plan, Risks, Source

ROOT = Path(__file__).parents[2]
_MOST_PROBLEMS = 5
_Form = TypeVar("_Form", bound=BaseModel)


class StudyError(Exception):
    """The source of the study does not hold; the message names where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """All of it."""

    needs: Needs
    backlog: Backlog
    plan: Plan
    risks: Risks
    clouds: Clouds
    models: Models
    stores: VectorStores
    watch: Watch
    peers: Peers
    measured: tuple[Measurement, ...]

    def sources(self) -> Iterator[tuple[str, Source]]:
        """Every quotation with the place that makes it."""
        for number, seen in enumerate(self.needs.observed, start=1):
            yield f"needs.yaml, observation {number}", seen.source
        for one in self.needs.criteria:
            yield f"needs.yaml, {one.id}", one.source
        for model in self.models.models:
            if model.quality is not None:
                yield f"llm.yaml, {model.id}", model.quality.source


def read_study(folder: Path = ROOT / "study", *, root: Path = ROOT) -> Study:
    """The study's source, checked against itself and against the repository at `root`.

    Raises:
        StudyError: something does not hold.
    """
    study = Study(
        needs=_form(folder / "needs.yaml", Needs),
        backlog=_form(folder / "backlog.yaml", Backlog),
        plan=_form(folder / "plan.yaml", Plan),
        risks=_form(folder / "risks.yaml", Risks),
        clouds=_form(folder / "clouds.yaml", Clouds),
        models=_form(folder / "llm.yaml", Models),
        stores=_form(folder / "vector_stores.yaml", VectorStores),
        watch=_form(folder / "watch.yaml", Watch),
        peers=_form(folder / "peers.yaml", Peers),
        measured=_measurements(folder / "measured.yaml"),
    )
    if problems := list(problems_of(study, root)):
        raise StudyError("\n".join(problems))
    return study


def problems_of(study: Study, root: Path = ROOT) -> Iterator[str]:
    """What does not fit together, in sentences."""
    yield from _names(study)
    yield from _priorities(study)
    yield from _weights(study)
    for where, path in _paths(study):
        if not (root / path).exists():
            yield f"{where}: {path} is not in the repository."
    for where, source in study.sources():
        if (problem := missing_quote(source, root)) is not None:
            yield f"{where}: {problem}"


def missing_quote(source: Source, root: Path = ROOT) -> str | None:
    """Why a quotation no longer holds; None when it does."""
    path = root / source.file
    if not path.is_file():
        return f"{source.file} is not in the repository."
    text = path.read_text("utf-8")
    if source.heading is not None:
        start = _section(text, source.heading)
        if start is None:
            return f"{source.file} has no heading « {source.heading} »."
        text = start
    if source.quote not in text:
        return f"« {source.quote} » no longer stands in {source.file}: the figure is stale."
    return None


def _section(text: str, heading: str) -> str | None:
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if line.startswith("#") and line.lstrip("#").strip() == heading:
            level = len(line) - len(line.lstrip("#"))
            rest = lines[number + 1 :]
            for count, other in enumerate(rest):
                hashes = len(other) - len(other.lstrip("#"))
                if 0 < hashes <= level and other[hashes : hashes + 1] == " ":
                    return "\n".join(rest[:count])
            return "\n".join(rest)
    return None


def _names(study: Study) -> Iterator[str]:
    roles = {one.id for one in study.plan.roles}
    epics = {one.id for one in study.backlog.epics}
    personas = {one.id for one in study.needs.personas}
    for story in study.backlog.stories:
        if story.role not in roles:
            yield f"backlog.yaml, {story.id}: there is no role {story.role!r}."
    for risk in study.risks.risks:
        if risk.owner not in roles:
            yield f"risks.yaml, {risk.id}: there is no role {risk.owner!r}."
    for need in study.needs.needs:
        if need.epic not in epics or not set(need.who) <= personas:
            yield f"needs.yaml, {need.id}: an epic or a person that there is not."
    milestones = {one.id for one in study.plan.milestones}
    if missing := {one.milestone for one in study.backlog.stories} - milestones:
        yield f"plan.yaml has no milestone {', '.join(sorted(missing))}."


def _priorities(study: Study) -> Iterator[str]:
    """Each story has one place in MoSCoW."""
    moscow = study.needs.moscow
    placed = [*moscow.must, *moscow.should, *moscow.could]
    stories = {one.id for one in study.backlog.stories}
    for one in sorted(stories - set(placed)):
        yield f"needs.yaml: {one} has no priority."
    for one in sorted({one for one in placed if placed.count(one) > 1}):
        yield f"needs.yaml: {one} has two priorities."
    for one in sorted(set(placed) - stories):
        yield f"needs.yaml: {one} is no story."


def _weights(study: Study) -> Iterator[str]:
    criteria = {one.id for one in study.clouds.criteria}
    judged = {one.id for one in study.clouds.criteria if not one.from_model}
    for cloud in study.clouds.clouds:
        if set(cloud.notes) != judged:
            yield f"clouds.yaml, {cloud.id}: a note for each criterion and for no other."
    for other in study.clouds.other_weights:
        if set(other.weights) != criteria:
            yield f"clouds.yaml, {other.name}: a weight for each criterion and for no other."


def _paths(study: Study) -> Iterator[tuple[str, str]]:
    for story in study.backlog.stories:
        yield f"backlog.yaml, {story.id}", story.proof
    for risk in study.risks.risks:
        yield f"risks.yaml, {risk.id}", risk.proof


def _measurements(path: Path) -> tuple[Measurement, ...]:
    adapter = TypeAdapter(tuple[Measurement, ...])
    try:
        return adapter.validate_python(_yaml(path))
    except ValidationError as error:
        raise StudyError(_told(path, error)) from None


def _told(path: Path, error: ValidationError) -> str:
    """One line for each of the first problems: the key, and what is wrong with it."""
    problems = [
        f"{path.name}, {'.'.join(str(part) for part in one['loc']) or 'whole'}: {one['msg']}"
        for one in error.errors()[:_MOST_PROBLEMS]
    ]
    return "\n".join(problems)


def _form(path: Path, form: type[_Form]) -> _Form:
    try:
        return form.model_validate(_yaml(path))
    except ValidationError as error:
        raise StudyError(_told(path, error)) from None


def _yaml(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text("utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise StudyError(f"{path.name} cannot be read: {error}") from error
