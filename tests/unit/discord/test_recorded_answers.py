"""Every recorded answer of Discord becomes the right result or error."""

from typing import Any

import httpx
import pytest

from gpadapters.discord import bot_routes, routes
from gpadapters.discord.answers import Answer, Call, as_object, parse_json
from gpadapters.discord.brake import Brake
from gpadapters.discord.errors import FALLBACK_PAUSE, counts_as_invalid, error_of, is_edge_block
from gpadapters.discord.exchange import DiscordExchange
from gpadapters.discord.followups import sent_message
from gpadapters.discord.transport import DiscordTransport
from gpadapters.memory.telemetry import InMemoryTelemetry
from gpcore.domain.secrets import Secret
from gpcore.errors import (
    AlreadyAcknowledgedError,
    ConfigurationError,
    GpError,
    InteractionExpiredError,
    PortRejectedError,
    PortThrottledError,
    PortUnavailableError,
)
from tests.builders import FIXTURES, a_fixture
from tests.settable_clock import SettableClock
from tests.unit.discord.http_world import APPLICATION, settings

TOKEN = Secret("t" * 180)
CALLBACK = Call(route=routes.callback("1574394111514120223", TOKEN))
FOLLOWUP = Call(route=routes.create_followup(APPLICATION, TOKEN))
ROLE = Call(
    route=bot_routes.member_role("PUT", "849255963033731074", "430305391411331087", "849256214691971079"),
    bot_token=Secret("bot-token"),
)

EXPECTED: dict[str, tuple[Call, type[GpError] | None, int | None]] = {
    "http-callback-204": (CALLBACK, None, None),
    "http-callback-with-response-200": (CALLBACK, None, None),
    "http-deferred-with-response-200": (CALLBACK, None, None),
    "http-edit-original-200": (FOLLOWUP, None, None),
    "http-followup-200": (FOLLOWUP, None, None),
    "http-error-10007-404": (ROLE, PortRejectedError, 10007),
    "http-error-10008-404": (FOLLOWUP, PortRejectedError, 10008),
    "http-error-10015-404": (FOLLOWUP, InteractionExpiredError, 10015),
    "http-error-10062-404": (CALLBACK, InteractionExpiredError, 10062),
    "http-error-40060-400": (CALLBACK, AlreadyAcknowledgedError, 40060),
    "http-error-40094-400": (FOLLOWUP, PortRejectedError, 40094),
    "http-error-401-bot-token": (ROLE, ConfigurationError, None),
    "http-error-403-cloudflare-40333": (ROLE, PortRejectedError, 40333),
    "http-error-500-empty": (FOLLOWUP, PortUnavailableError, None),
    "http-error-50001-403": (ROLE, PortRejectedError, 50001),
    "http-error-50007-403": (ROLE, PortRejectedError, 50007),
    "http-error-50013-403": (ROLE, PortRejectedError, 50013),
    "http-error-50027-401": (FOLLOWUP, InteractionExpiredError, 50027),
    "http-error-50035-400": (CALLBACK, PortRejectedError, 50035),
    "http-error-50109-400": (CALLBACK, PortRejectedError, 50109),
    "http-error-503-130000": (FOLLOWUP, PortUnavailableError, None),
    "http-ratelimit-429-cloudflare-1015-html": (ROLE, PortThrottledError, None),
    "http-ratelimit-429-global": (ROLE, PortThrottledError, None),
    "http-ratelimit-429-resource-code-20028": (ROLE, PortThrottledError, None),
    "http-ratelimit-429-shared": (ROLE, PortThrottledError, None),
    "http-ratelimit-429-user": (FOLLOWUP, PortThrottledError, None),
}

WAITS = {
    "http-ratelimit-429-cloudflare-1015-html": 3600.0,
    "http-ratelimit-429-global": 0.731,
    "http-ratelimit-429-resource-code-20028": 287.0,
    "http-ratelimit-429-shared": 12.5,
    "http-ratelimit-429-user": 1.337,
}


def a_response(recorded: dict[str, Any]) -> httpx.Response:
    headers = recorded["headers"]
    if "body" in recorded:
        return httpx.Response(recorded["status"], headers=headers, json=recorded["body"])
    return httpx.Response(recorded["status"], headers=headers, text=recorded.get("body_text", ""))


async def answer_to(call: Call, response: httpx.Response) -> Answer:
    transport = DiscordTransport(
        settings("https://discord.invalid/api/v10"), transport=httpx.MockTransport(lambda _: response)
    )
    async with transport:
        exchange = DiscordExchange(transport, Brake(SettableClock()), InMemoryTelemetry())
        return await exchange.send(call, timeout=2.0)


def test_every_recorded_answer_is_expected_here() -> None:
    assert {path.stem for path in FIXTURES.glob("http-*.json")} == set(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXPECTED))
async def test_a_recorded_answer_becomes_the_right_error(name: str) -> None:
    call, kind, code = EXPECTED[name]

    answer = await answer_to(call, a_response(a_fixture(name)))

    assert (type(answer.error) if answer.error is not None else None) is kind
    assert getattr(answer.error, "code", None) == code
    assert getattr(answer.error, "retry_after", None) == WAITS.get(name)


async def test_a_message_is_read_from_its_answer() -> None:
    answer = await answer_to(FOLLOWUP, a_response(a_fixture("http-followup-200")))

    sent = sent_message(answer)

    assert (sent.id, sent.channel_id) == ("1574393956270211197", "849256214691971078")


async def test_the_faulty_fields_are_named() -> None:
    answer = await answer_to(CALLBACK, a_response(a_fixture("http-error-50035-400")))

    assert str(answer.error) == (
        "Discord answered POST /interactions/{interaction_id}/{interaction_token}/callback with 400, code 50035,"
        " Invalid Form Body, data.content: BASE_TYPE_BAD_LENGTH; data.embeds.0.fields.3.value: BASE_TYPE_REQUIRED"
    )


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("http-error-401-bot-token", True),
        ("http-error-50013-403", True),
        ("http-error-10015-404", False),
        ("http-ratelimit-429-user", True),
        ("http-ratelimit-429-global", True),
        ("http-ratelimit-429-shared", False),
        ("http-ratelimit-429-resource-code-20028", False),
    ],
)
async def test_only_what_discord_counts_counts_as_invalid(name: str, counts: bool) -> None:
    answer = await answer_to(ROLE, a_response(a_fixture(name)))

    assert counts_as_invalid(answer) is counts


@pytest.mark.parametrize("name", sorted(WAITS))
async def test_only_an_answer_of_the_edge_stops_the_whole_address(name: str) -> None:
    answer = await answer_to(ROLE, a_response(a_fixture(name)))

    assert is_edge_block(answer) is (name == "http-ratelimit-429-cloudflare-1015-html")


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (202, {"code": 110000, "message": "Index not yet available. Try again later"}, PortUnavailableError),
        (400, {"code": 40043, "message": "failed to send"}, PortUnavailableError),
        (400, {"components": ["0"]}, PortRejectedError),
        (400, ["junk"], PortRejectedError),
        (400, {"code": "50035", "message": 7, "errors": "x"}, PortRejectedError),
        (400, {"code": True}, PortRejectedError),
        (401, {"code": 40001, "message": "Unauthorized"}, ConfigurationError),
        (401, {"code": 50014, "message": "Invalid authentication token"}, ConfigurationError),
        (404, {"code": 10003, "message": "Unknown Channel"}, PortRejectedError),
        (302, None, PortRejectedError),
        (405, None, PortRejectedError),
        (408, None, PortUnavailableError),
        (413, {"code": 40005}, PortRejectedError),
        (500, {"code": 0, "message": "500: Internal Server Error"}, PortUnavailableError),
        (520, None, PortUnavailableError),
        (200, ["junk"], None),
        (204, None, None),
    ],
)
def test_the_code_decides_and_without_one_the_status(status: int, body: object, kind: type[GpError] | None) -> None:
    error = error_of(ROLE, Answer(status=status, body=body))

    assert (type(error) if error is not None else None) is kind


def test_an_unauthorised_interaction_call_says_nothing_about_the_bot_token() -> None:
    error = error_of(FOLLOWUP, Answer(status=401, body={"code": 0, "message": "401: Unauthorized"}))

    assert type(error) is PortRejectedError


@pytest.mark.parametrize(
    ("body", "header", "expected"),
    [
        ({"retry_after": 1.5}, "7", 1.5),
        ({"retry_after": 0}, "7", 0.0),
        ({"retry_after": -1}, "7", 7.0),
        ({"retry_after": float("nan")}, "7", 7.0),
        ({"retry_after": True}, "7", 7.0),
        ({"retry_after": "soon"}, "7", 7.0),
        ({}, "not a number", FALLBACK_PAUSE),
        (None, None, FALLBACK_PAUSE),
        ({"retry_after": 1e12}, None, 86_400.0),
    ],
)
def test_the_wait_is_the_bodys_then_the_headers_then_a_minute(
    body: object, header: str | None, expected: float
) -> None:
    headers = {"retry-after": header} if header is not None else {}

    error = error_of(ROLE, Answer(status=429, headers=headers, body=body))

    assert isinstance(error, PortThrottledError)
    assert error.retry_after == expected


def test_a_body_is_parsed_only_if_it_says_that_it_is_json() -> None:
    assert parse_json("text/html", b'{"code": 1}') is None
    assert parse_json("application/json; charset=utf-8", b'{"code": 1}') == {"code": 1}


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"nul"])
def test_a_body_that_is_no_json_reads_as_nothing(content: bytes) -> None:
    assert parse_json("application/json", content) is None


def test_errors_of_any_depth_and_number_are_told_in_a_bounded_text() -> None:
    deep: dict[str, Any] = {"_errors": [{"code": "DEEP"}]}
    for _ in range(5_000):
        deep = {"x": deep}
    wide = {str(number): {"_errors": [{"code": "WIDE" * 100}]} for number in range(1_000)}

    for errors in (wide, deep):
        error = error_of(ROLE, Answer(status=400, body={"code": 50035, "message": "m" * 5_000, "errors": errors}))
        assert len(str(error)) < 3_000


def test_control_characters_of_a_message_do_not_reach_the_log() -> None:
    error = error_of(ROLE, Answer(status=400, body={"code": 1, "message": "a\nb\x1b[31m"}))

    assert "a b [31m" in str(error)


def test_as_object_reads_anything_else_as_empty() -> None:
    assert as_object([1]) == {}
    assert as_object({"a": 1}) == {"a": 1}
