"""One interaction's exchange with Discord: what is noted in the claim, and what follows a first answer."""

import asyncio

import pytest

from gpcore.application.holding import Word
from gpcore.domain.claims import Progress
from gpcore.domain.interactions import InteractionKind
from gpcore.domain.messages import OutgoingMessage
from gpcore.domain.replies import Action
from gpcore.errors import (
    GpError,
    InteractionExpiredError,
    PortTimeoutError,
    ReplyStateError,
    ReplyTooLargeError,
)
from tests.unit.application.exchanges import HELLO, an_exchange
from tests.unit.application.pacing import Pace
from tests.unit.application.worlds import World

ANSWER = [Progress.ANSWERING, Progress.ANSWERED]
DEFER = [Progress.DEFERRING, Progress.DEFERRED]
WORD = [Progress.SPEAKING, Progress.ANSWERED]


async def test_the_intent_is_noted_before_a_first_answer_and_the_fact_after_it(world: World) -> None:
    exchange = an_exchange(world)
    await (await exchange.begin()).say(Action.REPLY, HELLO)

    assert exchange.noted == [Progress.ANSWERING]
    await exchange.turn()
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
    await exchange.turn()

    assert exchange.store.noted == [(Progress.DEFERRING, True), (Progress.DEFERRED, True)]


@pytest.mark.parametrize("action", [Action.REPLY, Action.FOLLOWUP, Action.EDIT])
@pytest.mark.parametrize("kind", [InteractionKind.COMMAND, InteractionKind.COMPONENT])
async def test_the_first_word_after_a_defer_is_noted_as_the_answer(
    world: World, kind: InteractionKind, action: Action
) -> None:
    exchange = an_exchange(world, kind)
    conversation = await exchange.begin()
    await conversation.defer()
    await exchange.turn()
    assert conversation.can_run_again

    await conversation.say(action, HELLO)
    await exchange.turn()
    await conversation.say(Action.FOLLOWUP, HELLO)

    assert exchange.noted == DEFER + WORD


@pytest.mark.parametrize("nothing", [OutgoingMessage(), OutgoingMessage(content=" \n", components=())])
async def test_what_shows_thinking_cannot_be_changed_into_nothing(world: World, nothing: OutgoingMessage) -> None:
    conversation = await an_exchange(world).begin()
    await conversation.defer()

    with pytest.raises(ReplyTooLargeError, match="this one is empty"):
        await conversation.say(Action.EDIT, nothing)

    assert world.calls() == ["deferred_message"]
    assert conversation.can_run_again
    await conversation.say(Action.EDIT, HELLO)


async def test_a_word_in_the_turn_of_the_defer_takes_its_place(world: World) -> None:
    exchange = an_exchange(world)
    conversation = await exchange.begin()
    await conversation.defer()
    await conversation.say(Action.REPLY, HELLO)
    await exchange.turn()

    assert exchange.noted == [Progress.DEFERRING, *WORD]


async def test_a_defer_of_another_visibility_than_the_claim_says_is_announced_again(world: World) -> None:
    exchange = an_exchange(world)
    conversation = await exchange.begin(noted=Word(Progress.DEFERRING, ephemeral=False))
    await conversation.defer(ephemeral=True)
    await conversation.say(Action.REPLY, HELLO)

    assert exchange.store.noted[0] == (Progress.DEFERRING, True)


async def test_deleting_what_was_deferred_is_a_word_too(world: World) -> None:
    exchange = an_exchange(world)
    conversation = await exchange.begin()
    await conversation.defer()
    await exchange.turn()
    await conversation.delete()
    await exchange.turn()

    assert exchange.noted == DEFER + WORD
    assert not conversation.can_run_again


async def test_a_word_that_may_have_arrived_keeps_the_handler_from_starting_over(world: World) -> None:
    conversation = await an_exchange(world).begin()
    await conversation.defer()
    world.discord.failures.add(PortTimeoutError("slow"), after_effect=True)

    with pytest.raises(PortTimeoutError):
        await conversation.say(Action.REPLY, HELLO)

    assert not conversation.can_run_again


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
