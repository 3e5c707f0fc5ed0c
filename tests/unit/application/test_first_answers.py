"""First answers: in time, once more if their fate is unknown, and checked before they are sent."""

import pytest

from gpcore.domain.interactions import InteractionKind
from gpcore.domain.messages import Choice
from gpcore.domain.modals import Modal
from gpcore.domain.replies import Action
from gpcore.errors import (
    AlreadyAcknowledgedError,
    DeadlineMissedError,
    PortTimeoutError,
    PortUnavailableError,
    ReplyTooLargeError,
)
from tests.unit.application.exchanges import FORM, HELLO, LONG, an_exchange
from tests.unit.application.pacing import Pace
from tests.unit.application.worlds import World


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


async def test_what_is_begun_at_the_last_moment_has_half_a_second_to_be_replied_to(world: World) -> None:
    exchange = an_exchange(world)
    conversation = await exchange.begin()
    await world.clock.advance(2.5)

    await conversation.defer()

    assert exchange.responder.timeouts == [0.5]


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
