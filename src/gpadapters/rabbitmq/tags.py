"""Which frames settle which deliveries of one channel."""

from collections.abc import Iterable, Sequence

from pamqp.commands import Basic


class UnsettledTags:
    """Knows up to which delivery tag everything is settled.

    A broker takes ``multiple`` to mean every earlier delivery of the channel too. So it is sent only
    for a delivery before which none is left unsettled; tags count from 1 without gaps.
    """

    def __init__(self) -> None:
        self._settled_to = 0
        self._beyond: set[int] = set()

    def settle(self, done: Sequence[int], returned: Iterable[int]) -> list[Basic.Ack | Basic.Nack]:
        """Return the frames to send, in their order, for what is settled now.

        Args:
            done: Tags to acknowledge, each settled for the first time.
            returned: Tags to give back, likewise.
        """
        back = list(returned)
        self._beyond.update(done, back)
        while self._settled_to + 1 in self._beyond:
            self._settled_to += 1
            self._beyond.remove(self._settled_to)
        together = [tag for tag in done if tag <= self._settled_to]
        # What goes back leaves first: then the acknowledgement of all before finds nothing of it.
        frames: list[Basic.Ack | Basic.Nack] = [Basic.Nack(delivery_tag=tag, requeue=True) for tag in back]
        if together:
            frames.append(Basic.Ack(delivery_tag=max(together), multiple=len(together) > 1))
        frames += [Basic.Ack(delivery_tag=tag) for tag in done if tag > self._settled_to]
        return frames
