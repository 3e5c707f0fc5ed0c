"""What a fleet asks before it sends a request as the bot, and what it tells about the answer."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MOST_PER_SECOND: Final = 45
"""Requests of one bot in any second. Discord allows 50; the rest is for requests that the network bunches."""


class Verdict(StrEnum):
    """What became of an ask."""

    GO = "go"
    WAIT = "wait"
    BUSY = "busy"
    """The wait would be longer than the caller's patience."""
    FORBIDDEN = "forbidden"
    """Discord forbade the same thing a moment ago."""
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - a word
    """Discord refused this bot token."""


class Scope(StrEnum):
    """What a 429 is about."""

    NONE = ""
    USER = "user"
    SHARED = "shared"
    GLOBAL = "global"
    EDGE = "edge"
    """Discord's edge, which speaks for the egress address and not for the bot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a request goes, as far as limits care.

    Attributes:
        route: Method and path template.
        major: Guild, channel or nothing.
        resource: A name of method and full path that holds no secret.
        token: A name of the bot token that does not tell it; another token is another name.
    """

    route: str
    major: str
    resource: str
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request that wants to leave.

    Attributes:
        target: Where to.
        nonce: Unique for this one request; a repetition of the request has another.
        patience_us: How long the caller can wait, at least 0.
    """

    target: Target
    nonce: str
    patience_us: int

    def __post_init__(self) -> None:
        if not self.nonce:
            raise ValueError("an empty nonce would make all requests one")
        if type(self.patience_us) is not int or self.patience_us < 0:
            raise ValueError(f"patience_us is {self.patience_us!r}; give a whole number from 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit:
    """The answer to an ask.

    Attributes:
        verdict: What it is.
        now_us: The store's time.
        wait_us: For anything but ``GO``: when asking again may help.
        code: Discord's code with which it forbade the same before.
    """

    verdict: Verdict
    now_us: int
    wait_us: int = 0
    code: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A bucket as an answer's headers describe it.

    Attributes:
        bucket: Discord's name of it.
        limit: Requests in one window.
        remaining: Requests left in this one.
        reset_after_us: Until it ends.
        ends_ms: When it ends by Discord's clock. Only ever compared with another window's end.
    """

    bucket: str
    limit: int
    remaining: int
    reset_after_us: int
    ends_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What came of a request that was let go.

    Attributes:
        target: Where it went.
        nonce: The ask's.
        status: HTTP status, 0 if there was no answer.
        window: What the headers said, if they said it all.
        scope: What a 429 is about.
        retry_after_us: What a 429 asks to wait.
        code: Discord's code in the body.
    """

    target: Target
    nonce: str
    status: int
    window: Window | None = None
    scope: Scope = Scope.NONE
    retry_after_us: int = 0
    code: int = 0
