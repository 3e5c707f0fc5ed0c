"""One table turns the client library's errors into gp's, and foreign cancellations into failures."""

import asyncio

import pytest
from aio_pika import exceptions as aio_pika_errors
from aiormq import exceptions as aiormq_errors
from aiormq.abc import DeliveredMessage
from pamqp.commands import Basic
from pamqp.exceptions import UnmarshalingException
from pamqp.header import ContentHeader

from gpadapters.rabbitmq.errors import ask, translate
from gpcore.errors import PortError, PortRejectedError, PortTimeoutError, PortUnavailableError

TOKEN = b"aW50ZXJhY3Rpb246token"


def returned() -> aiormq_errors.PublishError:
    frame = Basic.Return(reply_code=312, reply_text="NO_ROUTE", exchange="gp.events", routing_key="nowhere")
    message = DeliveredMessage(delivery=frame, header=ContentHeader(), body=TOKEN, channel=None)  # type: ignore[arg-type]  # not looked at
    return aiormq_errors.PublishError(message, frame)


@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        (returned(), PortRejectedError, 312),
        (aiormq_errors.DeliveryError(None, Basic.Nack(delivery_tag=1)), PortRejectedError, 0),
        (aiormq_errors.ChannelNotFoundEntity("NOT_FOUND - no queue 'q'"), PortRejectedError, 404),
        (aiormq_errors.ChannelAccessRefused("ACCESS_REFUSED"), PortRejectedError, 403),
        (aiormq_errors.ChannelPreconditionFailed("PRECONDITION_FAILED"), PortRejectedError, 406),
        (aiormq_errors.ChannelLockedResource("RESOURCE_LOCKED"), PortRejectedError, 405),
        (aiormq_errors.ChannelClosed(None, None), PortUnavailableError, None),
        (aiormq_errors.ProbableAuthenticationError("ACCESS_REFUSED"), PortUnavailableError, None),
        (aiormq_errors.ConnectionNotAllowed("NOT_ALLOWED - vhost x not found"), PortUnavailableError, None),
        (aiormq_errors.ConnectionClosed(320, "CONNECTION_FORCED"), PortUnavailableError, None),
        (aiormq_errors.AMQPConnectionError(111, "refused"), PortUnavailableError, None),
        (aio_pika_errors.ChannelInvalidStateError("<Channel> closed"), PortUnavailableError, None),
        (TimeoutError(), PortTimeoutError, None),
        (ConnectionResetError(), PortUnavailableError, None),
        (UnmarshalingException("Basic.Deliver", "x"), PortUnavailableError, None),
        (RuntimeError("closed"), PortUnavailableError, None),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_every_error_of_the_library_has_a_meaning(error: Exception, kind: type[PortError], code: int | None) -> None:
    translated = translate(error, "try it")
    assert type(translated) is kind
    assert str(translated).startswith("try it: ")
    assert TOKEN.decode() not in str(translated)
    if isinstance(translated, PortRejectedError):
        assert translated.code == code


def test_the_brokers_words_are_kept() -> None:
    refusal = translate(aiormq_errors.ChannelPreconditionFailed("received '5' but current is '9'"), "declare q")
    assert str(refusal) == "declare q: received '5' but current is '9'"


async def test_ask_returns_the_answer() -> None:
    assert await ask(asyncio.sleep(0, "answer"), timeout=1, doing="ask") == "answer"


async def test_ask_gives_up_in_time_and_cancels_the_question() -> None:
    question = asyncio.ensure_future(asyncio.Event().wait())
    with pytest.raises(PortTimeoutError, match=r"ask: no answer within 0.01 s"):
        await ask(question, timeout=0.01, doing="ask")
    await asyncio.wait((question,))
    assert question.cancelled()


async def test_a_cancellation_that_the_library_threw_is_a_failure() -> None:
    async def thrown_into() -> None:
        raise asyncio.CancelledError

    with pytest.raises(PortUnavailableError, match="given up"):
        await ask(thrown_into(), timeout=1, doing="ask")


@pytest.mark.parametrize("finish", [True, False])
async def test_cancelling_the_caller_cancels_the_question_unless_it_is_to_finish(finish: bool) -> None:
    answered, go_on = asyncio.Event(), asyncio.Event()

    async def question() -> None:
        await go_on.wait()
        answered.set()

    asking = asyncio.create_task(ask(question(), timeout=5, doing="ask", finish=finish))
    await asyncio.sleep(0.01)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    go_on.set()
    await asyncio.sleep(0.01)
    assert answered.is_set() is finish


async def test_a_mistake_in_our_own_code_is_not_disguised() -> None:
    async def mistaken() -> None:
        raise KeyError("mistake")

    with pytest.raises(KeyError):
        await ask(mistaken(), timeout=1, doing="ask")


async def test_the_late_error_of_an_abandoned_question_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def late() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise OSError("late")

    with pytest.raises(PortTimeoutError):
        await ask(late(), timeout=0.01, doing="ask")
    await asyncio.sleep(0.01)
    assert not caplog.records
