"""What became of everything that the bot was given, and the messages that people see."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from gpcore.domain.messages import Callback, CallbackType, OutgoingMessage, edited
from gpcore.domain.secrets import Secret
from gpcore.domain.wire_message import Lane, WireMessage
from gpcore.ports.followups import ORIGINAL
from gprunner.testing.lines import Call
from gprunner.testing.scene import Scene

Raw = dict[str, Any]


@dataclass(slots=True, kw_only=True, eq=False)
class Posted:
    """A message of the bot, as people see it now.

    Attributes:
        shown: What is in it.
        loading: Whether it only says "thinking".
        deleted: Whether it is gone.
        only_for: For an ephemeral message, the id of the one who sees it.
    """

    id: str
    channel_id: str
    shown: OutgoingMessage
    loading: bool = False
    deleted: bool = False
    only_for: str | None = None

    def change(self, changes: OutgoingMessage) -> None:
        """Edit it."""
        self.shown = edited(self.shown, changes)
        self.loading = False


@dataclass(slots=True, kw_only=True, eq=False)
class Story:
    """One interaction or event that the bot was given, and what it did.

    Attributes:
        what: In words, such as ``/ping``.
        scene: Who did it, and where.
        key: The interaction's or the event's id.
        raw: Discord's object.
        message: What was published.
        source: The message whose component is behind it.
        first: The first answer.
        original: The message of the first answer; for an update the source.
        followups: Further messages, by id.
        edits: Changes that were made, in order.
        calls: Every call with the interaction's token.
        outcomes: How each attempt ended.
        error: What the handler raised last.
    """

    what: str
    scene: Scene
    key: str
    lane: Lane
    raw: Raw = field(repr=False)
    message: WireMessage = field(repr=False)
    routing_key: str
    token: Secret | None = None
    source: Posted | None = None
    first: Callback | None = None
    original: Posted | None = None
    followups: dict[str, Posted] = field(default_factory=dict)
    edits: list[OutgoingMessage] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    outcomes: list[str] = field(default_factory=list)
    error: Exception | None = None

    def hear(self, call: Call, new_id: str) -> None:
        """Take note of a call with the token; ``new_id`` is for the original that it may make."""
        self.calls.append(call)
        if not call.effective:
            return
        match call.operation:
            case "first_responder.respond":
                self._open(call.arguments["callback"], new_id)
            case "followups.create":
                self.followups[call.result.id] = self._posted(call.result.id, call.arguments["message"])
            case "followups.edit":
                self.edits.append(call.arguments["message"])
                self._at(call).change(call.arguments["message"])
            case "followups.delete":
                self._at(call).deleted = True
            case _:
                pass

    def _open(self, callback: Callback, new_id: str) -> None:
        self.first = callback
        match callback.type:
            case CallbackType.MESSAGE:
                self.original = self._posted(new_id, callback.message or OutgoingMessage())
            case CallbackType.DEFERRED_MESSAGE:
                self.original = self._posted(new_id, OutgoingMessage(ephemeral=callback.ephemeral))
                self.original.loading = True
            case CallbackType.DEFERRED_UPDATE | CallbackType.UPDATE:
                self.original = self.source
                if callback.message is not None and self.source is not None:
                    self.source.change(callback.message)
            case CallbackType.SUGGESTIONS | CallbackType.MODAL:
                pass

    def _posted(self, message_id: str, shown: OutgoingMessage) -> Posted:
        only_for = self.scene.user.id if shown.ephemeral else None
        return Posted(id=message_id, channel_id=self.scene.channel.id, shown=shown, only_for=only_for)

    def _at(self, call: Call) -> Posted:
        message_id = call.arguments.get("message_id", ORIGINAL)
        found = self.original if message_id == ORIGINAL else self.followups.get(message_id)
        return found or Posted(id=message_id, channel_id=self.scene.channel.id, shown=OutgoingMessage())


class Journal:
    """Everything that has happened since the client was entered.

    Attributes:
        stories: In order.
        bot_calls: Calls with the bot token, in order.
        channel_messages: Messages that the bot sent to channels, by id.
        running: Labels of the handlers that run now.
    """

    def __init__(self, new_id: Callable[[], str]) -> None:
        self.stories: Final[list[Story]] = []
        self.bot_calls: Final[list[Call]] = []
        self.channel_messages: Final[dict[str, Posted]] = {}
        self.running: Final[list[str]] = []
        self._by_key: Final[dict[str, Story]] = {}
        self._by_message: Final[dict[str | None, Story]] = {}
        self._by_token: Final[dict[Secret | None, Story]] = {}
        self._new_id: Final = new_id

    def begin(self, story: Story) -> None:
        """Follow a story."""
        self.stories.append(story)
        self._by_key[story.key] = story
        self._by_message[story.message.message_id] = story
        if story.token is not None:
            self._by_token[story.token] = story

    def forget(self, story: Story) -> None:
        """Forget a story that could not begin."""
        self.stories.remove(story)

    def hear(self, call: Call) -> None:
        """Take note of a call to Discord."""
        story = self._by_token.get(call.token) if call.token is not None else None
        if story is not None:
            story.hear(call, self._new_id())
        elif call.token is None:
            self.bot_calls.append(call)
            self._hear_channel(call)

    def settle(self, message_id: str | None, outcome: str) -> None:
        """Take note of how an attempt ended."""
        story = self._by_message.get(message_id)
        if story is not None:
            story.outcomes.append(outcome)

    @contextmanager
    def handler(self, label: str, key: str) -> Iterator[None]:
        """Surround a handler that runs, and take note of what it raises."""
        self.running.append(label)
        try:
            yield
        except Exception as error:
            if key in self._by_key:
                self._by_key[key].error = error
            raise
        finally:
            self.running.remove(label)

    def messages(self) -> Iterator[Posted]:
        """Yield every message of the bot that can still be seen, latest first."""
        for story in reversed(self.stories):
            yield from (posted for posted in reversed(story.followups.values()) if not posted.deleted)
            if story.original is not None and not story.original.deleted:
                yield story.original
        yield from (posted for posted in reversed(self.channel_messages.values()) if not posted.deleted)

    def _hear_channel(self, call: Call) -> None:
        if not call.effective:
            return
        match call.operation:
            case "messages.send":
                posted = Posted(
                    id=call.result.id, channel_id=call.arguments["channel_id"], shown=call.arguments["message"]
                )
                self.channel_messages.setdefault(posted.id, posted)
            case "messages.edit":
                self.channel_messages[call.arguments["message_id"]].change(call.arguments["message"])
            case "messages.delete" if call.arguments["message_id"] in self.channel_messages:
                self.channel_messages[call.arguments["message_id"]].deleted = True
