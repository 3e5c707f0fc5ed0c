"""What became of every event that was published."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass
class Ledger:
    """One line for each event: published, its effects, its dead letter.

    Attributes:
        published: Names by user id, each the name of one event.
        effects: How often each had its effect.
        parked: Reasons of dead letters by user id.
        faults: How often each kind of fault was done.
    """

    published: dict[str, str] = field(default_factory=dict)
    effects: Mapping[str, int] = field(default_factory=dict)
    parked: dict[str, str] = field(default_factory=dict)
    faults: Counter[str] = field(default_factory=Counter)

    @property
    def lost(self) -> list[str]:
        """Events that neither had their effect nor are among the dead letters."""
        return [who for who in self.published if not self.effects.get(who) and who not in self.parked]

    @property
    def repeated(self) -> int:
        """Effects beyond the first, of all events together."""
        return sum(times - 1 for times in self.effects.values() if times > 1)

    def bound(self, *, concurrency: int, prefetch: int, workers: int) -> int:
        """Return how many repeated effects the faults that were done can explain.

        A kill repeats at most what was between effect and mark: the handlers of one worker. A state
        store that was away or forgot everything lets run again what was in the workers' hands. What
        only cuts a connection repeats nothing while the state is there.
        """
        forgot = self.faults["redis_killed"] + self.faults["redis_cut"] + self.faults["redis_slow"]
        return self.faults["worker_killed"] * concurrency + forgot * workers * prefetch

    def text(self, *, bound: int) -> str:
        """Return the ledger for people."""
        times = Counter(min(self.effects.get(who, 0), 3) for who in self.published)
        reasons = ", ".join(f"{count} {why}" for why, count in Counter(self.parked.values()).items()) or "none"
        both = sum(1 for who in self.parked if self.effects.get(who))
        lines = [
            "faults       " + (", ".join(f"{count} {kind}" for kind, count in sorted(self.faults.items())) or "none"),
            f"published    {len(self.published)}",
            f"effect once  {times[1]}",
            f"effect twice {times[2]}",
            f"more often   {times[3]}   (repeated effects {self.repeated}, bound {bound})",
            f"dead letters {len(self.parked)}   ({reasons}; {both} of them after an effect)",
            f"lost         {len(self.lost)}",
        ]
        return "\n".join(lines)
