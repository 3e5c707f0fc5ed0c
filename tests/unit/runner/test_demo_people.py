"""The demo's people use any bot, as Discord would let them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpcore import AutocompleteContext, CommandContext, ComponentContext, ModalContext, Router
from gpcore.application.routes import Routes
from gpcore.domain.dispatches import INTERACTION_CREATE
from gpcore.domain.entities import Resolved
from gpcore.domain.envelope import Envelope
from gpcore.domain.interaction_reading import interaction_from
from gpcore.domain.options import convert
from gpcore.domain.secrets import Secret
from gprunner.demo.people import People
from tests.unit.testing.kit_bot import make_router

APPLICATION = "1214497633075331073"
ROUTES = make_router().compile()
BUTTON = {"type": 2, "style": 1, "label": "Go", "custom_id": "plain"}
OFF = {"type": 2, "style": 1, "label": "Off", "custom_id": "off", "disabled": True}
LINK = {"type": 2, "style": 5, "label": "Docs", "url": "https://example.invalid/"}
SELECT = {
    "type": 3,
    "custom_id": "pick",
    "min_values": 2,
    "max_values": 3,
    "options": [{"label": one, "value": one} for one in "abcd"],
}
PEOPLE = {"type": 5, "custom_id": "people", "max_values": 2}
FORM = {
    "title": "Form",
    "custom_id": "form:7",
    "components": [
        {"type": 18, "label": "What?", "component": {"type": 4, "custom_id": "what", "min_length": 12, "style": 1}},
        {"type": 18, "label": "Kind", "component": {**SELECT, "custom_id": "kind"}},
        {"type": 18, "label": "Who", "component": {"type": 5, "custom_id": "who"}},
        {"type": 18, "label": "One", "component": {"type": 21, "custom_id": "one", "options": SELECT["options"]}},
        {"type": 18, "label": "Sure", "component": {"type": 23, "custom_id": "sure"}},
        {"type": 18, "label": "File", "component": {"type": 19, "custom_id": "file"}},
        {"type": 10, "content": "Thank you"},
        {"type": 1, "components": [{"type": 4, "custom_id": "old", "style": 1, "max_length": 3}]},
    ],
}


@dataclass
class Answer:
    first: int | None = None
    answer: dict[str, Any] = field(default_factory=dict)
    original: dict[str, Any] | None = None
    loading: bool = False


class StandIn:
    """Answers every command alike, and everything else with a message without anything to press."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.answers: dict[str, Answer] = {}
        self.posted: list[dict[str, Any]] = []

    async def start(self) -> None: ...

    async def close(self) -> None: ...

    def register_interaction(
        self, interaction_id: str, token: str | None = None, *, kind: int | None = None, from_message: bool = False
    ) -> None:
        self.answers[interaction_id] = self.answer if kind == 2 else Answer(4, {}, {"id": "1", "components": []})

    def interaction(self, interaction_id: str) -> Answer | None:
        return self.answers.get(interaction_id)

    def messages(self) -> list[dict[str, Any]]:
        return self.posted


def a_message(*components: dict[str, Any], flags: int = 0) -> dict[str, Any]:
    rows = [{"type": 1, "components": [component]} for component in components]
    return {"id": "849256214691971078", "flags": flags, "components": rows}


def acts(stand_in: StandIn, *, routes: Routes = ROUTES, seed: int = 1, number: int = 200) -> Iterator[dict[str, Any]]:
    """Yield the interactions that people make, each answered before the next."""
    people = People(routes, stand_in, application_id=APPLICATION, seed=seed)
    for _ in range(number):
        done = people.next()
        if done is not None and done[0] == INTERACTION_CREATE:
            raw = done[1]
            stand_in.register_interaction(raw["id"], kind=raw["type"])
            yield raw


@given(seed=st.integers(0, 1 << 30))
def test_commands_have_options_that_their_handlers_take(seed: int) -> None:
    for raw in acts(StandIn(Answer()), seed=seed, number=20):
        interaction = interaction_from(
            Envelope(
                event_id="1",
                event_type="interaction",
                published_at_ms=0,
                wire_format="v2",
                raw=raw,
                interaction_id=raw["id"],
                interaction_token=Secret(raw["token"]),
                data={},
            )
        )
        assert interaction is not None
        found = ROUTES.find(interaction)
        assert found is not None
        handler, call, _ = found
        for spec in handler.options:
            assert call is not None
            convert(spec, call.options[spec.name], Resolved(raw["data"]["resolved"]))


def test_people_press_and_choose_only_what_they_are_shown() -> None:
    shown = a_message(BUTTON, OFF, LINK, SELECT, PEOPLE)
    used = [raw for raw in acts(StandIn(Answer(4, {}, shown))) if raw["type"] == 3]

    assert {raw["data"]["custom_id"] for raw in used} == {"plain", "pick", "people"}
    assert all(raw["message"]["id"] == shown["id"] for raw in used)
    for raw in used:
        data = raw["data"]
        if data["custom_id"] == "pick":
            assert 2 <= len(set(data["values"])) <= 3
            assert set(data["values"]) <= set("abcd")
        if data["custom_id"] == "people":
            assert set(data["values"]) == set(data["resolved"]["users"])


def test_only_the_user_uses_an_ephemeral_message() -> None:
    stand_in = StandIn(Answer(4, {}, a_message(BUTTON, flags=64)))
    users: dict[str, str] = {}
    for raw in acts(stand_in):
        users[raw["id"]] = raw["member"]["user"]["id"]
        if raw["type"] == 3:
            assert raw["member"]["user"]["id"] in users.values()
    public = [raw for raw in acts(StandIn(Answer(4, {}, a_message(BUTTON)))) if raw["type"] == 3]
    assert len(public) > 20


def test_a_form_is_filled_in_once_as_it_was_opened() -> None:
    stand_in = StandIn(Answer(9, FORM))
    sent = [raw for raw in acts(stand_in) if raw["type"] == 5]

    assert len(sent) > 5
    for raw in sent:
        what, kind, who, one, sure, file, _, old = raw["data"]["components"]
        assert len(what["component"]["value"]) >= 12
        assert 2 <= len(kind["component"]["values"]) <= 3
        assert set(who["component"]["values"]) == set(raw["data"]["resolved"]["users"])
        assert one["component"]["value"] in set("abcd")
        assert sure["component"]["value"] in (True, False)
        assert set(file["component"]["values"]) == set(raw["data"]["resolved"]["attachments"])
        assert len(old["components"][0]["value"]) <= 3


@pytest.mark.parametrize("answer", [Answer(), Answer(5, {}, a_message(BUTTON), loading=True), Answer(8)])
def test_nobody_goes_on_before_there_is_an_answer(answer: Answer) -> None:
    assert {raw["type"] for raw in acts(StandIn(answer))} <= {2, 4}


def test_what_was_updated_is_used_as_it_is_now() -> None:
    stand_in = StandIn(Answer(4, {}, a_message(BUTTON)))
    raws = acts(stand_in, number=90)
    pressed = next(raw for raw in raws if raw["type"] == 3)
    stand_in.answers[pressed["id"]] = Answer(
        7, {"components": a_message({**BUTTON, "custom_id": "page:2"})["components"]}
    )

    assert {raw["data"]["custom_id"] for raw in raws if raw["type"] == 3} == {"page:2"}


def test_an_edit_after_a_deferred_update_counts_too() -> None:
    stand_in = StandIn(Answer(4, {}, a_message(BUTTON)))
    raws = acts(stand_in, number=90)
    first, second = [next(raw for raw in raws if raw["type"] == 3) for _ in range(2)]
    changed = {"content": "", "edited_timestamp": "now", **a_message({**BUTTON, "custom_id": "page:3"})}
    stand_in.answers[first["id"]] = Answer(6, {}, None)
    stand_in.answers[second["id"]] = Answer(6, {}, changed)

    assert {raw["data"]["custom_id"] for raw in raws if raw["type"] == 3} == {"page:3"}


def test_messages_in_channels_are_used_by_whoever_comes_by() -> None:
    stand_in = StandIn(Answer())
    stand_in.posted = [a_message(BUTTON)]

    assert any(raw["type"] == 3 for raw in acts(stand_in))


def test_the_same_seed_makes_the_same_choices() -> None:
    def told(seed: int) -> list[Any]:
        return [
            raw["data"].get("options") or raw["data"].get("custom_id") for raw in acts(StandIn(Answer()), seed=seed)
        ]

    assert told(5) == told(5)
    assert told(5) != told(6)


def test_there_is_nothing_to_do_with_a_bot_that_nobody_can_begin_with() -> None:
    router = Router()

    @router.component("lonely")
    async def lonely(ctx: ComponentContext) -> None:
        """Wait to be shown."""

    @router.modal("form")
    async def form(ctx: ModalContext) -> None:
        """Likewise."""

    assert People(router.compile(), StandIn(Answer()), application_id=APPLICATION, seed=1).next() is None

    @router.command("hello")
    async def hello(ctx: CommandContext) -> None:
        """Begin."""

    assert People(router.compile(), StandIn(Answer()), application_id=APPLICATION, seed=1).next() is not None


def test_people_type_into_an_option_of_its_own_type() -> None:
    router = Router()

    @router.command("pay")
    async def pay(ctx: CommandContext, whom: str, coins: int, rate: float) -> None: ...

    for option in ("whom", "coins", "rate"):

        @router.autocomplete("pay", option)
        async def guess(ctx: AutocompleteContext, typed: str) -> None: ...

    typed = [raw["data"]["options"][0] for raw in acts(StandIn(Answer()), routes=router.compile()) if raw["type"] == 4]

    assert {(option["name"], option["type"]) for option in typed} == {("whom", 3), ("coins", 4), ("rate", 10)}
    assert all(isinstance(option["value"], str) for option in typed)
