"""What Discord is told about a command beside its options."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

CommandContextName = Literal["guild", "bot_dm", "private_channel"]
"""Where a command can be used: in guilds, in direct messages with the bot, in other direct messages."""

InstallName = Literal["guild", "user"]
"""For whom an application can be installed."""

CONTEXTS: Final[Mapping[str, int]] = MappingProxyType({"guild": 0, "bot_dm": 1, "private_channel": 2})
INSTALLS: Final[Mapping[str, int]] = MappingProxyType({"guild": 0, "user": 1})


@dataclass(frozen=True, slots=True, kw_only=True)
class Localization:
    """A command's, group's or option's words in one language; what is ``None`` stays as declared.

    Attributes:
        name: As users of that language see it. For ``"wallet check"`` the name of ``check``.
        description: 1 to 100 characters.
        choices: For an option with fixed choices: what they are called, 1 to 100 characters, by the
            names that they have as declared.
    """

    name: str | None = None
    description: str | None = None
    choices: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)


def no_localizations() -> Mapping[str, Localization]:
    """Return the words of no other language."""
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandDetails:
    """What is declared of a command beside its options.

    ``None`` leaves a setting to Discord or to the application's own settings. Permissions,
    contexts, installs and nsfw belong to a whole command: its subcommands share them.

    Attributes:
        description: 1 to 100 characters; ``None`` takes the docstring's first line.
        permissions: Bits of ``Permission`` that a member needs unless a guild decides otherwise.
        contexts: Where it can be used.
        installs: For whom the application must be installed.
        nsfw: Whether it is for age-restricted channels only.
        localizations: Its words by locale, such as ``de``.
    """

    description: str | None = None
    permissions: int | None = None
    contexts: tuple[CommandContextName, ...] | None = None
    installs: tuple[InstallName, ...] | None = None
    nsfw: bool | None = None
    localizations: Mapping[str, Localization] = field(default_factory=no_localizations, hash=False)


NO_DETAILS: Final = CommandDetails()
