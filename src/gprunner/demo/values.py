"""What people type, choose and fill in, made up by a seeded generator within what Discord allows."""

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from gpcore.domain.options import LARGEST_INTEGER, OptionSpec, OptionType
from gprunner import controls, synthetic
from gprunner.controls import Control
from gprunner.synthetic import Raw

WORDS: Final = ("0x1f", "0x2a", "0y99", "hello", "again", "sorry", "spam", "no idea")
_ROLE: Final[Raw] = {"id": "849256214691971079", "name": "member", "permissions": "0"}
_CHANNEL: Final[Raw] = {"id": synthetic.CHANNEL_ID, "name": "general", "type": 0}
_MOST: Final = 5
_FILLER: Final = "."


class Values:
    """Makes up values; ``resolved`` takes Discord's objects behind the ids among them."""

    def __init__(self, seeded: random.Random, people: Sequence[Raw]) -> None:
        self._random: Final = seeded
        self._people: Final = people

    def option(self, spec: OptionSpec, resolved: Raw) -> Raw:
        """Return a filled option of a command."""
        return {"name": spec.name, "type": int(spec.type), "value": self._value(spec, resolved)}

    def typed(self) -> str:
        """Return the beginning of something."""
        return self._random.choice(WORDS)[: self._random.randint(0, 2)]

    def chosen(self, control: Control, resolved: Raw) -> list[str]:
        """Return what somebody chooses in a select."""
        count = self._random.randint(max(control.least, 1), max(control.most, 1))
        if control.type in (controls.STRING_SELECT, controls.RADIO_GROUP, controls.CHECKBOX_GROUP):
            return self._random.sample(control.offers, min(count, len(control.offers)))
        found = [self._entity(control.type, resolved) for _ in range(count)]
        return list(dict.fromkeys(found))

    def answers(self, fields: Sequence[Control], resolved: Raw) -> Mapping[str, object]:
        """Return what somebody fills into a form, by the fields' ids."""
        return {field.custom_id: self._answer(field, resolved) for field in fields if field.custom_id is not None}

    def _answer(self, field: Control, resolved: Raw) -> object:
        if field.type == controls.CHECKBOX:
            return self._random.random() < 1 / 2
        if field.is_text:
            return self._text(field.least, field.most)
        if field.type == controls.FILE_UPLOAD:
            return [self._attachment(resolved) for _ in range(max(field.least, 1))]
        values = self.chosen(field, resolved)
        return values[0] if field.takes_one else values

    def _value(self, spec: OptionSpec, resolved: Raw) -> object:
        if spec.choices:
            return self._random.choice(spec.choices).value
        details = spec.details
        lowest = details.min if details.min is not None else min(1, details.max if details.max is not None else 1)
        highest = min(details.max if details.max is not None else lowest + _MOST, LARGEST_INTEGER)
        make: dict[OptionType, Callable[[], object]] = {
            OptionType.STRING: lambda: self._text(details.min_length or 0, details.max_length or _MOST * 100),
            OptionType.INTEGER: lambda: self._random.randint(int(lowest), int(highest)),
            OptionType.NUMBER: lambda: self._random.uniform(lowest, highest),
            OptionType.BOOLEAN: lambda: self._random.random() < 1 / 2,
            OptionType.USER: lambda: self._entity(controls.USER_SELECT, resolved),
            OptionType.MENTIONABLE: lambda: self._entity(controls.MENTIONABLE_SELECT, resolved),
            OptionType.ROLE: lambda: self._entity(controls.ROLE_SELECT, resolved),
            OptionType.CHANNEL: lambda: self._entity(controls.CHANNEL_SELECT, resolved),
            OptionType.ATTACHMENT: lambda: self._attachment(resolved),
        }
        return make[spec.type]()

    def _text(self, shortest: int, longest: int) -> str:
        return self._random.choice(WORDS).ljust(shortest, _FILLER)[:longest]

    def _entity(self, kind: int, resolved: Raw) -> str:
        if kind == controls.ROLE_SELECT:
            return _into(resolved, "roles", _ROLE)
        if kind == controls.CHANNEL_SELECT:
            return _into(resolved, "channels", _CHANNEL)
        person = self._random.choice(self._people)
        resolved.setdefault("members", {})[person["id"]] = {"roles": [], "permissions": "0"}
        return _into(resolved, "users", person)

    def _attachment(self, resolved: Raw) -> str:
        file_id = synthetic.snowflake(1_790_000_000_000, self._random.randrange(1 << 20))
        return _into(resolved, "attachments", {"id": file_id, "filename": "cat.png", "size": 99, "url": "attachment:"})


def _into(resolved: Raw, group: str, entity: Raw) -> str:
    resolved.setdefault(group, {})[entity["id"]] = entity
    return str(entity["id"])
