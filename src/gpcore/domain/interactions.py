"""An interaction: somebody used a command, pressed a button or sent a form.

Built from an ``Envelope``; what only some handlers look at (resolved objects, the message, the
member) is read from Discord's object when it is asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from gpcore.domain.entities import Channel, Member, Resolved, User
from gpcore.domain.permissions import permissions_named
from gpcore.domain.reading import Object, integer, nested
from gpcore.domain.secrets import Secret
from gpcore.domain.wire_message import NO_HEADERS

IS_COMPONENTS_V2: Final = 1 << 15
"""A message's flag: it is made of layout components."""


class InteractionKind(IntEnum):
    """Discord's interaction types that a worker can answer."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class CommandType(IntEnum):
    """Discord's command types."""

    CHAT_INPUT = 1
    USER = 2
    MESSAGE = 3
    ENTRY_POINT = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenOption:
    """An option as the user filled it in.

    Attributes:
        name: Its unlocalised name.
        value: A string, number or boolean; ids are strings.
        type: Discord's option type, ``None`` from v1, which does not carry it.
    """

    name: str
    value: object
    type: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandCall:
    """One reading of what was called.

    Attributes:
        path: Command name, then group and subcommand if there are any.
        options: By name.
        focused: The option being typed, for autocomplete.
    """

    path: tuple[str, ...]
    options: Mapping[str, GivenOption] = field(default_factory=dict)
    focused: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmittedField:
    """One field of a sent form.

    Attributes:
        value: Text, a list of texts or ids, a boolean, or ``None`` for a choice left open.
        type: Discord's component type, ``None`` from v1.
    """

    value: str | tuple[str, ...] | bool | None
    type: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """One interaction that wants an answer.

    Attributes:
        id: Snowflake; its creation time starts the 3 seconds.
        token: Authorises every answer for 15 minutes.
        kind: What kind of interaction.
        calls: For commands and autocomplete: the readings of what was called, most specific
            first. Discord's own object has exactly one; v1 lost the difference between a
            subcommand and an option that holds a map, so the router takes the first reading that
            it knows. Empty where v1 lost the name.
        command_type: For commands.
        target_id: For user and message commands.
        custom_id: For components and modals.
        component_type: For components, ``None`` from v1.
        values: For selects.
        fields: For modals, by custom_id.
        user_id: Who did it; ``None`` only if the publisher lost it.
        opened_from_message: Whether a message is behind it: always for components, for modals
            only if a component opened them.
        user_install_only: Whether only the user has installed the application, not the place: then
            Discord takes five follow-ups at most.
        permission_names: From v1: what the member may do there, in discord.js' words; ``None`` if
            that is not said, or is in ``raw``.
        raw: Discord's object, ``None`` from v1.
    """

    id: str
    token: Secret
    kind: InteractionKind
    calls: tuple[CommandCall, ...] = ()
    command_type: CommandType | None = None
    target_id: str | None = None
    custom_id: str | None = None
    component_type: int | None = None
    values: tuple[str, ...] = ()
    fields: Mapping[str, SubmittedField] = field(default_factory=dict, repr=False)
    application_id: str | None = None
    guild_id: str | None = None
    channel_id: str | None = None
    user_id: str | None = None
    locale: str | None = None
    guild_locale: str | None = None
    context: int | None = None
    opened_from_message: bool = False
    user_install_only: bool = False
    permission_names: tuple[str, ...] | None = None
    raw: Object | None = field(default=None, repr=False)

    @property
    def from_layout(self) -> bool:
        """Whether the message behind it is made of layout components (Discord's flag IS_COMPONENTS_V2)."""
        flags = integer(self.message, "flags") if self.message is not None else None
        return flags is not None and bool(flags & IS_COMPONENTS_V2)

    @property
    def typed_into(self) -> int | None:
        """For autocomplete: Discord's type of the option that is being typed."""
        typed = [call.options.get(call.focused or "") for call in self.calls[:1]]
        return next((option.type for option in typed if option is not None), None)

    @property
    def resolved(self) -> Resolved:
        """The objects behind the ids in options, selects and forms."""
        data = nested(self.raw, "data") if self.raw is not None else None
        found = nested(data, "resolved") if data is not None else None
        return Resolved(found if found is not None else NO_HEADERS)

    @property
    def user(self) -> User | None:
        """Who did it."""
        if self.user_id is None:
            return None
        return User.of(self.user_id, self._user_object())

    @property
    def member(self) -> Member | None:
        """Who did it, as a member; ``None`` outside a guild."""
        user = self.user
        if user is None or self.guild_id is None:
            return None
        if self.raw is not None:
            return Member.of(user, nested(self.raw, "member"))
        named = self.permission_names
        return Member(id=user.id, user=user, permissions=None if named is None else permissions_named(named))

    @property
    def channel(self) -> Channel | None:
        """Where it happened."""
        if self.channel_id is None:
            return None
        return Channel.of(self.channel_id, nested(self.raw, "channel") if self.raw is not None else None)

    @property
    def message(self) -> Object | None:
        """Discord's object of the message that carries the component."""
        return nested(self.raw, "message") if self.raw is not None else None

    def _user_object(self) -> Object | None:
        if self.raw is None:
            return None
        member = nested(self.raw, "member")
        return nested(member, "user") if member is not None else nested(self.raw, "user")
