"""Discord's answers as the core's errors: one table.

Discord's JSON code decides; without a known code the HTTP status does. The body may be HTML, empty
or JSON of an unknown shape, and nothing of it but a message's first characters, the code and the
names of faulty fields is ever repeated.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from gpadapters.discord.answers import Answer, Call, as_object, seconds
from gpcore.domain.reading import integer, text
from gpcore.errors import (
    AlreadyAcknowledgedError,
    ConfigurationError,
    GpError,
    InteractionExpiredError,
    PortRejectedError,
    PortThrottledError,
    PortUnavailableError,
)

UNKNOWN_MEMBER: Final = 10007
UNKNOWN_MESSAGE: Final = 10008
FALLBACK_PAUSE: Final = 60.0
"""Seconds to wait after a 429 that does not say how long."""

_ACCEPTED_NOT_READY: Final = 110000
_INVALID_WEBHOOK_TOKEN: Final = 50027
_BLOCKED_BY_EDGE: Final = 40333
_UNAUTHORIZED: Final = 401
_TOO_MANY_REQUESTS: Final = 429
_REQUEST_TIMEOUT: Final = 408
_SERVER_ERROR: Final = 500
_MULTIPLE_CHOICES: Final = 300
_LONGEST_MESSAGE: Final = 200
_MOST_FIELDS: Final = 10

_Make = Callable[[str, int], GpError]


def _rejected(description: str, code: int) -> GpError:
    return PortRejectedError(description, code=code)


def _expired(description: str, code: int) -> GpError:
    return InteractionExpiredError(description, code=code)


def _acknowledged(description: str, code: int) -> GpError:
    return AlreadyAcknowledgedError(description, code=code)


def _unavailable(description: str, _code: int) -> GpError:
    return PortUnavailableError(description)


def _misconfigured(description: str, _code: int) -> GpError:
    return ConfigurationError(f"{description}; check DISCORD_BOT_TOKEN")


_BY_CODE: Final[Mapping[int, _Make]] = {
    10015: _expired,  # unknown webhook: the interaction was never acknowledged, or its token is wrong
    10062: _expired,  # unknown interaction: the 3 seconds are over
    _INVALID_WEBHOOK_TOKEN: _expired,  # the interaction token's 15 minutes are over; no word about the bot's token
    40043: _unavailable,  # application interaction failed to send
    40060: _acknowledged,
    _ACCEPTED_NOT_READY: _unavailable,  # index not ready, sent with the success status 202
    130000: _unavailable,  # resource overloaded
}


def error_of(call: Call, answer: Answer) -> GpError | None:
    """Return what an answer means for the core, ``None`` for success.

    The text names the route's template, the status, Discord's code and message and the faulty
    fields; secrets of the call are taken out even if Discord repeats them.
    """
    body = as_object(answer.body)
    code = integer(body, "code") or 0
    if answer.status < _MULTIPLE_CHOICES and code != _ACCEPTED_NOT_READY:
        return None
    description = _description(call, answer, code)
    if answer.status == _TOO_MANY_REQUESTS:
        return PortThrottledError(description, retry_after=retry_after(answer))
    return _maker(call, answer.status, code)(description, code)


def retry_after(answer: Answer) -> float:
    """Return how many seconds a 429 asks to wait: its body, else its header, else a minute."""
    for value in (as_object(answer.body).get("retry_after"), answer.headers.get("retry-after")):
        asked = seconds(value)
        if asked is not None:
            return asked
    return FALLBACK_PAUSE


def is_edge_block(answer: Answer) -> bool:
    """Tell whether a 429 comes from Discord's edge and so stops the whole egress address.

    What Discord itself says has a time, a scope or a code; the edge knows none of them.
    """
    if answer.status != _TOO_MANY_REQUESTS or "x-ratelimit-scope" in answer.headers:
        return False
    body = as_object(answer.body)
    return seconds(body.get("retry_after")) is None and not integer(body, "code")


def is_global(answer: Answer) -> bool:
    """Tell whether a 429 is about all requests of the bot."""
    return answer.headers.get("x-ratelimit-scope") == "global" or "x-ratelimit-global" in answer.headers


def counts_as_invalid(answer: Answer) -> bool:
    """Tell whether Discord counts the request towards the 10,000 invalid ones per 10 minutes."""
    if answer.status == _TOO_MANY_REQUESTS:
        return answer.headers.get("x-ratelimit-scope") != "shared"
    return answer.status in (401, 403)


def _maker(call: Call, status: int, code: int) -> _Make:
    by_code = _BY_CODE.get(code)
    if by_code is not None:
        return by_code
    if status == _UNAUTHORIZED and call.bot_token is not None:
        return _misconfigured
    if status >= _SERVER_ERROR or status == _REQUEST_TIMEOUT:
        return _unavailable
    return _rejected


def _description(call: Call, answer: Answer, code: int) -> str:
    body = as_object(answer.body)
    parts = [f"Discord answered {call} with {answer.status}"]
    if code:
        parts.append(f"code {code}")
    message = text(body, "message")
    if message:
        parts.append(_printable(call.scrub(message)))
    fields = "; ".join(_printable(call.scrub(field)) for field in _faulty_fields(body.get("errors")))
    if fields:
        parts.append(fields)
    if code == _BLOCKED_BY_EDGE:
        parts.append("the edge blocks the User-Agent")
    return ", ".join(parts)


def _printable(message: str) -> str:
    """Return the first characters; a secret is taken out before, or a piece of it would be left."""
    return "".join(character if character.isprintable() else " " for character in message[:_LONGEST_MESSAGE])


def _faulty_fields(errors: object) -> Iterator[str]:
    """Yield ``data.content: BASE_TYPE_BAD_LENGTH`` for the first faults, without recursion."""
    pending: list[tuple[str, object]] = [("", errors)]
    left = _MOST_FIELDS
    while pending and left:
        path, node = pending.pop()
        if not isinstance(node, dict):
            continue
        faults = node.get("_errors")
        if isinstance(faults, list):
            left -= 1
            yield f"{path or 'body'}: {_codes(faults)}"
        pending += [
            (f"{path}.{name}" if path else f"{name}", node[name]) for name in reversed(node) if name != "_errors"
        ]


def _codes(faults: list[object]) -> str:
    return "/".join(text(as_object(fault), "code") or "?" for fault in faults[:_MOST_FIELDS])
