"""How to reach Discord and how patient to be with it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from gpcore.domain.ids import is_snowflake
from gpcore.domain.secrets import Secret
from gpcore.errors import ConfigurationError

API_URL: Final = "https://discord.com/api/v10"
USER_AGENT: Final = "DiscordBot (gp-worker, 0.1.0)"

_BOT_TOKEN: Final = re.compile(r"[A-Za-z0-9_.-]{1,256}")
_HEADER: Final = re.compile(r"[\x20-\x7e]{1,256}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscordSettings:
    """Address, identity and time-outs; all times are seconds.

    Attributes:
        application_id: Snowflake of the application, part of every follow-up's path.
        api_url: Base of every path, with the API's version; a proxy's or the simulator's for tests.
        bot_token: Needed for members, messages, channels and commands; interactions never use it.
        user_agent: Discord's edge blocks clients whose agent does not begin with ``DiscordBot``.
        max_connections: Requests in flight at once; more wait for a connection.
        keepalive: How long an idle connection is kept. Short, since a connection that a NAT or an
            edge dropped in silence is only noticed when a request on it gets no answer, and that
            may cost the 3 seconds of a first answer.
        connect_timeout: TCP and TLS together.
        request_timeout: One request other than a first answer, which brings its own.
        longest_wait: How long a call may wait for a rate limit before it raises
            ``PortThrottledError`` instead.

    Raises:
        ConfigurationError: A value that no request could carry; never repeats the token.
    """

    application_id: str
    api_url: str = API_URL
    bot_token: Secret | None = None
    user_agent: str = USER_AGENT
    max_connections: int = 200
    keepalive: float = 20.0
    connect_timeout: float = 2.0
    request_timeout: float = 10.0
    longest_wait: float = 5.0

    def __post_init__(self) -> None:
        faults = tuple(self._faults())
        if faults:
            raise ConfigurationError(faults)

    def _faults(self) -> Iterator[str]:
        if not is_snowflake(self.application_id):
            yield "DISCORD_APPLICATION_ID is not a snowflake of 17 to 20 digits"
        url = urlsplit(self.api_url)
        if url.scheme not in ("http", "https") or not url.hostname or url.query or url.fragment or url.username:
            yield "DISCORD_API_URL is not an http or https address without credentials and query"
        if self.bot_token is not None and _BOT_TOKEN.fullmatch(self.bot_token.reveal()) is None:
            yield "DISCORD_BOT_TOKEN holds characters that no bot token has"
        if _HEADER.fullmatch(self.user_agent) is None:
            yield "the user agent is not printable ASCII"
