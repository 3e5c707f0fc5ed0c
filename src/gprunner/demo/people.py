"""People who use a bot: interactions and events made up from its handlers."""

import random
import time
from collections.abc import Callable, Sequence
from typing import Final

from gpcore.application.handlers import CompiledHandler, HandlerKind
from gpcore.application.routes import Routes
from gpcore.domain.dispatches import INTERACTION_CREATE, dispatch_of
from gpcore.domain.options import OptionSpec, OptionType
from gprunner import synthetic
from gprunner.synthetic import Origin, Raw

_NAMES: Final = ("alice", "bob", "chi", "dana", "eve", "fred", "gita", "hugo", "ines", "jan", "kim", "lea")
_WORDS: Final = ("0x1f", "0x2a", "0y99", "hello", "again")
_MOST: Final = 5
_LATELY: Final = 1_790_000_000_000
_ID_OPTIONS: Final = frozenset({OptionType.USER, OptionType.MENTIONABLE})


class People:
    """Makes up what somebody does next, evenly over the bot's handlers."""

    def __init__(self, routes: Routes, *, application_id: str, seed: int) -> None:
        self._random: Final = random.Random(seed)  # noqa: S311 - an example's choices
        self._application_id: Final = application_id
        self._people: Final = [
            synthetic.user(synthetic.snowflake(_LATELY, index), name) for index, name in enumerate(_NAMES)
        ]
        self._handlers: Final[Sequence[CompiledHandler]] = [handler for handler in routes if _can_be_made_up(handler)]

    def next(self) -> tuple[str, Raw]:
        """Return Discord's name of a dispatch and its object."""
        handler = self._random.choice(self._handlers)
        person = self._random.choice(self._people)
        dispatch = _dispatch(handler)
        event = synthetic.event(dispatch, person, now_ms=_now_ms())
        return (dispatch, event) if event is not None else (INTERACTION_CREATE, self._interaction(handler, person))

    def _interaction(self, handler: CompiledHandler, person: Raw) -> Raw:
        name = handler.registration.name
        now_ms = _now_ms()
        origin = Origin(now_ms=now_ms, application_id=self._application_id, user=person)
        if handler.kind is HandlerKind.COMMAND:
            return synthetic.command(name.split(), [self._option(spec) for spec in handler.options], origin)
        if handler.kind is HandlerKind.AUTOCOMPLETE:
            return synthetic.autocomplete(name.split(), handler.registration.option or "", "m", origin)
        if handler.kind is HandlerKind.COMPONENT:
            return synthetic.button(self._custom_id(handler), origin)
        if handler.kind is HandlerKind.MODAL:
            return synthetic.modal(self._custom_id(handler), {"text": self._random.choice(_WORDS)}, origin)
        if handler.kind is HandlerKind.USER_COMMAND:
            return synthetic.menu_command(name, 2, self._random.choice(self._people), origin)
        target = synthetic.message(synthetic.fresh_id(now_ms), person, self._random.choice(_WORDS))
        return synthetic.menu_command(name, 3, target, origin)

    def _option(self, spec: OptionSpec) -> Raw:
        return {"name": spec.name, "type": int(spec.type), "value": self._value(spec)}

    def _value(self, spec: OptionSpec) -> object:
        if spec.choices:
            return self._random.choice(spec.choices).value
        if spec.type in _ID_OPTIONS:
            return self._random.choice(self._people)["id"]
        lowest, highest = int(spec.details.min or 1), int(spec.details.max or _MOST)
        plain: dict[OptionType, Callable[[], object]] = {
            OptionType.STRING: lambda: self._random.choice(_WORDS),
            OptionType.INTEGER: lambda: self._random.randint(lowest, highest),
            OptionType.NUMBER: lambda: self._random.uniform(lowest, highest),
            OptionType.BOOLEAN: lambda: self._random.random() < 1 / 2,
        }
        return plain.get(spec.type, lambda: synthetic.CHANNEL_ID)()

    def _custom_id(self, handler: CompiledHandler) -> str:
        template = handler.template
        if template is None:
            return handler.registration.name
        return template.build(
            {name: self._random.randint(1, 9) if kind is int else "42" for name, kind in template.parameters.items()}
        )


def _dispatch(handler: CompiledHandler) -> str:
    if handler.kind is not HandlerKind.EVENT:
        return INTERACTION_CREATE
    name = handler.registration.name
    return dispatch_of(name) or name


def _can_be_made_up(handler: CompiledHandler) -> bool:
    if handler.kind is HandlerKind.EVENT:
        return synthetic.event(_dispatch(handler), synthetic.user("1", "nobody"), now_ms=_LATELY) is not None
    return handler.kind is not HandlerKind.ENTRY_POINT


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
