"""Which node of a cluster holds which slots."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, Final, cast

from redis.exceptions import ResponseError

from gpadapters.redis.connecting import NodeAddress

SLOTS: Final = 16384


class SlotMap:
    """The masters by slot, as one node has told them.

    Args:
        ranges: First slot, last slot and master of each range.
    """

    def __init__(self, ranges: Sequence[tuple[int, int, NodeAddress]]) -> None:
        self._ranges: Final = sorted(ranges)
        self._starts: Final = [start for start, _, _ in self._ranges]

    @classmethod
    def parse(cls, reply: object, asked: NodeAddress) -> "SlotMap":
        """Read the reply to ``CLUSTER SLOTS``.

        Args:
            reply: Ranges of first slot, last slot, master and replicas, a node being host, port and more.
            asked: Who told it: a node does not always know its own name.

        Raises:
            ResponseError: It is no such reply.
        """
        ranges = []
        try:
            for start, end, master, *_ in cast("list[list[Any]]", reply):
                host = (master[0] or b"").decode()
                ranges.append((int(start), int(end), (host if host not in ("", "?") else asked[0], int(master[1]))))
        except (AttributeError, IndexError, TypeError, ValueError) as error:
            raise ResponseError("CLUSTERDOWN the node's map of slots cannot be read") from error
        return cls(ranges)

    @property
    def nodes(self) -> list[NodeAddress]:
        """Every master, once."""
        return sorted({node for _, _, node in self._ranges})

    def node(self, slot: int) -> NodeAddress | None:
        """Return the master of a slot, ``None`` if nobody holds it."""
        index = bisect_right(self._starts, slot) - 1
        if index < 0:
            return None
        _, end, node = self._ranges[index]
        return node if slot <= end else None
