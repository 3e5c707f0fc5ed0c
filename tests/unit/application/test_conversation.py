"""One interaction's exchange with Discord: first answers, what follows them, and what is noted in the claim."""

import asyncio
from collections.abc import Sequence

import pytest

from gpadapters.memory.claim_store import InMemoryClaimStore
from gpadapters.memory.discord import InMemoryFirstResponder, InMemoryFollowups
from gpadapters.memory.telemetry import InMemoryTelemetry
from gpcore.application.claiming import Claims
from gpcore.application.conversation import Conversation
from gpcore.domain.claims import Progress, Ticket
from gpcore.domain.deadlines import Deadlines
from gpcore.domain.interactions import Interaction, InteractionKind
from gpcore.domain.messages import Choice, OutgoingMessage
from gpcore.domain.modals import Modal, TextInput
from gpcore.domain.replies import Action
from gpcore.domain.secrets import Secret
from gpcore.domain.wire_message import Lane
from gpcore.errors import (
    AlreadyAcknowledgedError,
    DeadlineMissedError,
    GpError,
    InteractionExpiredError,
    PortTimeoutError,
    PortUnavailableError,
    ReplyStateError,
    ReplyTooLargeError,
)
from tests.builders import a_fresh_snowflake, a_fresh_token
from tests.unit.application.pacing import Pace, PacedResponder
from tests.unit.application.worlds import World

HELLO = OutgoingMessage(content="hello")
LONG = OutgoingMessage(content="x" * 2001)
FORM = Modal("Form", id="form", fields=[TextInput("text", label="What?")])


class NotedClaims(InMemoryClaimStore):
    """Remembers what was noted."""

    def __init__(self, world: World) -> None:
        super().__init__(world.clock)
        self.noted: list[tuple[Progress, bool]] = []

    async def note(self, ticket: Ticket, progress: Progress, *, ephemeral: bool = False) -> bool:
        self.noted.append((progress, ephemeral))
        return await super().note(ticket, progress, ephemeral=ephemeral)


class Exchange:
    """A conversation with its surroundings."""

    def __init__(self, world: World, kind: InteractionKind, paces: Sequence[Pace], *, from_message: bool) -> None:
        interaction_id = a_fresh_snowflake(world.now_ms)
        self.interaction = Interaction(
            id=interaction_id,
            token=Secret(a_fresh_token(interaction_id)),
            kind=kind,
            opened_from_message=from_message,
        )
        self.store = NotedClaims(world)
        self.responder = PacedResponder(InMemoryFirstResponder(world.discord), world.clock, paces)
        self._world = world

    async def begin(self) -> Conversation:
        claims = Claims(self.store, self._world.clock, InMemoryTelemetry())
        hold = claims.hold(await claims.claim(Lane.INTERACTIONS, self.interaction.id))
        return Conversation(
            self.interaction,
            Deadlines.of(self.interaction.id, self._world.now_ms),
            responder=self.responder,
            followups=InMemoryFollowups(self._world.discord),
            clock=self._world.clock,
            telemetry=InMemoryTelemetry(),
            hold=hold,
        )

    @property
    def noted(self) -> list[Progress]:
        return [progress for progress, _ in self.store.noted]


def an_exchange(
    world: World,
    kind: InteractionKind = InteractionKind.COMMAND,
    *,
    paces: Sequence[Pace] = (),
    from_message: bool | None = None,
) -> Exchange:
    component = kind is InteractionKind.COMPONENT
    return Exchange(world, kind, paces, from_message=component if from_message is None else from_message)


# --- what is noted -------------------------------------------------------------------------------------------------

ANSWER = [Progress.ANSWERING, Progress.ANSWERED]
DEFER = [Progress.DEFERRING, Progress.DEFERRED]


async def test_the_intent_is_noted_before_a_first_answer_and_the_fact_after_it(world: World) -> None:
    exchange = an_exchange(world)
    await (await exchange.begin()).say(Action.REPLY, HELLO)

    assert exchange.noted == ANSWER


async def test_a_first_answer_that_fails_leaves_the_intent(world: World) -> None:
    exchange = an_exchange(world)
    conversation = await exchange.begin()
    world.discord.failures.add(InteractionExpiredError("late"))

    with pytest.raises(InteractionExpiredError):
        await conversation.say(Action.REPLY, HELLO)

    assert exchange.noted == [Progress.ANSWERING]
    assert not conversation.state.answered


async def test_a_defer_notes_its_visibility(world: World) -> None:
    exchange = an_exchange(world)
    await (await exchange.begin()).defer(ephemeral=True)

    assert exchange.store.noted == [(Progress.DEFERRING, True), (Progress.DEFERRED, True)]


@pytest.mark.parametrize("action", [Action.REPLY, Action.FOLLOWUP, Action.EDIT])
@pytest.mark.parametrize("kind", [InteractionKind.COMMAND, InteractionKind.COMPONENT])
async def test_the_first_word_after_a_defer_is_noted_as_the_answer(
    world: World, kind: InteractionKind, action: Action
) -> None:
    exchange = an_exchange(world, kind)
    conversation = await exchange.begin()
    await conversation.defer()
    assert conversation.can_run_again

    await conversation.say(action, HELLO)
    await conversation.say(Action.FOLLOWUP, HELLO)

    assert exchange.noted == DEFER + ANSWER


async def test_deleting_what_was_deferred_is_a_word_too(world: World) -> None:
    exchange = an_exchange(world)
    conversation = await exchange.begin()
    await conversation.defer()
    await conversation.delete()

    assert exchange.noted == DEFER + ANSWER
    assert not conversation.can_run_again


async def test_a_word_that_may_have_arrived_keeps_the_handler_from_starting_over(world: World) -> None:
    conversation = await an_exchange(world).begin()
    await conversation.defer()
    world.discord.failures.add(PortTimeoutError("slow"), after_effect=True)

    with pytest.raises(PortTimeoutError):
        await conversation.say(Action.REPLY, HELLO)

    assert not conversation.can_run_again


# --- one retry -----------------------------------------------------------------------------------------------------


async def test_a_first_answer_whose_reply_was_lost_counts_as_made(world: World) -> None:
    conversation = await an_exchange(world).begin()
    world.discord.failures.add(PortTimeoutError("slow"), after_effect=True)

    await conversation.say(Action.REPLY, HELLO)

    assert conversation.state.answered
    assert world.calls() == ["message", "message"]


async def test_a_first_answer_that_did_not_arrive_is_sent_once_more(world: World) -> None:
    conversation = await an_exchange(world).begin()
    world.discord.failures.add(PortUnavailableError("502"))

    await conversation.say(Action.REPLY, HELLO)

    assert world.calls() == ["message", "message"]


async def test_a_first_answer_is_sent_twice_at_most(world: World) -> None:
    conversation = await an_exchange(world).begin()
    for _ in range(2):
        world.discord.failures.add(PortUnavailableError("502"))

    with pytest.raises(PortUnavailableError):
        await conversation.say(Action.REPLY, HELLO)

    assert world.calls() == ["message", "message"]


async def test_an_answer_that_takes_all_the_time_is_found_out_about(world: World) -> None:
    """The first try may use up the whole budget; whether it arrived is known only by asking again."""
    exchange = an_exchange(world, paces=[Pace(there=0.5, back=60)])
    conversation = await exchange.begin()

    await world.run(conversation.defer(), seconds=5)

    assert exchange.responder.timeouts == [pytest.approx(2.6, abs=0.01), 2.0]
    assert conversation.state.loading


async def test_a_foreign_first_answer_is_an_error(world: World) -> None:
    exchange = an_exchange(world)
    await (await exchange.begin()).say(Action.REPLY, HELLO)
    second = await exchange.begin()

    with pytest.raises(AlreadyAcknowledgedError):
        await second.say(Action.REPLY, HELLO)


async def test_the_timeout_of_a_first_answer_is_what_is_left_of_its_window(world: World) -> None:
    exchange = an_exchange(world)
    conversation = await exchange.begin()
    await world.clock.advance(2.0)

    await conversation.defer()

    assert exchange.responder.timeouts == [pytest.approx(0.6, abs=0.01)]


# --- deadlines -----------------------------------------------------------------------------------------------------


async def test_no_first_answer_is_sent_after_its_window(world: World) -> None:
    conversation = await an_exchange(world).begin()
    await world.clock.advance(2.6)

    with pytest.raises(DeadlineMissedError, match="3 seconds"):
        await conversation.say(Action.REPLY, HELLO)

    assert world.calls() == []


async def test_nothing_is_sent_after_the_tokens_life(world: World) -> None:
    conversation = await an_exchange(world).begin()
    await conversation.say(Action.REPLY, HELLO)
    sent = await conversation.say(Action.FOLLOWUP, HELLO)
    await world.clock.advance(15 * 60 - 30)

    for late in (
        conversation.say(Action.EDIT, HELLO),
        conversation.say(Action.FOLLOWUP, HELLO),
        conversation.delete(),
        conversation.edit_followup(sent.id, HELLO),
        conversation.delete_followup(sent.id),
    ):
        with pytest.raises(DeadlineMissedError, match="15 minutes"):
            await late

    assert world.calls() == ["message", "create"]


async def test_what_is_left_grows_with_the_first_answer(world: World) -> None:
    conversation = await an_exchange(world).begin()
    assert conversation.remaining() == pytest.approx(2.6, abs=0.01)

    await conversation.defer()

    assert conversation.remaining() == pytest.approx(15 * 60 - 30 - 0.1, abs=0.01)


# --- values are checked before anything is noted or sent -----------------------------------------------------------


async def test_a_message_too_long_is_refused_before_it_is_sent(world: World) -> None:
    exchange = an_exchange(world)
    conversation = await exchange.begin()

    for too_long in (conversation.say(Action.REPLY, LONG), conversation.edit_followup("1", LONG)):
        with pytest.raises(ReplyTooLargeError):
            await too_long

    assert (exchange.noted, world.calls()) == ([], [])


async def test_a_form_too_large_is_refused_before_it_is_sent(world: World) -> None:
    conversation = await an_exchange(world).begin()

    with pytest.raises(ReplyTooLargeError):
        await conversation.show_modal(Modal("x" * 46, id="form", fields=FORM.fields))

    assert world.calls() == []


async def test_too_many_suggestions_are_refused_before_they_are_sent(world: World) -> None:
    conversation = await an_exchange(world, InteractionKind.AUTOCOMPLETE).begin()

    with pytest.raises(ReplyTooLargeError):
        await conversation.suggest((Choice(name="a", value="a"),) * 26)

    assert world.calls() == []


# --- what follows --------------------------------------------------------------------------------------------------


async def test_follow_ups_can_be_changed_and_deleted(world: World) -> None:
    exchange = an_exchange(world)
    conversation = await exchange.begin()
    await conversation.say(Action.REPLY, HELLO)
    first = await conversation.say(Action.FOLLOWUP, HELLO)
    second = await conversation.say(Action.FOLLOWUP, HELLO)

    await conversation.edit_followup(first.id, OutgoingMessage(content="changed"))
    await conversation.delete_followup(second.id)
    await conversation.delete()

    answered = world.discord.answered(exchange.interaction.token)
    assert answered is not None
    assert [message.content for message in answered.messages.values()] == ["changed"]


async def test_a_private_reply_after_a_public_defer_is_refused(world: World) -> None:
    conversation = await an_exchange(world).begin()
    await conversation.defer()

    with pytest.raises(ReplyStateError, match="the defer was public"):
        await conversation.say(Action.REPLY, HELLO, ephemeral=True)


async def test_a_second_defer_after_an_answer_is_refused(world: World) -> None:
    conversation = await an_exchange(world).begin()
    await conversation.say(Action.REPLY, HELLO)

    with pytest.raises(ReplyStateError, match="must be the first answer"):
        await conversation.defer()


async def test_a_defer_asked_for_twice_is_sent_once(world: World) -> None:
    conversation = await an_exchange(world).begin()

    await conversation.defer(ephemeral=True)
    await conversation.defer(ephemeral=True)
    await conversation.defer_if_silent(ephemeral=False)

    assert world.calls() == ["deferred_message"]


async def test_answers_wait_for_each_other(world: World) -> None:
    conversation = await an_exchange(world, paces=[Pace(there=0.5, back=0.5)]).begin()

    deferring = asyncio.ensure_future(conversation.defer())
    await asyncio.sleep(0)
    replying = asyncio.ensure_future(conversation.say(Action.REPLY, HELLO))
    settling = asyncio.ensure_future(conversation.settle_down())
    await world.clock.advance(0.9)
    assert [replying.done(), settling.done()] == [False, False]
    await world.clock.advance(0.2)

    assert deferring.done()
    assert settling.done()
    assert (await replying).id == "@original"
    assert world.calls() == ["deferred_message", "edit"]


@pytest.mark.parametrize("error", [InteractionExpiredError("late"), PortTimeoutError("slow")])
async def test_a_probe_that_fails_changes_nothing(world: World, error: GpError) -> None:
    exchange = an_exchange(world)
    conversation = await exchange.begin()
    world.discord.failures.add(error)

    with pytest.raises(type(error)):
        await conversation.recover(ephemeral=False)

    assert not conversation.state.answered
    assert exchange.noted == []
