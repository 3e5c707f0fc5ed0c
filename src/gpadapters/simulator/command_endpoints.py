"""The endpoints of registered commands."""

from collections.abc import Iterable
from typing import Final

from gpadapters.simulator import checks, command_checks, errors
from gpadapters.simulator.asking import Answered, Asked
from gpadapters.simulator.errors import Json
from gpadapters.simulator.world import World

Commands = list[Json]

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
_OWNERS: Final = frozenset({"id", "application_id", "version", "guild_id"})
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
        made = [self._made(command, before.get(_identity(command)), asked) for command in given]
        self._world.commands[guild_id] = made
        return Answered(200, made)

    def create(self, asked: Asked) -> Answered:
        """Register one command; one of the same name and type is overwritten."""
        same = [one for one in self._registered(asked) if _identity(one) == _identity(asked.fields)]
        known = same[0] if same else None
        return Answered(201 if known is None else 200, self._put(asked, asked.fields, instead_of=known))

    def fetch(self, asked: Asked) -> Answered:
        """Return one command."""
        return Answered(200, self._command(asked))

    def edit(self, asked: Asked) -> Answered:
        """Change one command; what the body does not name stays."""
        command = self._command(asked)
        changed = {field: value for field, value in command.items() if field not in _OWNERS} | asked.fields
        return Answered(200, self._put(asked, changed, instead_of=command))

    def delete(self, asked: Asked) -> Answered:
        """Take one command back."""
        self._registered(asked).remove(self._command(asked))
        return Answered(204)

    def _registered(self, asked: Asked) -> Commands:
        return self._world.commands.setdefault(asked.params.get("guild_id"), [])

    def _command(self, asked: Asked) -> Json:
        for command in self._registered(asked):
            if command["id"] == asked.params["command_id"]:
                return command
        raise errors.unknown_command()

    def _put(self, asked: Asked, command: Json, *, instead_of: Json | None) -> Json:
        others = [one for one in self._registered(asked) if one is not instead_of]
        faults = list(command_checks.command_set([*others, command]))
        if faults:
            raise errors.invalid_form(*faults)
        made = self._made(command, instead_of, asked)
        self._world.commands[asked.params.get("guild_id")] = [*others, made]
        return made

    def _made(self, command: Json, known: Json | None, asked: Asked) -> Json:
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
