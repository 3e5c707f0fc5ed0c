"""Commands as a bot declares them, before Discord's limits are looked at."""

from collections.abc import Sequence
from dataclasses import dataclass

from gpcore.domain.command_details import NO_DETAILS, CommandDetails
from gpcore.domain.interactions import CommandType
from gpcore.domain.options import OptionSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandDeclaration:
    """A handler of a command, or the description of a group of them.

    Attributes:
        type: What kind of command.
        path: Its words; one for anything but a chat-input command.
        source: ``file:line`` of it.
        description: What users see beside it; empty for context menus.
        options: In the handler's order.
        autocompleted: Names of the options that an autocomplete handler suggests for.
        details: What else Discord is told.
        is_group: Whether it only describes what its subcommands share.
    """

    type: CommandType
    path: tuple[str, ...]
    source: str
    description: str = ""
    options: Sequence[OptionSpec] = ()
    autocompleted: frozenset[str] = frozenset()
    details: CommandDetails = NO_DETAILS
    is_group: bool = False

    @property
    def name(self) -> str:
        """Its words, as the bot wrote them."""
        return " ".join(self.path)

    def fault(self, problem: str) -> str:
        """Return what is wrong with it as a sentence with its place."""
        kind = "group" if self.is_group else f"{self.type.name.lower().replace('chat_input', '')} command".strip()
        return f"{self.source}: {kind.replace('_', ' ')} {self.name!r} {problem}"
