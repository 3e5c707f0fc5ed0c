"""What became of every event and every interaction that was published."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.faults.diary import Run
from tests.faults.explaining import Fault, may_be_unanswered, unexplained


@dataclass
class Ledger:
    """One line for each thing that was published.

    Attributes:
        events: When each event was first sent (Unix seconds), by its user's id.
        interactions: Likewise, by the interaction's id.
        runs: The handlers' runs, by either id.
        parked: Reasons of dead letters, by either id.
        told: How often Discord took something that a user can read, by interaction.
        thinking: Interactions whose user still sees "thinking".
        faults: What was done.
    """

    events: dict[str, float] = field(default_factory=dict)
    interactions: dict[str, float] = field(default_factory=dict)
    runs: Mapping[str, Sequence[Run]] = field(default_factory=dict)
    parked: dict[str, str] = field(default_factory=dict)
    told: Mapping[str, int] = field(default_factory=dict)
    thinking: frozenset[str] = frozenset()
    faults: list[Fault] = field(default_factory=list)

    def effects(self, who: str) -> int:
        """Return how often it had its effect."""
        return sum(run.done is not None for run in self.runs.get(who, ()))

    @property
    def lost(self) -> list[str]:
        """Events that neither had their effect nor are among the dead letters."""
        return [who for who in self.events if not self.effects(who) and who not in self.parked]

    @property
    def unexplained(self) -> list[str]:
        """What had its effect more often than the faults that were done can explain."""
        return [
            who
            for who, sent in {**self.events, **self.interactions}.items()
            if unexplained(
                self.runs.get(who, ()), self.faults, sent=sent, parked=who in self.parked and who in self.events
            )
        ]

    @property
    def unanswered(self) -> list[str]:
        """Interactions of which no user heard anything."""
        return [who for who in self.interactions if not self.told.get(who)]

    @property
    def neglected(self) -> list[str]:
        """Interactions that nobody answered although nothing was wrong, or that are left thinking."""
        return [
            who
            for who in self.unanswered
            if who in self.thinking or not may_be_unanswered(self.faults, sent=self.interactions[who])
        ]

    @property
    def told_too_often(self) -> list[str]:
        """Interactions whose user was told more often than a handler had run."""
        return [who for who, times in self.told.items() if times > max(1, len(self.runs.get(who, ())))]

    @property
    def balanced(self) -> bool:
        """Whether everything is accounted for."""
        return not (self.lost or self.unexplained or self.neglected or self.told_too_often)

    def text(self) -> str:
        """Return the ledger for people."""
        done = Counter(fault.kind.value for fault in self.faults)
        lines = [
            "faults        " + (", ".join(f"{count} {kind}" for kind, count in sorted(done.items())) or "none"),
            *self._events_text(),
            *self._interactions_text(),
            f"unexplained   {len(self.unexplained)}   (repeats without a fault of their own)",
            f"balanced      {'yes' if self.balanced else 'NO'}",
        ]
        wrong = [*self.lost, *self.unexplained, *self.neglected, *self.told_too_often]
        return "\n".join([*lines, *(self._story(who) for who in dict.fromkeys(wrong))])

    def _events_text(self) -> Sequence[str]:
        times = Counter(min(self.effects(who), 3) for who in self.events)
        parked = {who: why for who, why in self.parked.items() if who in self.events}
        both = sum(1 for who in parked if self.effects(who))
        return [
            f"events        {len(self.events)}",
            f"  once        {times[1]}",
            f"  twice       {times[2]}",
            f"  more often  {times[3]}",
            f"  parked      {len(parked)}   ({_counted(parked.values())}; {both} of them after an effect)",
            f"  lost        {len(self.lost)}",
        ]

    def _interactions_text(self) -> Sequence[str]:
        told = Counter(min(self.told.get(who, 0), 2) for who in self.interactions)
        parked = {who: why for who, why in self.parked.items() if who in self.interactions}
        again = sum(self.effects(who) > 1 for who in self.interactions)
        return [
            f"interactions  {len(self.interactions)}",
            f"  told once   {told[1]}",
            f"  told twice  {told[2]}",
            f"  expired     {told[0]}   (a fault within their three seconds; {len(self.neglected)} without)",
            f"  parked      {len(parked)}   ({_counted(parked.values())})",
            f"  thinking    {len(self.thinking)}",
            f"  run twice   {again}",
        ]

    def _story(self, who: str) -> str:
        """Return all that is known about one that went wrong."""
        sent = {**self.events, **self.interactions}[who]
        ran = ", ".join(
            f"{run.began - sent:.2f}-{'' if run.done is None else f'{run.done - sent:.2f}'} in {run.process}"
            for run in self.runs.get(who, ())
        )
        near = ", ".join(
            f"{fault.kind} {fault.began - sent:.2f}-{fault.ended - sent:.2f} of {fault.process}"
            for fault in self.faults
            if fault.touches(sent - 5, sent + 30)
        )
        return f"{who}: parked {self.parked.get(who)}, told {self.told.get(who, 0)}; ran {ran}; faults {near}"


def _counted(reasons: Iterable[str]) -> str:
    return ", ".join(f"{count} {why}" for why, count in Counter(reasons).items()) or "none"
