from typing import Any

import pytest

from tests.unit.simulator.world import Client

BUTTON = {"type": 2, "style": 1, "label": "x", "custom_id": "x"}
V2 = 32768


def a_row(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(parts)}


def buttons(number: int) -> list[dict[str, Any]]:
    return [BUTTON | {"custom_id": f"b{index}"} for index in range(number)]


def a_select(**changes: object) -> dict[str, Any]:
    return {"type": 3, "custom_id": "s", "options": [{"label": "a", "value": "a"}]} | changes


def a_modal(**changes: object) -> dict[str, Any]:
    field = {"type": 4, "custom_id": "t", "style": 1}
    return {"title": "t", "custom_id": "m", "components": [{"type": 18, "label": "l", "component": field}]} | changes


def a_form_of(**field: object) -> dict[str, Any]:
    return a_modal(components=[{"type": 18, "label": "l", "component": {"custom_id": "f"} | field}])


def options(number: int, **changes: object) -> list[dict[str, Any]]:
    return [{"label": str(index), "value": str(index)} | changes for index in range(number)]


GOOD = [
    (4, {"content": "😀" * 1_000}),
    (4, {"embeds": [{"description": "x" * 4_096}, {"description": "x" * 1_904}]}),
    (4, {"components": [a_row(*buttons(5))] + [a_row(BUTTON | {"custom_id": f"r{index}"}) for index in range(4)]}),
    (4, {"flags": V2 | 64, "components": [{"type": 10, "content": "x" * 4_000}]}),
    (4, {"flags": V2, "components": [{"type": 17, "components": [a_row(a_select())]}]}),
    (8, {"choices": [{"name": str(index), "value": index} for index in range(25)]}),
    (9, a_modal(title="x" * 45)),
    (9, a_form_of(type=19, min_values=0, max_values=10, required=False)),
    (9, a_form_of(type=21, options=options(2))),
    (9, a_form_of(type=22, options=options(10), min_values=2, max_values=3)),
    (9, a_form_of(type=23, default=True)),
    (9, a_form_of(**a_select(min_values=0, required=False))),
]

BAD = [
    (4, {"content": "x" * 2_001}, "content"),
    (4, {"content": "😀" * 1_001}, "content"),
    (4, {"content": 7}, "content"),
    (4, {"embeds": [{"title": "x"}] * 11}, "embeds"),
    (4, {"embeds": [{"description": "x" * 4_096}, {"description": "x" * 1_905}]}, "embeds"),
    (4, {"embeds": [{"title": "x" * 257}]}, "embeds.0.title"),
    (4, {"embeds": [{"fields": [{"name": "n", "value": ""}]}]}, "embeds.0.fields.0.value"),
    (4, {"embeds": [{"fields": [{"name": "n", "value": "v"}] * 26}]}, "embeds.0.fields"),
    (4, {"embeds": [{"footer": {"text": "x" * 2_049}}]}, "embeds.0.footer.text"),
    (4, {"content": "x", "flags": 128}, "flags"),
    (7, {"content": "x", "flags": 64}, "flags"),
    (5, {"flags": 4}, "flags"),
    (4, {"content": "x", "components": [a_row(BUTTON | {"custom_id": f"r{i}"}) for i in range(6)]}, "components"),
    (4, {"content": "x", "components": [a_row(*buttons(6))]}, "components.0.components"),
    (4, {"content": "x", "components": [a_row()]}, "components.0.components"),
    (4, {"content": "x", "components": [a_row(a_select(), BUTTON)]}, "components.0.components"),
    (4, {"content": "x", "components": [a_row(BUTTON, BUTTON)]}, "components"),
    (4, {"content": "x", "components": [BUTTON]}, "components.0.type"),
    (
        4,
        {"content": "x", "components": [a_row(BUTTON | {"custom_id": "x" * 101})]},
        "components.0.components.0.custom_id",
    ),
    (4, {"content": "x", "components": [a_row(BUTTON | {"label": "x" * 81})]}, "components.0.components.0.label"),
    (4, {"content": "x", "components": [a_row({"type": 2, "style": 5})]}, "components.0.components.0.url"),
    (4, {"content": "x", "components": [a_row(a_select(options=[]))]}, "components.0.components.0.options"),
    (4, {"content": "x", "components": [a_row(a_select(max_values=26))]}, "components.0.components.0.max_values"),
    (
        4,
        {"content": "x", "components": [a_row(a_select(placeholder="x" * 151))]},
        "components.0.components.0.placeholder",
    ),
    (4, {"content": "x", "components": [{"type": 10, "content": "x"}]}, "components.0.type"),
    (4, {"flags": V2, "content": "x", "components": [{"type": 10, "content": "x"}]}, "content"),
    (4, {"flags": V2, "embeds": [{"title": "x"}], "components": [{"type": 10, "content": "x"}]}, "embeds"),
    (4, {"flags": V2, "components": [{"type": 10, "content": "x"}] * 41}, "components"),
    (4, {"flags": V2, "components": [{"type": 10, "content": "x" * 4_001}]}, "components.0.content"),
    (4, {"content": "x", "allowed_mentions": {"users": ["1"] * 101}}, "allowed_mentions.users"),
    (4, {"content": "x", "attachments": [{"id": 0}] * 11}, "attachments"),
    (8, {"choices": [{"name": "x", "value": "x"}] * 26}, "choices"),
    (8, {"choices": [{"name": "", "value": "x"}]}, "choices.0.name"),
    (8, {"choices": [{"name": "x", "value": "x" * 101}]}, "choices.0.value"),
    (8, {}, "choices"),
    (9, a_modal(title="x" * 46), "title"),
    (9, a_modal(custom_id=""), "custom_id"),
    (9, a_modal(components=[]), "components"),
    (9, {"title": "t", "custom_id": "m"}, "components"),
    (9, a_modal(components=[{"type": 18, "label": "x" * 46, "component": {}}]), "components.0.label"),
    (9, a_modal(components=[{"type": 18, "label": "x", "component": {"type": 2}}]), "components.0.component.type"),
    (9, a_modal(components=[a_row(a_select())]), "components.0.components.0.type"),
    (
        9,
        a_modal(
            components=[
                {"type": 18, "label": "x", "component": {"type": 4, "custom_id": "t", "style": 1, "value": "x" * 4_001}}
            ]
        ),
        "components.0.component.value",
    ),
    (9, a_form_of(type=19, min_values=0), "components.0.component.min_values"),
    (9, a_form_of(type=19, max_values=11), "components.0.component.max_values"),
    (9, a_form_of(type=21, options=options(1)), "components.0.component.options"),
    (9, a_form_of(type=21, options=options(2, label="")), "components.0.component.options.1.label"),
    (9, a_form_of(type=22), "components.0.component.options"),
    (9, a_form_of(type=22, options=options(11)), "components.0.component.options"),
    (9, a_form_of(type=22, options=options(1, description="x" * 101)), "components.0.component.options.0.description"),
    (9, a_form_of(type=22, options=options(2), min_values=0), "components.0.component.min_values"),
    (9, a_form_of(**a_select(disabled=True)), "components.0.component.disabled"),
    (9, a_form_of(**a_select(min_values=0)), "components.0.component.min_values"),
]


@pytest.mark.parametrize(("kind", "data"), GOOD)
async def test_what_is_within_the_limits_is_taken(client: Client, kind: int, data: dict[str, Any]) -> None:
    reply = await client.answer(client.known(kind=None), kind, data)

    assert (reply.status, reply.text) == (204, "")


@pytest.mark.parametrize(("kind", "data", "path"), BAD)
async def test_what_is_beyond_a_limit_is_refused_where_it_stands(
    client: Client, kind: int, data: dict[str, Any], path: str
) -> None:
    reply = await client.answer(client.known(kind=None), kind, data)

    assert (reply.status, reply.code) == (400, 50035)
    node = reply.body["errors"]["data"]
    for name in path.split("."):
        node = node[name]
    assert node["_errors"]


async def test_an_empty_message_is_refused(client: Client) -> None:
    assert (await client.answer(client.known(), 4, {"content": ""})).code == 50006
