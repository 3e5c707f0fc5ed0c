"""Settlements of one channel, as many in one write as there are in one turn of the event loop.

The write to the socket costs more than everything else about an acknowledgement.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextvars import Context
from typing import Final

from aiormq.abc import AbstractChannel as Wire
from aiormq.abc import ChannelFrame
from aiormq.exceptions import ChannelInvalidStateError

from gpadapters.rabbitmq.errors import ask
from gpadapters.rabbitmq.tags import UnsettledTags
from gpcore.errors import PortError, PortTimeoutError

Waiting = tuple[int, bool, "asyncio.Future[bool]"]
"""A delivery's tag, whether it is done with, and who waits to hear that the broker was told."""


class Settlements:
    """Sends what the deliveries of one channel are settled with.

    After a write that failed nothing more is sent: what was settled in it counts as settled here and is not at the
    broker, so that a later acknowledgement of several would take it along.

    Args:
        channel: Where they came from.
        timeout: Seconds until a write counts as stuck.
        on_stuck: Called then: the write may still leave later, and only giving the channel up makes
            sure that it does not.
    """

    def __init__(self, channel: Wire, *, timeout: float, on_stuck: Callable[[], None]) -> None:
        self._channel: Final = channel
        self._timeout: Final = timeout
        self._on_stuck: Final = on_stuck
        self._tags: Final = UnsettledTags()
        self._waiting: list[Waiting] = []
        self._sender: asyncio.Task[None] | None = None
        self._broken = False

    async def send(self, tag: int, *, done: bool) -> bool:
        """Acknowledge a delivery or give it back; a caller that is cancelled does not stop it.

        Returns:
            Whether it was handed to the connection.
        """
        if self._broken:
            return False
        loop = asyncio.get_running_loop()
        told: asyncio.Future[bool] = loop.create_future()
        self._waiting.append((tag, done, told))
        if self._sender is None:
            # In a context of its own: it outlives the delivery that happens to come first.
            self._sender = loop.create_task(self._send_all(), context=Context())
        return await told

    async def _send_all(self) -> None:
        batch: Sequence[Waiting] = ()
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                await ask(self._write(batch), timeout=self._timeout, doing="settle")
                _tell(batch, left=True)
        except PortError as error:
            # That a channel is closed its consumer notices by itself.
            self._give_up(batch, stuck=isinstance(error, PortTimeoutError))
        except BaseException:
            self._give_up(batch, stuck=True)
            raise
        finally:
            self._sender = None

    def _give_up(self, batch: Sequence[Waiting], *, stuck: bool) -> None:
        self._broken = True
        _tell((*batch, *self._waiting), left=False)
        self._waiting = []
        if stuck:
            self._on_stuck()

    async def _write(self, batch: Sequence[Waiting]) -> None:
        if self._channel.is_closed:
            raise ChannelInvalidStateError
        frames = self._tags.settle([tag for tag, done, _ in batch if done], [tag for tag, done, _ in batch if not done])
        # Made by the channel, which ends it when it is closed.
        written = self._channel.create_future()
        payload = ChannelFrame.marshall(self._channel.number, frames, drain_future=written)
        await self._channel.connection.write_queue.put(payload)
        await written


def _tell(batch: Sequence[Waiting], *, left: bool) -> None:
    for _, _, told in batch:
        if not told.done():
            told.set_result(left)
