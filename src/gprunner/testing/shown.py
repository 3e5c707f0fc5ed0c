"""A message as somebody sees it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from typing_extensions import override

from gpcore.domain.components import Component, Container, TextDisplay
from gpcore.domain.embeds import Embed
from gpcore.domain.files import File
from gprunner.controls import BUTTON, Control, controls_of
from gprunner.testing.errors import KitError, near
from gprunner.testing.stories import Posted

Raw = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A message at the moment when it was asked for.

    Attributes:
        id: Its id.
        content: Its text, empty if there is none.
        embeds: What the bot sent.
        components: What the bot sent.
        files: What the bot sent.
        ephemeral: Whether only the user sees it.
        loading: Whether it still only says "thinking".
        deleted: Whether it is gone.
        controls: Everything in it that can be pressed or chosen in.
    """

    id: str
    channel_id: str
    content: str
    embeds: tuple[Embed, ...]
    components: tuple[Component, ...]
    files: tuple[File, ...]
    ephemeral: bool
    loading: bool
    deleted: bool
    controls: tuple[Control, ...] = field(repr=False)

    @property
    def text(self) -> str:
        """Everything that can be read in it, a line each."""
        return "\n".join(_lines(self))

    @property
    def buttons(self) -> tuple[str, ...]:
        """What its buttons say, in order."""
        return tuple(control.label for control in self.controls if control.type == BUTTON)

    def button(self, label: str) -> Control:
        """Return the button that says this, or has this custom id.

        Raises:
            KitError: There is none.
        """
        buttons = [control for control in self.controls if control.type == BUTTON]
        return _one(label, buttons, "button")

    def select(self, name: str | None = None) -> Control:
        """Return the select with this custom id or placeholder, or the only one.

        Raises:
            KitError: There is none.
        """
        selects = [control for control in self.controls if control.is_select]
        if name is None and len(selects) == 1:
            return selects[0]
        return _one(name or "", selects, "select")

    @override
    def __str__(self) -> str:
        notes = [word for word, there in (("ephemeral", self.ephemeral), ("thinking", self.loading)) if there]
        notes += ["deleted"] if self.deleted else []
        shown = [repr(self.text)] if self.text else []
        shown += [f"buttons {', '.join(map(repr, self.buttons))}"] if self.buttons else []
        return " ".join([f"({', '.join(notes)})", *shown] if notes else shown)


def shown(posted: Posted, describe: Callable[..., Raw]) -> Shown:
    """Return a message as it is now; ``describe`` makes Discord's object of it."""
    content = posted.shown
    return Shown(
        id=posted.id,
        channel_id=posted.channel_id,
        content=content.content or "",
        embeds=content.embeds or (),
        components=content.components or (),
        files=content.files,
        ephemeral=content.ephemeral,
        loading=posted.loading,
        deleted=posted.deleted,
        controls=controls_of(describe(content)),
    )


def _one(name: str, controls: list[Control], what: str) -> Control:
    for told in ("label", "custom_id"):
        for control in controls:
            if getattr(control, told) == name:
                return control
    names = [control.label or control.custom_id or "" for control in controls]
    raise KitError(f"the message has no {what} {name!r}: {near(name, names)}")


def _lines(message: Shown) -> Iterator[str]:
    if message.content:
        yield message.content
    for embed in message.embeds:
        yield from filter(None, (embed.author, embed.title, embed.description))
        for line in embed.fields:
            yield f"{line.name}: {line.value}"
        yield from filter(None, (embed.footer,))
    for part in message.components:
        yield from _texts(part)


def _texts(part: object) -> Iterator[str]:
    if isinstance(part, TextDisplay):
        yield part.content
    elif isinstance(part, Container):
        for inner in part.components:
            yield from _texts(inner)
