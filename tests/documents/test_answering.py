"""docs/answering.md"""

import pytest

from gpcore import CommandContext, ComponentContext, Defer, Reject, ReplyStateError, RetryLater, Router, UserError
from gpcore.domain.interactions import InteractionKind
from gpcore.domain.messages import CallbackType
from gpcore.domain.replies import Action, Move, ReplyState, advance, decide
from gprunner.testing import TestClient
from tests.documents.pages import router_of, table

PAGE = "answering.md"

KINDS = {
    "command": ReplyState(kind=InteractionKind.COMMAND),
    "button, select": ReplyState(kind=InteractionKind.COMPONENT, from_message=True),
    "form of a command": ReplyState(kind=InteractionKind.MODAL),
    "form of a message": ReplyState(kind=InteractionKind.MODAL, from_message=True),
    "autocomplete": ReplyState(kind=InteractionKind.AUTOCOMPLETE),
}
FIRST = {
    CallbackType.MESSAGE: "message",
    CallbackType.DEFERRED_MESSAGE: '"thinking"',
    CallbackType.DEFERRED_UPDATE: "nothing visible",
    CallbackType.UPDATE: "changes its message",
    CallbackType.MODAL: "form",
    CallbackType.SUGGESTIONS: "choices",
}
LATER = {
    "a reply": [(KINDS[name], Action.REPLY) for name in ("command", "button, select", "form of a command")],
    '"thinking"': [(KINDS[name], Action.DEFER) for name in ("command", "form of a command")],
    "a button's defer": [(KINDS[name], Action.DEFER) for name in ("button, select", "form of a message")],
    "an update": [(KINDS[name], Action.UPDATE) for name in ("button, select", "form of a message")],
    "a form or choices": [(KINDS["command"], Action.SHOW_MODAL), (KINDS["autocomplete"], Action.SUGGEST)],
}
MOVES = {
    Move.CREATE_FOLLOWUP: {"new message"},
    Move.EDIT_ORIGINAL: {"becomes the answer", "changes it", "changes its message"},
    Move.DELETE_ORIGINAL: {"deletes it", "deletes its message"},
}


def actions(cell: str) -> list[Action]:
    return [Action(name.strip("` ").removeprefix("ctx.")) for name in cell.split(",")]


def first_answer(state: ReplyState, action: Action) -> str:
    try:
        callback = decide(state, action).callback
    except ReplyStateError:
        return "–"
    assert callback is not None
    return FIRST[callback]


def later(state: ReplyState, action: Action) -> set[str]:
    try:
        return MOVES[decide(state, action).move]
    except ReplyStateError:
        return {"–"}


def test_the_table_of_first_answers_is_the_state_machines() -> None:
    heading, *rows = table(PAGE, "first answer")

    assert heading[1:] == list(KINDS)
    assert sorted(action for row in rows for action in actions(row[0])) == sorted(Action)
    for row in rows:
        for action in actions(row[0]):
            assert [first_answer(state, action) for state in KINDS.values()] == row[1:], action


def test_the_table_of_what_follows_is_the_state_machines() -> None:
    heading, *rows = table(PAGE, "afterwards")

    assert heading[1:] == list(LATER)
    assert sorted(action for row in rows for action in actions(row[0])) == sorted(Action)
    for row in rows:
        for action in set(actions(row[0])) - {Action.DEFER}:
            for cell, before in zip(row[1:], LATER.values(), strict=True):
                for state, answer in before:
                    answered = advance(state, decide(state, answer))
                    assert cell in later(answered, action), (action, state.kind, answer)


async def test_a_second_defer_does_nothing_and_one_after_an_answer_is_refused() -> None:
    router = Router()

    @router.command("work", defer=Defer.never())
    async def work(ctx: CommandContext) -> str:
        await ctx.defer()
        await ctx.defer()
        await ctx.reply("worked")
        with pytest.raises(ReplyStateError):
            await ctx.defer()
        return "refused"

    async with TestClient(router) as client:
        result = await client.command("work")

    [defers] = [row for row in table(PAGE, "afterwards") if row[0] == "`ctx.defer`"]
    assert defers[1:] == ["–", "nothing", "nothing", "–", "–"]
    assert (result.reply.content, [shown.content for shown in result.followups]) == ("worked", ["refused"])


async def test_the_pages_handlers_answer_as_they_say() -> None:
    async with TestClient(router_of(PAGE, '"report"')) as client:
        assert (await client.command("ping")).reply.content == "pong"

        report = await client.start.command("report")
        await client.advance(1)
        assert report.deferred_ephemeral
        await report.settled()
        assert report.reply.embeds[0].title == "The last 7 days"
        assert [shown.ephemeral for shown in report.followups] == [True]

        count = await client.command("count", to=3)
        assert [edit.content for edit in count.edits] == ["Number 2", "Number 3", "Counted."]
        assert (count.reply.content, count.followups) == ("Counted.", ())


def failing() -> Router:
    router = Router()

    def fails(name: str, error: Exception | None, defer: Defer) -> None:
        @router.command(name, defer=defer)
        async def fail(ctx: CommandContext) -> None:
            if error is not None:
                raise error

    fails("told", UserError("That is wrong."), Defer.auto())
    fails("later", RetryLater(), Defer.never())
    fails("much-later", RetryLater(), Defer.always())
    fails("rejected", Reject("poisoned"), Defer.auto())
    fails("broken", LookupError("nothing there"), Defer.always())
    fails("silent", None, Defer.auto())

    @router.component("silent")
    async def silent(ctx: ComponentContext) -> None: ...

    return router


@pytest.mark.parametrize(
    ("command", "outcomes", "said"),
    [
        ("told", ("user_error",), "That is wrong."),
        ("later", ("failed",), "Something went wrong. Please try again later."),
        (
            "much-later",
            ("retried", "retried", "failed"),
            "Something went wrong. Please try again later.",
        ),
        ("rejected", ("dead_lettered",), "Something went wrong. Please try again later."),
        ("broken", ("failed",), "Something went wrong. Please try again later."),
        ("silent", ("handled",), "Done."),
    ],
)
async def test_the_user_sees_what_the_table_says(command: str, outcomes: tuple[str, ...], said: str) -> None:
    async with TestClient(failing()) as client:
        result = await client.command(command)
        await client.advance(30)

        assert result.outcomes == outcomes
        assert result.reply.content == said
        assert client.dead_letters == (("poisoned",) if command == "rejected" else ())


async def test_a_button_that_says_nothing_shows_nothing() -> None:
    async with TestClient(failing()) as client:
        result = await client.click("silent")

    assert result.outcome == "handled"
    assert result.answer is CallbackType.DEFERRED_UPDATE
    assert not result.replied
