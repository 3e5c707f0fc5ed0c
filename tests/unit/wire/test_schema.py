import json

from gpadapters.wire.json_codec import WIRE_FORMATS
from gpadapters.wire.schema import wire_schemas


def test_every_format_has_a_schema_that_is_json() -> None:
    schemas = wire_schemas()
    assert tuple(schemas) == WIRE_FORMATS
    assert json.loads(json.dumps(schemas)) == schemas


def test_the_schema_of_v2_says_which_fields_are_required() -> None:
    assert set(wire_schemas()["v2"]["required"]) == {"v", "eventId", "eventType", "timestamp", "raw"}


def test_a_schema_bounds_what_the_codec_bounds() -> None:
    properties = wire_schemas()["v2"]["properties"]
    assert properties["timestamp"]["minimum"] == 1_420_070_400_000
    assert "pattern" in properties["eventId"]
