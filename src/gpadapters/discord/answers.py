"""One request to Discord and what came back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from typing_extensions import override

from gpadapters.discord.routes import CALLBACK_OPERATION, Route
from gpcore.domain.files import File
from gpcore.domain.reading import Object
from gpcore.domain.secrets import Secret
from gpcore.errors import GpError

NO_HEADERS: Final[Mapping[str, str]] = {}


class Importance(IntEnum):
    """Who goes on when not everybody can; a higher one goes on longer."""

    BACKGROUND = 0
    """Acts as the bot."""
    FOLLOWUP = 1
    """Goes on with an interaction that was answered."""
    CALLBACK = 2
    """Answers an interaction, in three seconds or never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request to make.

    Attributes:
        route: Where to.
        payload: JSON body; ``None`` sends none.
        files: Sent beside the payload as multipart.
        bot_token: Sent as ``Authorization``; interactions never have one.
        reason: For the guild's audit log.
    """

    route: Route
    payload: object = None
    files: Sequence[File] = ()
    bot_token: Secret | None = None
    reason: str | None = None

    @property
    def importance(self) -> Importance:
        """How long it goes on when not everything can."""
        if self.bot_token is not None:
            return Importance.BACKGROUND
        return Importance.CALLBACK if self.route.operation == CALLBACK_OPERATION else Importance.FOLLOWUP

    def scrub(self, text: str) -> str:
        """Return ``text`` without the secrets of this call."""
        for secret in (self.route.token, self.bot_token):
            if secret:
                text = text.replace(secret.reveal(), "***")
        return text

    @override
    def __str__(self) -> str:
        return f"{self.route.method} {self.route.template}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back.

    Attributes:
        status: HTTP status, 0 if there was no answer.
        headers: By lower-case name.
        body: Parsed JSON; ``None`` if it was none.
        error: What the core is told; ``None`` for success.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: object = field(default=None, repr=False)
    error: GpError | None = None

    def value(self) -> object:
        """Return the body.

        Raises:
            GpError: The answer's error.
        """
        if self.error is not None:
            raise self.error
        return self.body


def parse_json(content_type: str, content: bytes) -> object:
    """Return the JSON value of a body, ``None`` for anything that is none."""
    if not content or "json" not in content_type.lower():
        return None
    try:
        value: object = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return value


def as_object(body: object) -> Object:
    """Return a JSON object, an empty one for anything else."""
    return body if isinstance(body, dict) else {}


def seconds(value: object) -> float | None:
    """Return a header's or field's number of seconds if it is a sensible one, 0 to one day."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return min(number, _LONGEST) if number >= 0 else None


_LONGEST: Final = 86_400.0
