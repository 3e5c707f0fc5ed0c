"""People who use a bot: they begin with its commands and go on with whatever it shows them."""

import random
import time
from typing import Final

from gpcore.application.handlers import CompiledHandler, HandlerKind
from gpcore.application.routes import Routes
from gpcore.domain.dispatches import INTERACTION_CREATE, dispatch_of
from gpcore.domain.options import OptionType
from gprunner import controls, synthetic
from gprunner.demo.screens import Screen, Screens
from gprunner.demo.values import WORDS, Values
from gprunner.synthetic import Origin, Raw
from gprunner.system_parts import Simulator

_NAMES: Final = ("alice", "bob", "chi", "dana", "eve", "fred", "gita", "hugo", "ines", "jan", "kim", "lea")
_LATELY: Final = 1_790_000_000_000
_GOES_ON: Final = 0.4
"""How often somebody goes on with what is shown, if anything is, instead of beginning anew."""

_MODERATE: Final = 3
"""How many of them may do everything in the guild."""

_ALL_PERMISSIONS: Final = str((1 << 50) - 1)

_INTERFERES: Final = 0.1
"""How often somebody else uses what everybody sees."""

_SHOWN: Final = frozenset({HandlerKind.COMPONENT, HandlerKind.MODAL})
"""Nobody begins with these: they are found in messages."""


class People:
    """Makes up what somebody does next; the same seed makes the same choices."""

    def __init__(self, routes: Routes, discord: Simulator, *, application_id: str, seed: int) -> None:
        self._random: Final = random.Random(seed)  # noqa: S311 - an example's choices
        self._application_id: Final = application_id
        self._people: Final = [
            synthetic.user(synthetic.snowflake(_LATELY, index), name) for index, name in enumerate(_NAMES)
        ]
        self._values: Final = Values(self._random, self._people)
        self._screens: Final = Screens(discord)
        self._handlers: Final = [handler for handler in routes if _can_begin(handler)]
        self._option_types: Final = {
            (handler.registration.name, spec.name): spec.type for handler in routes for spec in handler.options
        }

    def next(self) -> tuple[str, Raw] | None:
        """Return Discord's name of a dispatch and its object; ``None`` if there is nothing to do."""
        person = self._random.choice(self._people)
        shown = self._screens.usable(person) if self._random.random() < _GOES_ON or not self._handlers else []
        if shown:
            return INTERACTION_CREATE, self._go_on(self._random.choice(shown))
        if not self._handlers:
            return None
        handler = self._random.choice(self._handlers)
        dispatch = _dispatch(handler)
        event = synthetic.event(dispatch, person, now_ms=_now_ms())
        return (dispatch, event) if event is not None else (INTERACTION_CREATE, self._begin(handler, person))

    def _begin(self, handler: CompiledHandler, person: Raw) -> Raw:
        name, resolved = handler.registration.name, Raw()
        origin = self._origin(person)
        match handler.kind:
            case HandlerKind.AUTOCOMPLETE:
                option = handler.registration.option or ""
                kind = self._option_types.get((name, option), OptionType.STRING)
                return synthetic.autocomplete(name.split(), option, self._values.typed(), origin, option_type=kind)
            case HandlerKind.USER_COMMAND:
                return self._watched(synthetic.menu_command(name, 2, self._random.choice(self._people), origin), person)
            case HandlerKind.MESSAGE_COMMAND:
                author, content = self._random.choice(self._people), self._random.choice(WORDS)
                target = synthetic.message(synthetic.fresh_id(origin.now_ms), author, content)
                return self._watched(synthetic.menu_command(name, 3, target, origin), person)
            case HandlerKind.ENTRY_POINT:
                data = synthetic.command_data([name], []) | {"type": synthetic.ENTRY_POINT}
            case _:
                options = [self._values.option(spec, resolved) for spec in handler.options]
                data = synthetic.command_data(name.split(), options) | {"resolved": resolved}
        return self._watched(synthetic.interaction(synthetic.COMMAND, data, origin), person)

    def _go_on(self, screen: Screen) -> Raw:
        if screen.is_form:
            return self._send(screen)
        interferes = not screen.private and self._random.random() < _INTERFERES
        person = self._random.choice(self._people) if interferes else screen.person
        control, resolved = self._random.choice(screen.controls), Raw()
        data: Raw = {"custom_id": control.custom_id, "component_type": control.type, "id": 2}
        if control.is_select:
            data["values"] = self._values.chosen(control, resolved)
        raw = synthetic.interaction(
            synthetic.COMPONENT, data | {"resolved": resolved}, self._origin(person), shown=dict(screen.raw)
        )
        return self._watched(raw, person)

    def _send(self, form: Screen) -> Raw:
        self._screens.close(form)
        resolved = Raw()
        answers = self._values.answers(form.controls, resolved)
        data = {"custom_id": form.raw["custom_id"], "components": controls.filled(form.raw, answers)}
        shown = None if form.behind is None else dict(form.behind)
        raw = synthetic.interaction(
            synthetic.MODAL, data | {"resolved": resolved}, self._origin(form.person), shown=shown
        )
        return self._watched(raw, form.person)

    def _watched(self, raw: Raw, person: Raw) -> Raw:
        self._screens.watch(raw, person)
        return raw

    def _origin(self, person: Raw) -> Origin:
        member = {"permissions": _ALL_PERMISSIONS} if person in self._people[:_MODERATE] else None
        return Origin(now_ms=_now_ms(), application_id=self._application_id, user=person, member=member)


def _dispatch(handler: CompiledHandler) -> str:
    if handler.kind is not HandlerKind.EVENT:
        return INTERACTION_CREATE
    name = handler.registration.name
    return dispatch_of(name) or name


def _can_begin(handler: CompiledHandler) -> bool:
    if handler.kind is HandlerKind.EVENT:
        return synthetic.event(_dispatch(handler), synthetic.user("1", "nobody"), now_ms=_LATELY) is not None
    return handler.kind not in _SHOWN


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
