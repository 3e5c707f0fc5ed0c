"""JSON Schema of the wire formats, for those who write publishers."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from pydantic import TypeAdapter

from gpadapters.wire.discord_models import GatewayFrame, Wrapper
from gpadapters.wire.envelope_models import EventEnvelope, InteractionEnvelope, RawEnvelope

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

_SHAPES: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "v1": InteractionEnvelope | EventEnvelope,
        "v2": RawEnvelope,
        "frame": GatewayFrame | Wrapper,
    }
)


def wire_schemas() -> dict[str, dict[str, Any]]:
    """Return the JSON Schema of each format by name.

    A schema says what the strict models say. What depends on several fields (an event type and the
    command's name, header and ``raw``) or on the kind of Discord's object is not in it.
    """
    return {
        name: {"$schema": _DIALECT, "title": f"gp wire format {name}", **_untitled(TypeAdapter(shape).json_schema())}
        for name, shape in _SHAPES.items()
    }


def _untitled(schema: dict[str, Any]) -> dict[str, Any]:
    return {keyword: value for keyword, value in schema.items() if keyword != "title"}
