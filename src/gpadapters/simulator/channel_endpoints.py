"""The endpoints of channels, direct messages and threads."""

from typing import Final

from gpadapters.simulator import channel_bodies, checks, errors
from gpadapters.simulator.asking import Answered, Asked
from gpadapters.simulator.errors import Fault
from gpadapters.simulator.world import World

_LONGEST_NAME: Final = 100
_ARCHIVE_MINUTES: Final = frozenset({60, 1440, 4320, 10080})
_THREADS: Final = frozenset({channel_bodies.PUBLIC_THREAD, channel_bodies.PRIVATE_THREAD})


class ChannelEndpoints:
    """Every id is a text channel, unless it was opened as something else."""

    def __init__(self, world: World) -> None:
        self._world = world

    def fetch(self, asked: Asked) -> Answered:
        """Return a channel."""
        channel_id = asked.params["channel_id"]
        opened = self._world.channels.get(channel_id)
        return Answered(200, opened if opened is not None else channel_bodies.text_channel(channel_id))

    def open_dm(self, asked: Asked) -> Answered:
        """Return the direct-message channel with a user."""
        recipient = asked.fields.get("recipient_id")
        if not isinstance(recipient, str | int) or not str(recipient).isdecimal():
            raise errors.invalid_form(Fault(("recipient_id",), "BASE_TYPE_REQUIRED", "This field is required"))
        user_id = str(recipient)
        channel_id = self._world.dm_channels.setdefault(user_id, self._world.new_id())
        channel = self._world.channels.setdefault(channel_id, channel_bodies.dm_channel(channel_id, user_id))
        return Answered(200, channel)

    def start_thread(self, asked: Asked) -> Answered:
        """Start a thread in a channel; a private one unless its type says otherwise."""
        kind = asked.fields.get("type")
        chosen = channel_bodies.PRIVATE_THREAD if kind is None else kind
        return self._thread(asked, self._world.new_id(), chosen)

    def start_thread_at(self, asked: Asked) -> Answered:
        """Start a thread at a message; it has the message's id, so there is one at most."""
        message_id = asked.params["message_id"]
        if (asked.params["channel_id"], message_id) not in self._world.messages:
            raise errors.unknown_message()
        if message_id in self._world.channels:
            raise errors.thread_exists()
        return self._thread(asked, message_id, channel_bodies.PUBLIC_THREAD)

    def _thread(self, asked: Asked, thread_id: str, kind: object) -> Answered:
        body = asked.fields
        minutes = body.get("auto_archive_duration")
        faults = [
            *checks.text(("name",), body.get("name"), _LONGEST_NAME, least=1, required=True),
            *checks.choice(("type",), kind, _THREADS),
            *(() if minutes is None else checks.choice(("auto_archive_duration",), minutes, _ARCHIVE_MINUTES)),
        ]
        if faults or not isinstance(kind, int):
            raise errors.invalid_form(*faults)
        made = channel_bodies.thread(thread_id, asked.params["channel_id"], body, kind=kind, now=asked.now)
        self._world.channels[thread_id] = made
        return Answered(201, made)
