"""No sequence of ctx calls produces a request that Discord would refuse for its state.

Handlers of every kind and policy do what hypothesis thinks of, through the production code of a worker. Every
call that reaches Discord is judged by the twin in memory and, by the referee, by the rules of the stand-in Discord,
which are written apart from the core's.
"""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpcore import (
    AutocompleteContext,
    Button,
    Choice,
    CommandContext,
    ComponentContext,
    Container,
    Defer,
    Embed,
    InteractionContext,
    Modal,
    ModalContext,
    ReplyStateError,
    Router,
    Row,
    SentMessage,
    TextDisplay,
    TextInput,
    UserError,
)
from gprunner.testing import Result, TestClient
from tests.property.test_kit_sequences import Referee

pytestmark = pytest.mark.property

Script = Sequence[tuple[str, Any]]

VISIBLE = st.sampled_from([None, True, False])
ACTIONS = st.one_of(
    st.tuples(st.sampled_from(["reply", "followup", "defer", "reply", "followup", "reply v2"]), VISIBLE),
    st.tuples(
        st.sampled_from(["edit", "edit v2", "edit buttons", "delete", "update", "show_modal", "suggest"]), st.none()
    ),
    st.tuples(st.sampled_from(["edit followup", "delete followup"]), st.integers(0, 3)),
    st.tuples(st.just("sleep"), st.sampled_from([0.1, 1.5, 3.0])),
)
SCRIPTS = st.lists(ACTIONS, max_size=10)
ENDS = st.sampled_from(["return", "say", "raise", "tell"])
POLICIES = st.sampled_from(
    [Defer.never(), Defer.always(), Defer.always(ephemeral=True), Defer.auto(after=1.0), Defer.auto(ephemeral=True)]
)
KINDS = st.sampled_from(["command", "guest", "component", "modal", "modal from a message", "autocomplete"])

FORM = Modal("Form", id="form", fields=[TextInput("text", label="Text", required=False)])
V2 = [Container(TextDisplay("hello"))]
PANEL = [Row(Button("Press", id="press"), Button("Open", id="open"))]


class Play:
    """What a handler does, and what it met."""

    def __init__(self, script: Script, end: str) -> None:
        self._end = end
        self.begin(script)

    def begin(self, script: Script) -> None:
        """Take another script, for the next one who uses the bot."""
        self._script = script
        self.refused: list[str] = []
        self._sent: list[SentMessage] = []

    async def __call__(self, ctx: InteractionContext | AutocompleteContext) -> Any:  # noqa: ANN401 - a handler's
        for name, value in self._script:
            try:
                await self._act(ctx, name, value)
            except ReplyStateError as error:
                self.refused.append(str(error))
        if self._end == "raise":
            raise RuntimeError("a bug")
        if self._end == "tell":
            raise UserError("Told.")
        autocomplete = isinstance(ctx, AutocompleteContext)
        return {"say": [Choice(name="a", value="a")] if autocomplete else "said"}.get(self._end)

    async def _act(self, context: InteractionContext | AutocompleteContext, name: str, value: Any) -> None:  # noqa: ANN401 - an action's own
        ctx: Any = context
        doings: dict[str, Callable[[], Awaitable[Any]]] = {
            "reply": lambda: ctx.reply("hello", components=PANEL, ephemeral=value),
            "reply v2": lambda: ctx.reply(components=V2, ephemeral=value),
            "defer": lambda: ctx.defer(ephemeral=bool(value)),
            "edit": lambda: ctx.edit("edited"),
            "edit v2": lambda: ctx.edit(components=V2),
            "edit buttons": lambda: ctx.edit(components=PANEL),
            "delete": lambda: ctx.delete(),  # noqa: PLW0108 - looked up when it is done: not every context has it
            "update": lambda: ctx.update("updated"),
            "show_modal": lambda: ctx.show_modal(FORM),
            "suggest": lambda: ctx.suggest([Choice(name="a", value="a")]),
            "sleep": lambda: asyncio.sleep(value),
        }
        # A context has only what its kind can do.
        method = "sleep" if name == "sleep" else name.partition(" ")[0]
        if name in doings and (name == "sleep" or hasattr(ctx, method)):
            await doings[name]()
        elif name == "followup" and hasattr(ctx, "followup"):
            self._sent.append(await ctx.followup(embeds=[Embed(title="more")], ephemeral=value))
        elif name == "edit followup" and self._sent:
            await ctx.edit("edited", message=self._sent[value % len(self._sent)])
        elif name == "delete followup" and self._sent:
            await ctx.delete(self._sent[value % len(self._sent)])


def a_bot(policy: Defer, play: Play) -> Router:
    """Return handlers of every kind that all do the same."""
    router = Router()

    @router.command("do", defer=policy)
    async def command(ctx: CommandContext, text: str = "") -> Any:  # noqa: ANN401 - whatever it plays
        """Do it."""
        return await play(ctx)

    @router.component("press", defer=policy)
    async def press(ctx: ComponentContext) -> Any:  # noqa: ANN401 - likewise
        return await play(ctx)

    @router.modal("form", defer=policy)
    async def form(ctx: ModalContext) -> Any:  # noqa: ANN401 - likewise
        return await play(ctx)

    @router.autocomplete("do", "text")
    async def suggestions(ctx: AutocompleteContext, typed: str) -> Any:  # noqa: ANN401 - likewise
        return await play(ctx)

    @router.command("panel", defer=Defer.never())
    async def panel(ctx: CommandContext) -> None:
        """Show buttons."""
        await ctx.reply("press", components=PANEL)

    @router.component("open", defer=Defer.never())
    async def open_form(ctx: ComponentContext) -> None:
        await ctx.show_modal(FORM)

    @router.command("ask", defer=Defer.never())
    async def ask(ctx: CommandContext) -> None:
        """Open a form."""
        await ctx.show_modal(FORM)

    return router


async def _modal(client: TestClient) -> Result:
    return await (await client.command("ask")).submit(text="x")


async def _modal_from_a_message(client: TestClient) -> Result:
    return await (await (await client.command("panel")).click("Open")).submit(text="x")


async def _component(client: TestClient) -> Result:
    return await (await client.command("panel")).click("Press")


BEGIN: dict[str, Callable[[TestClient], Awaitable[Result]]] = {
    "command": lambda client: client.command("do"),
    "guest": lambda client: client.acting(user_install_only=True).command("do"),
    "component": _component,
    "modal": _modal,
    "modal from a message": _modal_from_a_message,
    "autocomplete": lambda client: client.autocomplete("do", "text", "a"),
}


MESSAGES = ("reply", "followup", "defer", "edit", "delete")
STEPS_OF = {
    "command": (*MESSAGES, "show_modal"),
    "component": (*MESSAGES, "update", "show_modal"),
    "modal": (*MESSAGES, "update"),
    "modal from a message": (*MESSAGES, "update"),
}
"""What the context of each kind can do."""


async def _played(kind: str, policy: Defer, play: Play) -> None:
    async with TestClient(a_bot(policy, play)) as client:
        referee = Referee(client)
        result = await BEGIN[kind](client)
        await client.advance(30)

        assert referee.complaints == []
        refused = [call for call in result._story.calls if not call.effective]
        # A deadline that passed is no matter of state: the handler slept through it.
        assert [call for call in refused if getattr(call.error, "code", 0) not in (10062, 10015)] == []
        assert result.outcome != "pending"


@given(kind=KINDS, policy=POLICIES, script=SCRIPTS, end=ENDS)
def test_no_sequence_of_ctx_calls_is_refused_for_its_state(kind: str, policy: Defer, script: Script, end: str) -> None:
    asyncio.run(_played(kind, policy, Play(script, end)))


@pytest.mark.parametrize("kind", sorted(STEPS_OF))
async def test_every_sequence_of_three_calls_is_taken(kind: str) -> None:
    """Chance leaves out what only a few sequences do, such as to change what was deleted."""
    play = Play([], "return")
    async with TestClient(a_bot(Defer.never(), play)) as client:
        referee = Referee(client)
        for names in itertools.product(STEPS_OF[kind], repeat=3):
            play.begin([(name, None) for name in names])
            result = await BEGIN[kind](client)

            told = [str(call) for call in result._story.calls]
            assert referee.complaints == [], (names, told)
            assert all(call.effective for call in result._story.calls), (names, told)


async def test_what_is_refused_here_says_what_to_do_instead() -> None:
    script = [("reply", None), ("followup", None), ("delete followup", 0), ("edit followup", 0), ("defer", None)]
    play = Play(script, "return")
    async with TestClient(a_bot(Defer.never(), play)) as client:
        await client.command("do")

    assert play.refused == [
        "that follow-up was deleted: send another one with ctx.followup",
        "ctx.defer must be the first answer, and one was made already",
    ]


async def test_the_sixth_follow_up_of_a_user_install_is_refused_before_discord_does() -> None:
    play = Play([("reply", None)] + [("followup", None)] * 6, "return")
    async with TestClient(a_bot(Defer.never(), play)) as client:
        result = await client.acting(user_install_only=True).command("do")

    assert len(result.followups) == 5
    assert len(play.refused) == 1
    assert "five follow-ups" in play.refused[0]
