"""What people see of the bot: messages with something to press, and forms that have opened."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from gprunner.controls import Control, controls_of
from gprunner.synthetic import Raw
from gprunner.system_parts import Answered, Simulator

_REMEMBERED: Final = 100
_DEFERRED_UPDATE: Final = 6
_UPDATE: Final = 7
_MODAL: Final = 9
_EPHEMERAL: Final = 1 << 6


@dataclass(slots=True, eq=False)
class Screen:
    """A message or a form before somebody.

    Attributes:
        raw: Discord's object.
        person: Who is looking.
        behind: For a form: the message whose component opened it.
        is_form: Whether it is a form.
    """

    raw: Mapping[str, Any]
    person: Raw
    behind: Mapping[str, Any] | None = None
    is_form: bool = False

    @property
    def controls(self) -> tuple[Control, ...]:
        """What can be used in it."""
        return tuple(control for control in controls_of(self.raw) if control.custom_id and not control.disabled)

    @property
    def private(self) -> bool:
        """Whether only that person sees it."""
        return self.is_form or bool(self.raw.get("flags", 0) & _EPHEMERAL)


@dataclass(slots=True, eq=False)
class _Watched:
    """An interaction whose answer somebody waits for."""

    raw: Raw
    person: Raw
    used: bool = False
    now: Mapping[str, Any] | None = field(default=None)


class Screens:
    """What the latest interactions have brought up; older ones scroll out of sight."""

    def __init__(self, discord: Simulator) -> None:
        self._discord: Final = discord
        self._watched: Final[deque[_Watched]] = deque(maxlen=_REMEMBERED)

    def watch(self, raw: Raw, person: Raw) -> None:
        """Wait for what an interaction brings up."""
        self._watched.append(_Watched(raw, person))

    def usable(self, passer_by: Raw) -> list[Screen]:
        """Return everything that can be used now; ``passer_by`` looks at what the bot has posted by itself."""
        changed: dict[str, Mapping[str, Any]] = {}
        found = [screen for watched in self._watched for screen in self._screens(watched, changed)]
        found += [Screen(message, passer_by) for message in self._discord.messages()[-_REMEMBERED:]]
        latest = [self._latest(screen, changed) for screen in found]
        return [screen for screen in latest if screen.controls]

    def close(self, form: Screen) -> None:
        """Take a form away that was sent."""
        for watched in self._watched:
            if watched.now is form.raw:
                watched.used = True

    def _screens(self, watched: _Watched, changed: dict[str, Mapping[str, Any]]) -> Iterator[Screen]:
        answered = self._discord.interaction(watched.raw["id"])
        if answered is None or answered.first is None:
            return
        source = watched.raw.get("message")
        if answered.first == _MODAL:
            watched.now = watched.now or answered.answer
            if not watched.used:
                yield Screen(watched.now, watched.person, behind=source, is_form=True)
        elif answered.first in (_UPDATE, _DEFERRED_UPDATE):
            if source is not None:
                changed[source["id"]] = {**source, **_changes(answered)}
        elif answered.original is not None and not answered.loading:
            yield Screen(answered.original, watched.person)

    @staticmethod
    def _latest(screen: Screen, changed: Mapping[str, Mapping[str, Any]]) -> Screen:
        found = None if screen.is_form else changed.get(str(screen.raw.get("id")))
        return screen if found is None else Screen(found, screen.person)


def _changes(answered: Answered) -> Mapping[str, Any]:
    if answered.first == _UPDATE:
        return {name: value for name, value in answered.answer.items() if name in ("content", "embeds", "components")}
    original = answered.original
    if original is None or not original.get("edited_timestamp"):
        return {}
    return {name: original[name] for name in ("content", "components")}
