"""What came of an interaction or event."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from typing_extensions import override

from gpcore.domain.entities import Member, User
from gpcore.domain.messages import CallbackType, Choice, OutgoingMessage
from gpcore.domain.modals import Modal
from gprunner.controls import Control
from gprunner.testing.errors import KitError
from gprunner.testing.presses import Answer, Chosen, choose, press, send_form
from gprunner.testing.scene import Scene
from gprunner.testing.sending import Deed, Sender
from gprunner.testing.shown import Shown
from gprunner.testing.stories import Posted, Story

PENDING: Final = "pending"
_DEFERS: Final = (CallbackType.DEFERRED_MESSAGE, CallbackType.DEFERRED_UPDATE)


class Result:
    """What the bot made of one interaction or event, always as it is now.

    Ask for what should be there (``reply``, ``modal``, ``message``): what is not there fails the test
    with a ``KitError`` that tells what happened instead.
    """

    def __init__(self, sender: Sender, story: Story) -> None:
        self._sender: Final = sender
        self._story: Final = story

    @property
    def outcome(self) -> str:
        """How the last attempt ended, in the words of the metrics; ``pending`` while it goes on.

        ``handled``, ``refused``, ``user_error``, ``bad_option``, ``failed``, ``timeout``, ``retried``,
        ``duplicate``, ``dead_lettered``, …
        """
        return self._story.outcomes[-1] if self._story.outcomes else PENDING

    @property
    def outcomes(self) -> tuple[str, ...]:
        """How every attempt ended."""
        return tuple(self._story.outcomes)

    @property
    def error(self) -> Exception | None:
        """What the handler raised in its last attempt that raised; a handler that ran out of time was cancelled."""
        return self._story.error

    @property
    def answer(self) -> CallbackType | None:
        """What kind of first answer was made."""
        return self._story.first.type if self._story.first is not None else None

    @property
    def deferred(self) -> bool:
        """Whether the first answer was a defer, by the handler or by gp."""
        return self.answer in _DEFERS

    @property
    def deferred_ephemeral(self) -> bool:
        """Whether the first answer was a defer that only the user sees."""
        return self.deferred and self._story.first is not None and self._story.first.ephemeral

    @property
    def replied(self) -> bool:
        """Whether the user sees a message that answers; one that was deferred and edited counts."""
        posted = self._answering
        return posted is not None and not posted.loading

    @property
    def reply(self) -> Shown:
        """The message that answers."""
        posted = self._answering
        if posted is None or posted.loading:
            raise KitError(f"there is no reply: {self}{self._hint()}")
        return self._sender.shown(posted)

    @property
    def updated(self) -> bool:
        """Whether the message of the component was changed."""
        changed = self.answer is CallbackType.UPDATE
        return changed or (self.answer is CallbackType.DEFERRED_UPDATE and bool(self._story.edits))

    @property
    def message(self) -> Shown:
        """The message of the component that was used, as it is now."""
        if self._story.source is None:
            raise KitError(f"there is no message behind it: {self}")
        return self._sender.shown(self._story.source)

    @property
    def modal(self) -> Modal:
        """The form that was opened."""
        if self._story.first is None or self._story.first.modal is None:
            raise KitError(f"no form was opened: {self}{self._hint()}")
        return self._story.first.modal

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What was suggested."""
        return self._story.first.choices if self._story.first is not None else ()

    @property
    def followups(self) -> tuple[Shown, ...]:
        """Further messages that still exist, in order."""
        return tuple(self._sender.shown(posted) for posted in self._story.followups.values() if not posted.deleted)

    @property
    def edits(self) -> tuple[OutgoingMessage, ...]:
        """Changes that the bot made after its first answer, in order, each as it was sent."""
        return tuple(self._story.edits)

    @property
    def deleted(self) -> bool:
        """Whether the message that answers was deleted."""
        return self._story.original is not None and self._story.original.deleted

    @property
    def transcript(self) -> tuple[str, ...]:
        """Every call that the bot made with the interaction's token, a line each, refused ones too."""
        return tuple(str(call) for call in self._story.calls)

    @property
    def raw(self) -> Mapping[str, Any]:
        """What the bot was given: Discord's object, token and all."""
        return self._story.raw

    def button(self, label: str) -> Control:
        """Return the button that says this in any message of this result.

        Raises:
            KitError: There is none.
        """
        return self._holder(lambda message: message.button(label))[1]

    async def click(self, button: str | Control, *, user: User | Member | None = None, wait: bool = True) -> "Result":
        """Let somebody press a button, by default whoever did this.

        Args:
            button: What it says, or its custom id.
            user: Somebody else.
            wait: Whether to return only when the bot has settled it.

        Raises:
            KitError: There is no such button, or nobody could press it.
        """
        name = button if isinstance(button, str) else button.label or button.custom_id or ""
        posted, control = self._holder(lambda message: message.button(name))
        scene = self._scene(user)
        return await self._do(scene, press(scene, control, posted, self._sender), wait=wait)

    async def select(
        self, *values: Chosen, name: str | None = None, user: User | Member | None = None, wait: bool = True
    ) -> "Result":
        """Let somebody choose in a select: the only one, or the one with this custom id or placeholder.

        Raises:
            KitError: There is no such select, or it does not offer these values.
        """
        scene = self._scene(user)
        posted, control = self._holder(lambda message: message.select(name))
        return await self._do(scene, choose(scene, control, values, posted, self._sender), wait=wait)

    async def submit(
        self, fields: Mapping[str, Answer] | None = None, *, wait: bool = True, **more: Answer
    ) -> "Result":
        """Let the same user fill in the form that was opened and send it.

        Args:
            fields: Answers by the fields' ids, for ids that are no Python names.
            wait: Whether to return only when the bot has settled it.
            **more: Answers by the fields' ids.

        Raises:
            KitError: No form was opened, it has no such field, or Discord would not let it be sent so.
        """
        form = self._sender.stage.modal_object(self.modal)
        deed = send_form(form, {**(fields or {}), **more}, self._story.scene, self._story.source)
        return await self._do(self._story.scene, deed, wait=wait)

    async def settled(self) -> "Result":
        """Wait until the bot has settled it, letting time pass if need be; returns the same result."""
        await self._sender.settled(self._story, after=0)
        return self

    async def redelivered(self) -> "Result":
        """Let the broker hand out the same message once more; returns the same result when that is settled too."""
        await self._sender.again(self._story, wait=True)
        return self

    @override
    def __repr__(self) -> str:
        story = self._story
        told = [self.answer.name.lower().replace("_", " ")] if self.answer is not None else ["no answer"]
        told += [str(self._sender.shown(posted)) for posted in self._visible()]
        told += [f"raised {story.error!r}"] if story.error is not None else []
        return f"<Result of {story.what}: {self.outcome}; {'; '.join(told)}>"

    @property
    def _answering(self) -> Posted | None:
        original = self._story.original
        return None if original is self._story.source else original

    def _visible(self) -> list[Posted]:
        own = [self._story.source, self._story.original, *self._story.followups.values()]
        return list(dict.fromkeys(posted for posted in own if posted is not None and not posted.deleted))

    def _holder(self, find: Callable[[Shown], Control]) -> tuple[Posted, Control]:
        refusal = KitError(f"there is no message to use: {self}")
        for posted in reversed(self._visible()):
            try:
                return posted, find(self._sender.shown(posted))
            except KitError as error:
                refusal = error
        raise refusal

    def _scene(self, user: User | Member | None) -> Scene:
        return self._story.scene if user is None else self._story.scene.played_by(user)

    async def _do(self, scene: Scene, deed: Deed, *, wait: bool) -> "Result":
        return Result(self._sender, await self._sender.do(scene, deed, wait=wait))

    def _hint(self) -> str:
        if self.updated:
            return "; it changed the message of its component: see result.message"
        if self.outcome == PENDING:
            return "; it goes on: await client.advance(seconds) or await result.settled()"
        return ""
