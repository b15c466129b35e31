"""null means absent: how many clients write a field that they leave out.

Enter at `NullIsAbsent`, the base of every shape that is read from a program.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue


class NullIsAbsent(BaseModel):
    """A shape in which a known field that is null is as if it had not been sent; its description says so too."""

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, values: Any) -> Any:
        if not isinstance(values, Mapping):
            return values
        known = set(cls.model_fields) | {field.alias for field in cls.model_fields.values()}
        return {
            name: value for name, value in values.items() if value is not None or name not in known
        }

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: Any, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        described = handler(core_schema)
        shape = handler.resolve_ref_schema(described)
        required = shape.get("required", ())
        for name, field in shape.get("properties", {}).items():
            if name not in required:
                shape["properties"][name] = _or_null(field)
        return described


def _or_null(field: JsonSchemaValue) -> JsonSchemaValue:
    """The description of a field, null included; what is said beside the type stays beside it."""
    alternatives = field.get("anyOf")
    if alternatives is not None:
        if not any(one.get("type") == "null" for one in alternatives):
            field["anyOf"] = [*alternatives, {"type": "null"}]
        return field
    beside = {name: field.pop(name) for name in _BESIDE if name in field}
    return {"anyOf": [field, {"type": "null"}], **beside}


_BESIDE = ("title", "description", "default", "examples", "deprecated")
