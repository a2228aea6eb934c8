"""Schemas: what the classes of the service and of the kernel look like in its description.

One plug-in for all attrs classes: nothing beside their fields is allowed, events and entries say
their kind, and what the service fills in is no part of what it is given.
"""

from __future__ import annotations

import typing
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs
from litestar.openapi.spec import OpenAPIType, Schema
from litestar.plugins import OpenAPISchemaPlugin
from litestar.typing import FieldDefinition

from cpplan.codec import KIND as EVENT
from cpplan.entries import ENTRIES, KIND, Recording
from cpplan.events import KINDS, Event
from cpplan.events.base import Count
from cpplan.fields import MISSING
from cpplan.service.asking import LONGEST_TEAM, MOST_PLANS, NAME, Said
from cpplan.service.converting import FILLED_IN

if TYPE_CHECKING:
    from litestar._openapi.schema_generation import SchemaCreator

_SOMETHING = {"pattern": r"\S"}
_NAMED = {"pattern": NAME, "min_length": 1, "max_length": 200}
LIMITS: Mapping[tuple[str, str], Mapping[str, Any]] = {
    ("EntryFor", "plan"): _NAMED,
    ("EntryFor", "expected"): {"minimum": 0, "maximum": 2**31 - 1},
    ("NewEntry", "expected"): {"minimum": 0, "maximum": 2**31 - 1},
    ("NewEntries", "entries"): {"min_items": 1, "max_items": MOST_PLANS},
    ("Team", "team"): {"max_length": LONGEST_TEAM},
    ("Said", "id"): _NAMED,
    ("Said", "of"): _SOMETHING,
    ("Said", "why"): _SOMETHING,
    ("Said", "to_procedure"): _SOMETHING,
    ("Said", "to_digest"): _SOMETHING,
}
"""What is asked of fields beside their types, by the validators of their classes."""


class Schemas(OpenAPISchemaPlugin):
    """Draws the schema of every attrs class."""

    @staticmethod
    def is_plugin_supported_type(value: Any) -> bool:
        """Return whether this is an attrs class."""
        return attrs.has(value)

    def to_openapi_schema(self, field_definition: FieldDefinition, schema_creator: Any) -> Schema:
        """Return the schema of a class, kept among the components of the description."""
        cls = field_definition.annotation
        if cls is Event:
            events = (_field(kind) for kind in KINDS.values())
            return _either(
                cls, [schema_creator.for_field_definition(e) for e in events], schema_creator
            )
        if cls is Said:
            entries = [_said(kind, schema_creator) for kind in ENTRIES.values()]
            return _either(cls, entries, schema_creator)
        return _component(cls, schema_creator)


def _either(cls: type, several: list[Any], creator: SchemaCreator) -> Schema:
    schema = creator.create_component_schema(_field(cls), required=[], property_fields={})
    schema.one_of, schema.properties, schema.required = several, None, None
    schema.description = _summary(cls)
    return schema


def _component(cls: type, creator: SchemaCreator) -> Schema:
    fields = {name: _field(hint) for name, hint in _hints(cls).items()}
    schema = creator.create_component_schema(
        _field(cls), required=sorted(_required(cls)), property_fields=fields
    )
    return _closed(schema, cls, cls.__name__)


def _said(cls: type[Recording], creator: SchemaCreator) -> Schema:
    """Return the schema of an entry as it is asked to be recorded."""
    fields = {
        name: creator.for_field_definition(_field(hint))
        for name, hint in _hints(cls).items()
        if name not in FILLED_IN
    }
    schema = Schema(
        title=f"{cls.__name__} (asked)",
        type=OpenAPIType.OBJECT,
        properties=fields,
        required=sorted(_required(cls) - FILLED_IN.keys()),
    )
    return _closed(schema, cls, Said.__name__)


def _closed(schema: Schema, cls: type, name: str) -> Schema:
    """Allow nothing else, require the kind where there is one, and state the limits."""
    schema.additional_properties = False
    schema.description = _summary(cls)
    properties = dict(schema.properties or {})
    for field, limits in _limits(cls, name).items():
        properties[field] = _limited(properties[field], limits)
    kind = _kind_of(cls)
    if kind is not None:
        key, value = kind
        properties = {key: Schema(type=OpenAPIType.STRING, const=value), **properties}
        schema.required = [key, *(schema.required or [])]
    schema.properties = properties
    return schema


def _limits(cls: type, name: str) -> dict[str, Mapping[str, Any]]:
    stated = {field: limits for (owner, field), limits in LIMITS.items() if owner == name}
    found = {field: limits for field, limits in stated.items() if field in _hints(cls)}
    for field in attrs.fields(cls):
        # Given or not.
        inner = getattr(field.validator, "validator", field.validator)
        if isinstance(inner, Count):
            found[field.name] = {"minimum": inner.bound, "maximum": inner.largest}
    return found


def _limited(schema: Any, limits: Mapping[str, Any]) -> Any:
    """Return a field's schema with limits; of a field that may be null, those of the rest."""
    if schema.one_of:
        first, *others = schema.one_of
        return _with(schema, one_of=[_limited(first, limits), *others])
    return _with(schema, **limits)


def _with(schema: Schema, **changed: Any) -> Schema:
    """Return a schema with other values: Litestar's are dataclasses, and may be shared."""
    made = Schema(**vars(schema)) if hasattr(schema, "__dict__") else schema
    for name, value in changed.items():
        setattr(made, name, value)
    return made


def _kind_of(cls: type) -> tuple[str, str] | None:
    if issubclass(cls, Event):
        return EVENT, cls.kind
    return (KIND, cls.kind) if issubclass(cls, Recording) else None


def _hints(cls: type) -> dict[str, Any]:
    hints = typing.get_type_hints(cls)
    return {field.name: hints[field.name] for field in attrs.fields(cls)}


def _required(cls: type) -> set[str]:
    """Return the fields that are always there: those whose absence would not mean empty."""
    return {field.name for field in attrs.fields(cls) if field.default not in MISSING}


def _summary(cls: type) -> str:
    return str(cls.__doc__).partition("\n")[0]


def _field(hint: Any) -> FieldDefinition:
    return FieldDefinition.from_annotation(hint)
