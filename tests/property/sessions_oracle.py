"""Sessions by definition: lives, each a list of writes, from which every answer is worked out anew.

A store draws the first version of a life by itself, so what is compared is the number of writes since.
"""

from dataclasses import dataclass, field


@dataclass
class Life:
    """One session from its creation to its end."""

    created: int
    ends: list[int]
    writes: list[bytes] = field(default_factory=list)
    deleted: bool = False


class SessionsOracle:
    """Everything about one key."""

    def __init__(self) -> None:
        self.lives: list[Life] = []

    def live(self, now: int) -> Life | None:
        last = self.lives[-1] if self.lives else None
        return last if last is not None and not last.deleted and now < last.ends[-1] else None

    def create(self, data: bytes, now: int, ttl: int) -> None:
        self.lives.append(Life(created=now, ends=[now + ttl], writes=[data]))

    def replace(self, life: int, writes_seen: int, data: bytes, now: int, extend: int | None) -> bool:
        """Write over what was seen: so many writes of a certain life."""
        current = self.live(now)
        if current is None or current is not self.lives[life] or len(current.writes) != writes_seen:
            return False
        current.writes.append(data)
        current.ends.append(current.ends[-1] if extend is None else now + extend)
        return True

    def delete(self, now: int) -> bool:
        was_live = self.live(now) is not None
        if self.lives:
            # One that had lapsed goes too: a clock that steps back must not show it again.
            self.lives[-1].deleted = True
        return was_live
