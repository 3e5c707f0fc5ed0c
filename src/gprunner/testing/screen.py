"""Finding what can be used in the messages that a person sees."""

from collections.abc import Callable, Iterable
from typing import Final

from gpcore.application.handlers import HandlerKind
from gprunner.controls import BUTTON, Control
from gprunner.testing.errors import KitError, near
from gprunner.testing.presses import Chosen, kind_for
from gprunner.testing.scene import Scene
from gprunner.testing.sending import Sender
from gprunner.testing.shown import Shown
from gprunner.testing.stories import Posted


class Screen:
    """What one person can see of the bot."""

    def __init__(self, sender: Sender, scene: Scene) -> None:
        self._sender: Final = sender
        self._scene: Final = scene

    def button(self, name: str, on: Shown | None) -> tuple[Posted | None, Control]:
        """Return the button of this custom id or label, and its message unless that is made up."""
        found = self._find(lambda message: message.button(name), on)
        if found is not None:
            return found
        self.known(HandlerKind.COMPONENT, name)
        return None, Control(custom_id=name, type=BUTTON)

    def select(self, name: str, values: Iterable[Chosen], on: Shown | None) -> tuple[Posted | None, Control]:
        """Return the select of this custom id or placeholder, and its message unless that is made up."""
        found = self._find(lambda message: message.select(name), on)
        if found is not None:
            return found
        self.known(HandlerKind.COMPONENT, name)
        return None, Control(custom_id=name, type=kind_for(values), most=25)

    def known(self, kind: HandlerKind, custom_id: str) -> None:
        """Check that some handler takes this custom id.

        Raises:
            KitError: None does.
        """
        handlers = [handler for handler in self._sender.stage.routes if handler.kind is kind]
        templates = [handler.template for handler in handlers if handler.template is not None]
        if all(template.match(custom_id) is None for template in templates):
            names = [template.text for template in templates]
            raise KitError(f"no {kind.value} handler takes {custom_id!r}: {near(custom_id, names)}")

    def _find(self, find: Callable[[Shown], Control], on: Shown | None) -> tuple[Posted, Control] | None:
        for posted in self._sender.stage.journal.messages():
            if on is not None and posted.id != on.id:
                continue
            if on is None and posted.only_for not in (None, self._scene.user.id):
                continue
            try:
                return posted, find(self._sender.shown(posted))
            except KitError:
                if on is not None:
                    raise
        if on is not None:
            raise KitError(f"the message {on.id} is deleted, so nobody can use it")
        return None
