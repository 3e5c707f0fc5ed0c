"""The endpoints of registered commands."""

from collections.abc import Iterable
from typing import Final

from gpadapters.simulator import checks, command_checks, errors
from gpadapters.simulator.asking import Answered, Asked
from gpadapters.simulator.errors import Json
from gpadapters.simulator.world import World

_LARGEST_SET: Final = 131
_LOCALIZED: Final = ("name_localizations", "description_localizations")
_DEFAULTS: Final[Json] = {
    "type": command_checks.CHAT_INPUT,
    "description": "",
    "name_localizations": None,
    "description_localizations": None,
    "default_member_permissions": None,
    "dm_permission": True,
    "nsfw": False,
}
_GLOBAL_DEFAULTS: Final[Json] = {"contexts": None, "integration_types": [0]}


class CommandEndpoints:
    """Commands by guild, and the global ones."""

    def __init__(self, world: World) -> None:
        self._world = world

    def list(self, asked: Asked) -> Answered:
        """Return the registered commands; those of other languages only if they are asked for."""
        registered = self._world.commands.get(asked.params.get("guild_id"), [])
        if asked.query.get("with_localizations") in {"true", "1"}:
            return Answered(200, registered)
        return Answered(200, [_unlocalized(command) for command in registered])

    def replace(self, asked: Asked) -> Answered:
        """Overwrite the registered commands; one that keeps its name and type keeps its id."""
        given = [checks.as_object(item) for item in checks.as_list(asked.body)]
        faults = [*checks.array((), asked.body, _LARGEST_SET), *command_checks.command_set(given)]
        if faults:
            raise errors.invalid_form(*faults)
        guild_id = asked.params.get("guild_id")
        before = {_identity(command): command for command in self._world.commands.get(guild_id, [])}
        if _has_entry_point(before.values()) and not _has_entry_point(given):
            raise errors.entry_point_missing()
        made = [self._made(command, before, asked) for command in given]
        self._world.commands[guild_id] = made
        return Answered(200, made)

    def _made(self, command: Json, before: dict[tuple[object, object], Json], asked: Asked) -> Json:
        known = before.get(_identity(command))
        owner: Json = {
            "id": known["id"] if known is not None else self._world.new_id(),
            "application_id": asked.params["application_id"],
            "version": self._world.new_id(),
        }
        scope = {} if "guild_id" in asked.params else _GLOBAL_DEFAULTS
        guild = {"guild_id": asked.params["guild_id"]} if "guild_id" in asked.params else {}
        return _DEFAULTS | scope | command | owner | guild


def _identity(command: Json) -> tuple[object, object]:
    return command.get("type", command_checks.CHAT_INPUT), command.get("name")


def _has_entry_point(commands: Iterable[Json]) -> bool:
    return any(command.get("type") == command_checks.ENTRY_POINT for command in commands)


def _unlocalized(command: Json) -> Json:
    return {field: value for field, value in command.items() if field not in _LOCALIZED}
