"""What the bot token opens, in memory: the twins of members, messages, channels and commands."""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Final

from typing_extensions import override

from gpadapters.memory.discord_failures import Failures
from gpcore.domain.entities import Channel, Member, User
from gpcore.domain.ids import is_snowflake, snowflake_at
from gpcore.domain.messages import OutgoingMessage, SentMessage, edited
from gpcore.errors import PortRejectedError
from gpcore.ports.channels import Channels
from gpcore.ports.clock import Clock
from gpcore.ports.command_registry import CommandRegistry
from gpcore.ports.members import Members
from gpcore.ports.messages import Messages

_UNKNOWN_MEMBER: Final = 10007
_UNKNOWN_MESSAGE: Final = 10008
_INVALID_FORM: Final = 50035
_THREAD_EXISTS: Final = 160004
_LONGEST_THREAD_NAME: Final = 100
_PUBLIC_THREAD: Final = 11
_PRIVATE_THREAD: Final = 12
_SEQUENCES: Final = 2**22


class InMemoryMembers(Members):
    """Keeps roles by guild and user.

    Attributes:
        failures: Errors for the next calls.
        reasons: Audit-log reasons, in order.
    """

    def __init__(self) -> None:
        self.failures = Failures()
        self.reasons: list[str] = []
        self._roles: dict[tuple[str, str], set[str]] = {}

    def join(self, guild_id: str, user_id: str, *, roles: Sequence[str] = ()) -> None:
        """Put a user into a guild."""
        self._roles[guild_id, user_id] = set(roles)

    def roles_of(self, guild_id: str, user_id: str) -> frozenset[str] | None:
        """Return a member's role ids; ``None`` for somebody who is no member."""
        roles = self._roles.get((guild_id, user_id))
        return frozenset(roles) if roles is not None else None

    @override
    async def fetch(self, guild_id: str, user_id: str) -> Member:
        _check_ids(guild_id, user_id)
        self.failures.before_effect()
        roles = self._existing(guild_id, user_id)
        return Member(id=user_id, user=User(id=user_id), roles=tuple(sorted(roles)))

    @override
    async def add_role(self, guild_id: str, user_id: str, role_id: str, *, reason: str | None = None) -> None:
        _check_ids(guild_id, user_id, role_id)
        self.failures.before_effect()
        self._existing(guild_id, user_id).add(role_id)
        self._note(reason)

    @override
    async def remove_role(self, guild_id: str, user_id: str, role_id: str, *, reason: str | None = None) -> None:
        _check_ids(guild_id, user_id, role_id)
        self.failures.before_effect()
        self._roles.get((guild_id, user_id), set()).discard(role_id)
        self._note(reason)

    def _existing(self, guild_id: str, user_id: str) -> set[str]:
        roles = self._roles.get((guild_id, user_id))
        if roles is None:
            raise PortRejectedError("there is no such member", code=_UNKNOWN_MEMBER)
        return roles

    def _note(self, reason: str | None) -> None:
        if reason is not None:
            self.reasons.append(reason)
        self.failures.after_effect()


class InMemoryMessages(Messages):
    """Keeps messages by channel and id; every channel exists.

    Attributes:
        failures: Errors for the next calls.
        sent: Existing messages with their edits, by channel and id, in the order of their making.
    """

    def __init__(self, clock: Clock) -> None:
        self.failures = Failures()
        self.sent: dict[tuple[str, str], OutgoingMessage] = {}
        self._clock = clock
        self._sequence = count(1)
        self._nonces: dict[tuple[str, str], str] = {}

    @override
    async def send(self, channel_id: str, message: OutgoingMessage, *, nonce: str | None = None) -> SentMessage:
        _check_ids(channel_id)
        if message.ephemeral:
            raise PortRejectedError("a message in a channel cannot be ephemeral: everybody there would see it")
        self.failures.before_effect()
        made_before = self._nonces.get((channel_id, nonce)) if nonce is not None else None
        if made_before is not None:
            return SentMessage(id=made_before, channel_id=channel_id)
        message_id = snowflake_at(self._clock.now_us() // 1000, next(self._sequence) % _SEQUENCES)
        self.sent[channel_id, message_id] = message
        if nonce is not None:
            self._nonces[channel_id, nonce] = message_id
        self.failures.after_effect()
        return SentMessage(id=message_id, channel_id=channel_id)

    @override
    async def edit(self, channel_id: str, message_id: str, message: OutgoingMessage) -> SentMessage:
        _check_ids(channel_id, message_id)
        self.failures.before_effect()
        if (channel_id, message_id) not in self.sent:
            raise PortRejectedError("there is no such message", code=_UNKNOWN_MESSAGE)
        self.sent[channel_id, message_id] = edited(self.sent[channel_id, message_id], message)
        self.failures.after_effect()
        return SentMessage(id=message_id, channel_id=channel_id)

    @override
    async def delete(self, channel_id: str, message_id: str, *, reason: str | None = None) -> None:
        _check_ids(channel_id, message_id)
        self.failures.before_effect()
        self.sent.pop((channel_id, message_id), None)
        self.failures.after_effect()


class InMemoryChannels(Channels):
    """Every channel exists; direct-message channels are opened once per user.

    Attributes:
        failures: Errors for the next calls.
        direct: Direct-message channels by user.
        threads: Threads by id.
    """

    def __init__(self, clock: Clock) -> None:
        self.failures = Failures()
        self.direct: dict[str, str] = {}
        self.threads: dict[str, Channel] = {}
        self._clock = clock
        self._sequence = count(1)

    @override
    async def fetch(self, channel_id: str) -> Channel:
        _check_ids(channel_id)
        self.failures.before_effect()
        return self.threads.get(channel_id) or Channel(id=channel_id)

    @override
    async def open_dm(self, user_id: str) -> Channel:
        _check_ids(user_id)
        self.failures.before_effect()
        if user_id not in self.direct:
            self.direct[user_id] = self._new_id()
        self.failures.after_effect()
        return Channel(id=self.direct[user_id])

    @override
    async def start_thread(
        self,
        channel_id: str,
        name: str,
        *,
        message_id: str | None = None,
        private: bool = False,
        reason: str | None = None,
    ) -> Channel:
        _check_ids(channel_id, *(() if message_id is None else (message_id,)))
        if private and message_id is not None:
            raise PortRejectedError("a thread that hangs on a message cannot be private; nothing was sent")
        self.failures.before_effect()
        if not 1 <= len(name) <= _LONGEST_THREAD_NAME:
            raise PortRejectedError("a thread's name has 1 to 100 characters", code=_INVALID_FORM)
        if message_id in self.threads:
            raise PortRejectedError("the message has a thread already", code=_THREAD_EXISTS)
        thread_id = message_id or self._new_id()
        made = Channel(id=thread_id, name=name, type=_PRIVATE_THREAD if private else _PUBLIC_THREAD)
        self.threads[thread_id] = made
        self.failures.after_effect()
        return made

    def _new_id(self) -> str:
        return snowflake_at(self._clock.now_us() // 1000, next(self._sequence) % _SEQUENCES)


class InMemoryCommandRegistry(CommandRegistry):
    """Keeps what was registered.

    Attributes:
        failures: Errors for the next calls.
    """

    def __init__(self) -> None:
        self.failures = Failures()
        self._commands: dict[str | None, tuple[Mapping[str, object], ...]] = {}

    @override
    async def registered(self, *, guild_id: str | None = None) -> Sequence[Mapping[str, object]]:
        self._check(guild_id)
        return self._commands.get(guild_id, ())

    @override
    async def replace(
        self, commands: Sequence[Mapping[str, object]], *, guild_id: str | None = None
    ) -> Sequence[Mapping[str, object]]:
        self._check(guild_id)
        if any(not command.get("name") for command in commands):
            raise PortRejectedError("a command has no name", code=_INVALID_FORM)
        self._commands[guild_id] = tuple(dict(command) for command in commands)
        self.failures.after_effect()
        return self._commands[guild_id]

    def _check(self, guild_id: str | None) -> None:
        if guild_id is not None:
            _check_ids(guild_id)
        self.failures.before_effect()


def _check_ids(*ids: str) -> None:
    if not all(map(is_snowflake, ids)):
        raise PortRejectedError("an id is not a snowflake; nothing was sent")
