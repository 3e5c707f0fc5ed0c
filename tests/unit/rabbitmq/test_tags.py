"""Whatever order deliveries end in, the broker hears of those that ended, and of no other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pamqp.commands import Basic

from gpadapters.rabbitmq.tags import UnsettledTags

pytestmark = pytest.mark.property


class Channel:
    """What a broker keeps of a channel: it refuses a tag that it does not know."""

    def __init__(self, handed_out: int) -> None:
        self.unsettled = set(range(1, handed_out + 1))
        self.done: set[int] = set()
        self.returned: set[int] = set()

    def hear(self, frame: Basic.Ack | Basic.Nack) -> None:
        tag = frame.delivery_tag or 0
        assert tag in self.unsettled, "the broker would close the channel"
        tags = {one for one in self.unsettled if one <= tag} if frame.multiple else {tag}
        self.unsettled -= tags
        (self.done if isinstance(frame, Basic.Ack) else self.returned).update(tags)


@st.composite
def endings(draw: st.DrawFn) -> list[list[tuple[int, bool]]]:
    """Draw batches of tags in any order, each with whether it is done; some tags are still at work."""
    handed_out = draw(st.integers(1, 60))
    order = draw(st.permutations(range(1, handed_out + 1)))
    ended = order[: draw(st.integers(0, handed_out))]
    batches: list[list[tuple[int, bool]]] = [[]]
    for tag in ended:
        if draw(st.booleans()):
            batches.append([])
        batches[-1].append((tag, draw(st.sampled_from((True, True, True, False)))))
    return batches


@given(endings())
def test_an_unfinished_delivery_is_never_settled(batches: list[list[tuple[int, bool]]]) -> None:
    channel, tags = Channel(60), UnsettledTags()
    done, returned = set[int](), set[int]()
    for batch in batches:
        mine, back = [tag for tag, is_done in batch if is_done], [tag for tag, is_done in batch if not is_done]
        done.update(mine)
        returned.update(back)
        for frame in tags.settle(mine, back):
            channel.hear(frame)
            assert channel.done <= done
            assert channel.returned <= returned
        assert (channel.done, channel.returned) == (done, returned), "and each is settled by its own batch"


def test_neighbours_leave_as_one_frame() -> None:
    tags = UnsettledTags()
    (frame,) = tags.settle([3, 1, 2], [])
    assert (frame.delivery_tag, frame.multiple) == (3, True)


def test_what_is_behind_an_unfinished_one_leaves_alone() -> None:
    tags = UnsettledTags()
    assert [(frame.delivery_tag, frame.multiple) for frame in tags.settle([2, 3], [])] == [(2, False), (3, False)]
    assert [(frame.delivery_tag, frame.multiple) for frame in tags.settle([1, 4], [])] == [(4, True)]
