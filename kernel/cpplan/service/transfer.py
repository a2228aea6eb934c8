"""Transfer: how Litestar reads what is asked and writes what is answered, by the kernel's codec."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import attrs
from litestar.dto import AbstractDTO
from litestar.dto.config import DTOConfig
from litestar.dto.data_structures import DTOFieldDefinition
from litestar.openapi.spec import Reference, Schema
from litestar.typing import FieldDefinition

from cpplan.service.converting import answered, asked


class Strict(AbstractDTO[Any]):
    """Reads strictly: every mistake is told, nothing is coerced, nothing unknown passes."""

    config = DTOConfig()

    def decode_bytes(self, value: bytes) -> Any:
        """Return what the body of a request says, as the handler's class."""
        field = self.asgi_connection.route_handler.parsed_data_field
        return asked(value, field.annotation)

    def data_to_encodable_type(self, data: Any) -> Any:
        """Return an answer as plain data."""
        return answered(data)

    @classmethod
    def is_supported_model_type_field(cls, field_definition: FieldDefinition) -> bool:
        """Return whether this is one of the classes that are asked and answered."""
        return attrs.has(field_definition.annotation)

    @classmethod
    def create_for_field_definition(
        cls, field_definition: FieldDefinition, handler_id: str, backend_cls: Any = None
    ) -> None:
        """Do nothing: there is no class in between."""

    @classmethod
    def create_openapi_schema(
        cls,
        field_definition: FieldDefinition,
        handler_id: str,  # noqa: ARG003  # Litestar's signature
        schema_creator: Any,
    ) -> Reference | Schema:
        """Return the schema of the handler's own class."""
        schema: Reference | Schema = schema_creator.for_field_definition(field_definition)
        return schema

    @classmethod
    def generate_field_definitions(
        cls,
        model_type: type[Any],  # noqa: ARG003  # Litestar's signature
    ) -> Generator[DTOFieldDefinition, None, None]:
        """Yield nothing: fields are the codec's to know."""
        yield from ()

    @classmethod
    def detect_nested_field(
        cls,
        field_definition: FieldDefinition,  # noqa: ARG003  # Litestar's signature
    ) -> bool:
        """Return that nothing is nested: fields are the codec's to know."""
        return False
