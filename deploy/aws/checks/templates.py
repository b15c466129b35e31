"""Reading synthesised templates: plain values, so that every look at them is a pure function."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Resource = dict[str, Any]


def read(folder: Path, environment: str) -> dict[str, dict[str, Any]]:
    """Part of the environment (base, data, …) → its template.

    Raises:
        FileNotFoundError: nothing of this environment was synthesised there.
    """
    prefix = f"puls-{environment}-"
    found = {
        file.name.removeprefix(prefix).removesuffix(".template.json"): json.loads(
            file.read_text(encoding="utf-8")
        )
        for file in sorted(folder.glob(f"{prefix}*.template.json"))
    }
    if not found:
        raise FileNotFoundError(f"There is no template of {environment} in {folder}.")
    return found


def resources(template: dict[str, Any], *kinds: str) -> Iterator[tuple[str, Resource]]:
    """Logical id and resource, of these types or of all."""
    for name, resource in template.get("Resources", {}).items():
        if not kinds or resource["Type"] in kinds:
            yield name, resource


def containers(template: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """`family/container` and its definition."""
    for _, task in resources(template, "AWS::ECS::TaskDefinition"):
        for container in task["Properties"]["ContainerDefinitions"]:
            yield f"{task['Properties']['Family']}/{container['Name']}", container


def statements(template: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Logical id and each statement that lets an identity do something; trust and resource policies are other things."""
    for name, resource in resources(template):
        properties = resource.get("Properties", {})
        documents = []
        if resource["Type"] in {"AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"}:
            documents.append(properties["PolicyDocument"])
        if resource["Type"] == "AWS::IAM::Role":
            documents += [one["PolicyDocument"] for one in properties.get("Policies", [])]
        for document in documents:
            for statement in document["Statement"]:
                yield name, statement


def many(value: Any) -> list[Any]:
    """CloudFormation writes one thing without its list."""
    return value if isinstance(value, list) else [value]


def text(value: Any) -> str:
    """A value with its references, short enough to be read: `Fn::Join` joined, `Ref` and `GetAtt` in angle brackets."""
    if isinstance(value, str | int | float | bool) or value is None:
        return str(value)
    if isinstance(value, dict) and len(value) == 1:
        function, given = next(iter(value.items()))
        if function == "Fn::Join":
            return str(given[0]).join(map(text, given[1]))
        if function == "Ref":
            return f"<{given}>"
        if function == "Fn::GetAtt":
            return f"<{'.'.join(given)}>"
        if function == "Fn::ImportValue":
            return f"<{text(given).rpartition(':ExportsOutput')[2]}>"
    return json.dumps(value, sort_keys=True)
