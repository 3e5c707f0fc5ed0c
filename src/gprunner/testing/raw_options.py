"""A command's options as Discord would send them, made from Python values and checked as Discord would."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final

from gpcore.application.handlers import CompiledHandler
from gpcore.domain.entities import Attachment, Channel, Member, Mentionable, Resolved, Role, User
from gpcore.domain.interactions import GivenOption
from gpcore.domain.options import OptionSpec, OptionType, convert
from gpcore.errors import OptionError
from gprunner.testing.errors import KitError, near
from gprunner.testing.raw_entities import attachment_object, channel_object, member_object, role_object, user_object

Raw = dict[str, Any]
Entity = User | Member | Role | Channel | Mentionable | Attachment

_TAKES: Final[Mapping[OptionType, tuple[type, ...]]] = {
    OptionType.STRING: (str,),
    OptionType.INTEGER: (int,),
    OptionType.NUMBER: (int, float),
    OptionType.BOOLEAN: (bool,),
    OptionType.USER: (User, Member),
    OptionType.ROLE: (Role,),
    OptionType.CHANNEL: (Channel,),
    OptionType.MENTIONABLE: (User, Member, Role, Mentionable),
    OptionType.ATTACHMENT: (Attachment,),
}


@dataclass(slots=True)
class ResolvedObjects:
    """Discord's objects behind the ids of one interaction.

    Attributes:
        guild_id: Where it happens.
        raw: The ``resolved`` object so far.
    """

    guild_id: str | None
    raw: Raw = field(default_factory=dict)

    def add(self, entity: Entity) -> str:
        """Take an entity and return its id."""
        match entity:
            case User():
                self._put("users", entity.id, user_object(entity))
                if self.guild_id is not None:
                    self._put("members", entity.id, member_object(Member(id=entity.id, user=entity)))
            case Member():
                self._put("users", entity.id, user_object(entity.user))
                self._put("members", entity.id, member_object(entity))
            case Role():
                self._put("roles", entity.id, role_object(entity))
            case Channel():
                self._put("channels", entity.id, channel_object(entity, self.guild_id))
            case Attachment():
                self._put("attachments", entity.id, attachment_object(entity))
            case Mentionable():
                for one in (entity.user, entity.role):
                    if one is not None:
                        self.add(one)
        return entity.id

    def _put(self, group: str, entity_id: str, value: Raw) -> None:
        self.raw.setdefault(group, {})[entity_id] = value


def raw_options(
    handler: CompiledHandler, given: Mapping[str, object], resolved: ResolvedObjects, *, complete: bool = True
) -> list[Raw]:
    """Return the options that somebody fills in.

    Args:
        handler: The command's.
        given: Values by the option's or the parameter's name; ``None`` leaves one out.
        resolved: Takes the entities among them.
        complete: Whether all that are required must be there; not while somebody is still typing.

    Raises:
        KitError: A name that the command does not have, a missing option, or a value that Discord
            would not let anybody enter.
    """
    command = handler.registration.name
    specs = {name: spec for spec in handler.options for name in (spec.parameter, spec.name)}
    filled: list[Raw] = []
    for name, value in given.items():
        if name not in specs:
            known = [spec.name for spec in handler.options]
            raise KitError(f"{command!r} has no option {name!r}: {near(name, known)}")
        if value is not None:
            filled.append(_option(command, specs[name], value, resolved))
    _check_complete(command, handler.options, filled, resolved, complete=complete)
    return filled


def _check_complete(
    command: str, specs: Iterable[OptionSpec], filled: list[Raw], resolved: ResolvedObjects, *, complete: bool
) -> None:
    values = {option["name"]: option["value"] for option in filled}
    for spec in specs:
        if spec.name not in values and not complete:
            continue
        found = GivenOption(name=spec.name, value=values[spec.name]) if spec.name in values else None
        try:
            convert(spec, found, Resolved(resolved.raw))
        except OptionError as error:
            raise KitError(f"{command!r}: {error}, so Discord would not send it") from None


def _option(command: str, spec: OptionSpec, value: object, resolved: ResolvedObjects) -> Raw:
    plain = value.value if isinstance(value, Enum) else value
    wanted = _TAKES[spec.type]
    # A bool is an int to Python, not to Discord.
    if not isinstance(plain, wanted) or (isinstance(plain, bool) and spec.type is not OptionType.BOOLEAN):
        names = " or ".join(kind.__name__ for kind in wanted)
        raise KitError(f"{command!r}: option {spec.name!r} takes {names}, not {type(value).__name__}")
    if isinstance(plain, (User, Member, Role, Channel, Mentionable, Attachment)):
        plain = resolved.add(plain)
    return {"name": spec.name, "type": int(spec.type), "value": plain}
