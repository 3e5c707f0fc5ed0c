"""What Discord may answer, row by row: over real sockets, from the stand-in to what the core is told."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

import pytest

from gpadapters.discord.members import HttpMembers
from gpadapters.discord.messages import HttpMessages
from gpadapters.simulator.faults import KINDS, InjectedFault
from gpcore.domain.messages import OutgoingMessage
from gpcore.domain.metrics import DISCORD_CALLS
from gpcore.errors import (
    AlreadyAcknowledgedError,
    ConfigurationError,
    GpError,
    InteractionExpiredError,
    PortRejectedError,
    PortThrottledError,
    PortTimeoutError,
    PortUnavailableError,
)
from tests.contracts.discord_world import Given
from tests.contracts.first_responder import HELLO
from tests.contracts.members import GUILD, MEMBER, ROLE
from tests.contracts.messages import CHANNEL
from tests.unit.discord.http_world import HttpWorld

WORD: Final = OutgoingMessage(content="word")
HTML: Final = "<!doctype html><html><head><title>502 Bad Gateway</title></head><body>cloudflare</body></html>"
SECONDS: Final = 0.4
"""Of a first answer that nothing comes to."""

Ask = Callable[[HttpWorld, Given], Awaitable[object]]


async def callback(world: HttpWorld, given: Given) -> None:
    await world.responder.respond(given.id, given.token, HELLO, timeout=SECONDS)


async def edit(world: HttpWorld, given: Given) -> None:
    await world.followups.edit(given.token, WORD)


async def follow_up(world: HttpWorld, given: Given) -> None:
    await world.followups.create(given.token, WORD)


async def delete(world: HttpWorld, given: Given) -> None:
    await world.followups.delete(given.token)


async def role(world: HttpWorld, _: Given) -> None:
    await HttpMembers(world.api).add_role(GUILD, MEMBER, ROLE)


async def message(world: HttpWorld, _: Given) -> None:
    await HttpMessages(world.api).send(CHANNEL, WORD)


TEMPLATES: Final[dict[Ask, str]] = {
    callback: "/callback",
    edit: "/messages/{message_id}",
    follow_up: "/webhooks/",
    delete: "/messages/{message_id}",
    role: "/roles/",
    message: "/channels/",
}


@dataclass(frozen=True)
class Row:
    """An answer to a call, and what becomes of it.

    Attributes:
        asked: Requests that the call makes; more than one where repeating does no harm.
        invalid: How many of them Discord counts as invalid.
        stops: Whether nothing leaves this address any more.
    """

    ask: Ask
    fault: dict[str, Any]
    error: type[GpError] | None
    code: int | None = None
    retry_after: float | None = None
    asked: int = 1
    invalid: int = 0
    stops: bool = False
    words: tuple[str, ...] = field(default=())


def told(status: int, code: int, text: str = "Something") -> dict[str, Any]:
    return {"kind": "error", "status": status, "code": code, "message": text}


def raw(status: int, text: str, content_type: str = "text/html") -> dict[str, Any]:
    return {"kind": "error", "status": status, "text": text, "content_type": content_type}


REJECTED, EXPIRED, UNAVAILABLE = PortRejectedError, InteractionExpiredError, PortUnavailableError
JSON = "application/json"

ROWS = {
    # --- Discord's codes
    "10062 unknown interaction": Row(callback, told(404, 10062), EXPIRED, 10062),
    "40060 already acknowledged": Row(callback, told(400, 40060), AlreadyAcknowledgedError, 40060),
    "40043 failed to send": Row(callback, told(400, 40043), UNAVAILABLE),
    "10015 unknown webhook": Row(follow_up, told(404, 10015), EXPIRED, 10015),
    "50027 token over": Row(follow_up, told(401, 50027), EXPIRED, 50027, invalid=1),
    "50027 on an edit": Row(edit, told(401, 50027), EXPIRED, 50027, invalid=1),
    "10008 unknown message": Row(edit, told(404, 10008), REJECTED, 10008),
    "10008 on a deletion": Row(delete, told(404, 10008), None),
    "40094 too many follow-ups": Row(follow_up, told(400, 40094), REJECTED, 40094),
    "10003 unknown channel": Row(message, told(404, 10003), REJECTED, 10003),
    "10004 unknown guild": Row(role, told(404, 10004), REJECTED, 10004),
    "10007 unknown member": Row(role, told(404, 10007), REJECTED, 10007),
    "10011 unknown role": Row(role, told(404, 10011), REJECTED, 10011),
    "20016 slow mode": Row(message, told(429, 20016), PortThrottledError, retry_after=60.0, invalid=1),
    "40001 unauthorized": Row(role, told(401, 40001), ConfigurationError, invalid=1, words=("DISCORD_BOT_TOKEN",)),
    "50014 invalid token": Row(role, told(401, 50014), ConfigurationError, invalid=1, words=("DISCORD_BOT_TOKEN",)),
    "40333 blocked agent": Row(role, told(403, 40333), REJECTED, 40333, invalid=1, words=("User-Agent",)),
    "50001 missing access": Row(message, told(403, 50001), REJECTED, 50001, invalid=1),
    "50007 cannot message this user": Row(message, told(403, 50007), REJECTED, 50007, invalid=1),
    "50013 missing permissions": Row(role, told(403, 50013), REJECTED, 50013, invalid=1),
    "50035 invalid form": Row(callback, told(400, 50035), REJECTED, 50035),
    "50109 not JSON": Row(follow_up, told(400, 50109), REJECTED, 50109),
    "110000 accepted, not ready": Row(role, told(202, 110000), UNAVAILABLE, asked=2),
    "130000 overloaded": Row(follow_up, told(503, 130000), UNAVAILABLE),
    "a code that nobody knows": Row(role, told(400, 999_999), REJECTED, 999_999),
    # --- bodies that say nothing
    "400 with another shape": Row(follow_up, raw(400, '{"components": ["0"]}', JSON), REJECTED, 0),
    "400 with a list": Row(follow_up, raw(400, "[1]", JSON), REJECTED, 0),
    "401 without a code": Row(role, raw(401, "{}", JSON), ConfigurationError, invalid=1),
    "401 in HTML": Row(role, raw(401, HTML), ConfigurationError, invalid=1),
    "401 without a code on an interaction": Row(follow_up, raw(401, "{}", JSON), REJECTED, 0, invalid=1),
    "403 in HTML": Row(role, raw(403, HTML), REJECTED, 0, invalid=1),
    "403 in HTML for a first answer": Row(callback, raw(403, HTML), REJECTED, 0, invalid=1),
    "404 in HTML": Row(follow_up, raw(404, HTML), REJECTED, 0),
    "404 in HTML for a first answer": Row(callback, raw(404, HTML), REJECTED, 0),
    "405": Row(role, told(405, 0, "405: Method Not Allowed"), REJECTED, 0),
    "408": Row(role, raw(408, ""), UNAVAILABLE, asked=2),
    "413": Row(follow_up, told(413, 40005), REJECTED, 40005),
    "JSON that is none": Row(follow_up, raw(400, "{", JSON), REJECTED, 0),
    # --- Discord fails
    "500 with an empty body": Row(callback, {"kind": "error", "status": 500}, UNAVAILABLE),
    "500 without a code": Row(callback, raw(500, '{"message": "500: Internal Server Error"}', JSON), UNAVAILABLE),
    "502 in HTML": Row(callback, raw(502, HTML), UNAVAILABLE),
    "502 in HTML, an edit": Row(edit, raw(502, HTML), UNAVAILABLE, asked=2),
    "502 in HTML, a follow-up": Row(follow_up, raw(502, HTML), UNAVAILABLE),
    "503, a role": Row(role, {"kind": "error", "status": 503}, UNAVAILABLE, asked=2),
    "504, a message": Row(message, {"kind": "error", "status": 504}, UNAVAILABLE),
    "520 of the edge": Row(callback, raw(520, HTML), UNAVAILABLE),
    # --- the network fails
    "no answer": Row(callback, {"kind": "hang"}, PortTimeoutError),
    "too slow an answer": Row(callback, {"kind": "slow", "seconds": 5.0}, PortTimeoutError),
    "a connection that is dropped": Row(callback, {"kind": "disconnect"}, UNAVAILABLE),
    "an effect without an answer": Row(callback, {"kind": "disconnect_after"}, UNAVAILABLE),
    "a dropped follow-up": Row(follow_up, {"kind": "disconnect_after"}, UNAVAILABLE),
    "an effect with an error": Row(follow_up, {"kind": "error_after", "status": 500}, UNAVAILABLE),
    # --- rate limits
    "429 of a bucket": Row(
        callback, {"kind": "429_user", "seconds": 7.5}, PortThrottledError, retry_after=7.5, invalid=1
    ),
    "429 of a bucket, a role": Row(
        role, {"kind": "429_user", "seconds": 7.5}, PortThrottledError, retry_after=7.5, invalid=1
    ),
    "429 of a shared resource": Row(role, {"kind": "429_shared", "seconds": 7.5}, PortThrottledError, retry_after=7.5),
    "429 of everything": Row(
        role, {"kind": "429_global", "seconds": 7.5}, PortThrottledError, retry_after=7.5, invalid=1
    ),
    "429 of the edge in HTML": Row(
        role, {"kind": "429_edge_html", "seconds": 90}, PortThrottledError, retry_after=90, invalid=1, stops=True
    ),
    "429 of the edge as text": Row(
        callback, {"kind": "429_edge_text", "seconds": 90}, PortThrottledError, retry_after=90, invalid=1, stops=True
    ),
    "429 of the edge without a time": Row(
        follow_up, {"kind": "429_edge_json"}, PortThrottledError, retry_after=60, invalid=1, stops=True
    ),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
async def test_each_row_becomes_what_the_core_is_told(world: HttpWorld, row: Row) -> None:
    world.simulator.register_member(GUILD, MEMBER)
    given = world.interaction()
    if row.ask is not callback:
        await callback(world, given)
    before, fault = world.requests(), InjectedFault(**row.fault, times=None, template=TEMPLATES[row.ask])
    world.simulator.inject(fault)

    error = await _raised(row.ask(world, given))

    assert (type(error) if error is not None else None) is row.error
    assert getattr(error, "code", None) == row.code
    if row.retry_after is not None:
        assert getattr(error, "retry_after", None) == pytest.approx(row.retry_after, abs=0.02)
    assert all(word in str(error) for word in row.words)
    assert HTML not in str(error)
    assert world.requests() - before == row.asked
    assert world.simulator.invalid_requests == row.invalid
    assert (world.brake.refusal() is not None) is row.stops


async def _raised(work: Awaitable[object]) -> GpError | None:
    try:
        await work
    except GpError as error:
        return error
    return None


def test_every_fault_of_the_stand_in_is_in_the_table() -> None:
    assert {row.fault["kind"] for row in ROWS.values()} == set(KINDS)


async def test_nothing_listens(world: HttpWorld) -> None:
    given = world.interaction()
    await world.simulator.close()

    error = await _raised(callback(world, given))

    assert type(error) is PortUnavailableError
    assert world.telemetry.counted(DISCORD_CALLS, "callback", "unavailable") == 1
