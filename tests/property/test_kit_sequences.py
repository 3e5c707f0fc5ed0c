"""Whatever a test does with the kit: the kit itself does not fail, and Discord would have said the same.

The simulator of Discord, whose rules are written apart from the kit's twin and from the core's, hears
every call as it is made. What the twin took it must take, and what the twin refused it must refuse.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpadapters.discord import payloads
from gpadapters.simulator import errors
from gpadapters.simulator.asking import Asked
from gpadapters.simulator.interaction_state import Interactions, SimulatedInteraction
from gpadapters.simulator.interactions import InteractionEndpoints
from gpadapters.simulator.rate_limits import Allowance
from gpadapters.simulator.world import World
from gpcore.domain.messages import CallbackType
from gpcore.errors import (
    AlreadyAcknowledgedError,
    InteractionExpiredError,
    PortRejectedError,
    PortThrottledError,
    PortTimeoutError,
)
from gprunner.settings import EMBEDDED_APPLICATION_ID
from gprunner.testing import Result, TestClient
from gprunner.testing.lines import Call
from gprunner.testing.stories import Story
from tests.unit.testing.kit_bot import make_router

pytestmark = pytest.mark.property

COMMANDS = [
    "ping",
    "sleep",
    "cool",
    "fail",
    "tell",
    "again",
    "reject",
    "hidden",
    "panel",
    "layout",
    "form",
    "followups",
    "vanish",
    "illegal",
    "empty",
    "many",
    "recall",
]
ERRORS: list[Callable[[], Exception]] = [
    lambda: PortThrottledError("slow down", retry_after=0.5),
    lambda: PortTimeoutError("lost"),
    lambda: PortRejectedError("no", code=50013),
]
USES = st.tuples(st.just("command"), st.sampled_from(COMMANDS))
STEPS = st.one_of(
    USES,
    USES,
    USES,
    st.tuples(st.just("guest"), st.sampled_from(["many", "followups"])),
    st.tuples(st.sampled_from(["click", "select", "submit", "redeliver", "settle"]), st.integers(0, 50)),
    st.tuples(st.just("event"), st.just("member.join")),
    st.tuples(st.just("advance"), st.sampled_from([0.0, 0.5, 1.0, 3.0, 31.0, 900.0])),
    st.tuples(st.just("start"), st.sampled_from(["sleep", "again", "panel"])),
    st.tuples(st.sampled_from(["state down", "discord down", "second", "crash", "lost"]), st.just(0)),
    st.tuples(st.just("answers"), st.integers(0, len(ERRORS) - 1)),
)


MOST_WORKERS = 4


class Referee:
    """Repeats every call at the simulator.

    Attributes:
        heard: How many calls were repeated.
        complaints: What went otherwise there; kept, because whatever a call raises is the handler's.
    """

    def __init__(self, client: TestClient) -> None:
        self.complaints: list[str] = []
        self.heard = 0
        self._client = client
        self._ids: dict[str, str] = {}
        allowance = Allowance(limit=10**9, seconds=1.0)
        self._world = World(
            now=lambda: client._stage.time.clock.now_us() / 1e6,
            open=False,
            bot_token=None,
            webhook_allowance=allowance,
            bot_allowance=allowance,
            global_allowance=allowance,
            interactions=Interactions(open_to_strangers=False),
        )
        self._endpoints = InteractionEndpoints(self._world)
        line = client._stage.lines.discord
        self._inner, line.hear = line.hear, self.hear

    def hear(self, call: Call) -> None:
        self._inner(call)
        if call.token is None or call.operation == "followups.fetch":
            return
        if not (call.effective or isinstance(call.error, PortRejectedError)) or getattr(call.error, "code", 0) == 50013:
            return  # The test let it fail before Discord heard of it.
        self.heard += 1
        (story,) = [one for one in self._client._stage.journal.stories if one.token == call.token]
        try:
            self._repeat(call, self._known(story))
        except errors.ApiError as error:
            gone = call.operation == "followups.delete" and error.status == 404
            if call.effective and not gone:
                self.complaints.append(f"Discord would have refused {call}: {error}")
            elif not call.effective and not _same(call.error, error):
                self.complaints.append(f"Discord would have refused {call} otherwise: {error}")
        else:
            if not call.effective:
                self.complaints.append(f"Discord would have taken {call}")

    def _known(self, story: Story) -> SimulatedInteraction:
        found = self._world.interactions.get(story.key)
        if found is None:
            assert story.token is not None
            found = SimulatedInteraction(
                id=story.key,
                token=story.token.reveal(),
                kind=story.raw["type"],
                application_id=EMBEDDED_APPLICATION_ID,
                from_message="message" in story.raw,
                user_install_only=story.scene.user_install_only,
            )
            self._world.interactions.add(found)
        return found

    def _repeat(self, call: Call, interaction: SimulatedInteraction) -> None:
        arguments = call.arguments
        message_id = arguments.get("message_id", "@original")
        params = {
            "interaction_id": interaction.id,
            "interaction_token": interaction.token or "",
            "application_id": EMBEDDED_APPLICATION_ID,
            "message_id": self._ids.get(message_id, message_id),
        }
        match call.operation.partition(".")[2]:
            case "respond":
                self._endpoints.callback(self._asked(params, payloads.callback(arguments["callback"])))
            case "create":
                made = self._endpoints.create(self._asked(params, payloads.new_message(arguments["message"])))
                if call.result is not None:
                    self._ids[call.result.id] = str(made.body["id"])  # type: ignore[index]  # a message
            case "edit":
                self._endpoints.edit(self._asked(params, payloads.changed_message(arguments["message"])))
            case "delete":
                self._endpoints.delete(self._asked(params, None))
            case other:
                raise AssertionError(f"an operation that nobody checks: {other}")

    def _asked(self, params: Mapping[str, str], body: object) -> Asked:
        return Asked(params=params, query={}, body=body, files=(), now=self._world.now())


def _same(mine: Exception | None, discords: errors.ApiError) -> bool:
    code = discords.body["code"]
    if isinstance(mine, AlreadyAcknowledgedError):
        return code == 40060
    if isinstance(mine, InteractionExpiredError):
        return code in (10062, 10015, 50027)
    return isinstance(mine, PortRejectedError) and mine.code == code


async def _play(steps: list[tuple[str, Any]]) -> None:
    async with TestClient(make_router()) as client:
        referee = Referee(client)
        results: list[Result] = []
        for kind, what in steps:
            await _step(client, results, kind, what)
        await client.advance(1000)
        assert referee.complaints == []
        for result in results:
            _check(result)


async def _step(client: TestClient, results: list[Result], kind: str, what: Any) -> None:  # noqa: ANN401 - a step's own
    if isinstance(what, str):
        results.append(await _begin(client, kind, what))
    elif kind in ("state down", "discord down"):
        with client.state_down() if kind == "state down" else client.discord_down():
            results.append(await client.command("sleep"))
    elif kind in ("click", "select", "submit", "redeliver", "settle"):
        if results:
            await _go_on(client, results, kind, what)
    else:
        await _disturb(client, kind, what)


async def _begin(client: TestClient, kind: str, name: str) -> Result:
    match kind:
        case "start":
            return await client.start.command(name)
        case "guest":
            return await client.acting(user_install_only=True).command(name)
        case "event":
            return await client.event(name)
        case _:
            return await client.command(name)


async def _go_on(client: TestClient, results: list[Result], kind: str, number: int) -> None:
    result = results[number % len(results)]
    match kind:
        case "click":
            await _click(result, results, number)
        case "select" if any(control.custom_id == "pick" for shown in _seen(result) for control in shown.controls):
            results.append(await result.select("a", name="pick"))
        case "submit" if result.answer is CallbackType.MODAL:
            results.append(await result.submit(what="fine"))
        case "redeliver":
            await client.redeliver(result)
        case "settle":
            await result.settled()
        case _:
            pass


async def _disturb(client: TestClient, kind: str, what: Any) -> None:  # noqa: ANN401 - a step's own
    match kind:
        case "advance":
            await client.advance(what)
        case "answers":
            client.discord_answers(ERRORS[what]())
        case "lost":
            client.discord_answers(PortTimeoutError("lost"), after_effect=True)
        case "second" if len(client.workers) < MOST_WORKERS:
            await client.second_worker()
        case "crash":
            await client.crash()
            await client.second_worker()
        case _:
            pass


def _seen(result: Result) -> list[Any]:
    return [result._sender.shown(posted) for posted in result._visible()]


async def _click(result: Result, results: list[Result], number: int) -> None:
    usable = [
        control
        for shown in _seen(result)
        for control in shown.controls
        if control.type == 2 and control.custom_id and not control.disabled
    ]
    if usable:
        results.append(await result.click(usable[number % len(usable)].custom_id or ""))


def _check(result: Result) -> None:
    assert result.outcome != "pending"
    assert str(result.raw.get("token")) not in repr(result) or "token" not in result.raw
    answers = [call for call in result._story.calls if call.operation.endswith("respond") and call.effective]
    assert len(answers) <= 1, result.transcript
    if answers:
        assert result.answer is answers[0].arguments["callback"].type


@given(steps=st.lists(STEPS, min_size=4, max_size=20))
def test_no_sequence_of_calls_breaks_the_kit_or_discords_rules(steps: list[tuple[str, Any]]) -> None:
    asyncio.run(_play(steps))
