"""A property that cannot fail proves nothing: each of D1 to D9 finds the defect that is put there for it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from gpadapters.discord.brake import Stops
from gpadapters.discord.egress_watch import EgressWatch
from gpadapters.discord.fleet_gate import FleetGate
from gpadapters.memory.request_limiter import InMemoryRequestLimiter
from gpcore.domain import hearing, reserving
from gpcore.domain.limit_rules import WindowRule
from gpcore.domain.request_pacing import Scope, Verdict
from gpcore.ports.clock import Clock
from tests.property import test_requests
from tests.property.requests_machine import RequestsMachine
from tests.unit.discord.http_world import http_world
from tests.unit.discord.test_ban_budget import FORBIDDEN
from tests.unit.discord.test_ban_budget import (
    test_d5_who_is_refused_everything_stops_by_importance_and_before_the_ban as d5,
)
from tests.unit.discord.test_fleet_gate import (
    test_d3_interactions_neither_wait_for_the_global_limit_nor_use_it_up as d3,
)

pytestmark = pytest.mark.property

SEARCH = settings(max_examples=2_000, stateful_step_count=50, phases=[Phase.generate], database=None, deadline=None)
"""Finding it is enough: nothing is made smaller, nothing kept."""

Patch = Callable[[pytest.MonkeyPatch], None]


class NoServer:
    """The rules alone are changed, so the stores would notice before the property does: they are left out."""

    client = None

    def fresh_prefix(self) -> str:
        return ""

    def execute(self, *_: object) -> None:
        return None


@dataclass(frozen=True)
class Defect:
    """What is put where, and which property must find it."""

    machine: type[RequestsMachine]
    put: Patch


def instead(module: Any, name: str, changed: Callable[[Any], Any]) -> Patch:  # noqa: ANN401 - any module and function
    """Return a patch that gives ``changed`` the original and puts what it returns in its place."""
    return lambda patch: patch.setattr(module, name, changed(getattr(module, name)))


def always(value: object) -> Callable[[Any], Callable[..., object]]:
    """Return a change after which a function says the same whatever it is asked."""
    return lambda _: lambda *_args, **_options: value


def on(scope: Scope, as_scope: Scope) -> Callable[[Any], Callable[..., object]]:
    """Return a change of ``_told`` by which one scope is taken for another."""
    return lambda told: (
        lambda fleet, heard, now_us: told(
            fleet, replace(heard, scope=as_scope) if heard.scope is scope else heard, now_us
        )
    )


def never_ending(reserve: Any) -> Callable[..., object]:  # noqa: ANN401 - the function as it is
    """Leases that never lapse, as if the time had stood still for them."""

    def changed(fleet: Any, major: Any, ask: Any, *, now_us: int, most_per_second: int) -> object:  # noqa: ANN401
        leases = {nonce: replace_until(lease, now_us) for nonce, lease in major.leases.items()}
        return reserve(fleet, replace(major, leases=leases), ask, now_us=now_us, most_per_second=most_per_second)

    def replace_until(lease: Any, now_us: int) -> object:  # noqa: ANN401
        return type(lease)(lease.bucket, max(lease.until_us, now_us + 1))

    return changed


def deaf_to_patience(reserve: Any) -> Callable[..., object]:  # noqa: ANN401 - the function as it is
    """Nobody is told that the wait is too long."""

    def changed(*arguments: Any, **options: Any) -> object:  # noqa: ANN401
        fleet, major, permit = reserve(*arguments, **options)
        return fleet, major, replace(permit, verdict=Verdict.WAIT) if permit.verdict is Verdict.BUSY else permit

    return changed


def forgets_the_block(hear: Any) -> Callable[..., object]:  # noqa: ANN401 - the function as it is
    """A bucket's 429 is heard and not kept."""

    def changed(*arguments: Any, **options: Any) -> object:  # noqa: ANN401
        fleet, major = hear(*arguments, **options)
        return fleet, replace(major, blocks={})

    return changed


def counts_down_again(learned: Any) -> Callable[..., object]:  # noqa: ANN401 - the function as it is
    """Every report takes one more from what remains."""

    def changed(buckets: Any, heard: Any, now_us: int) -> object:  # noqa: ANN401
        after = dict(learned(buckets, heard, now_us))
        if heard.window is not None and heard.window.bucket in after:
            one = after[heard.window.bucket]
            after[heard.window.bucket] = replace(one, remaining=one.remaining - 1)
        return after

    return changed


def believes_the_last_answer(_: Any) -> Callable[..., object]:  # noqa: ANN401 - the function as it is
    """Whatever a header says is taken, an old one too."""

    def changed(buckets: Any, heard: Any, now_us: int) -> object:  # noqa: ANN401
        window = heard.window
        if window is None:
            return buckets
        return dict(buckets) | {window.bucket: hearing._as_told(window, buckets.get(window.bucket), now_us)}

    return changed


def one_more(_: Any) -> Callable[..., object]:  # noqa: ANN401 - the function as it is
    """The second has one request too many."""
    return lambda most: WindowRule(key="g", limit=most + 1, window_us=reserving.SECOND_US)


DEFECTS = {
    "D1 one more in a second": Defect(test_requests.InAnySecond, instead(reserving, "_a_second", one_more)),
    "D2 what is in flight does not count": Defect(
        test_requests.NeverThrottled, instead(reserving, "_in_flight", always(0))
    ),
    "D2 a request without an answer does not count": Defect(
        test_requests.NeverThrottled, instead(hearing, "_perhaps_counted", always({}))
    ),
    "D2 the last answer is believed": Defect(
        test_requests.NeverThrottled, instead(hearing, "_learned", believes_the_last_answer)
    ),
    "D2 all may learn at once": Defect(test_requests.OneProbe, instead(reserving, "_bucket_wait", always(0))),
    "D4 a global 429 is not heard": Defect(
        test_requests.Obeyed, instead(hearing, "_told", on(Scope.GLOBAL, Scope.NONE))
    ),
    "D4 a bucket's 429 is not kept": Defect(test_requests.Obeyed, instead(hearing, "hear", forgets_the_block)),
    "D6 leases never lapse": Defect(test_requests.AtLast, instead(reserving, "reserve", never_ending)),
    "D7 a report told again counts again": Defect(
        test_requests.ToldAgain, instead(hearing, "_learned", counts_down_again)
    ),
    "D7 a stale answer is believed": Defect(
        test_requests.OnlyLess, instead(hearing, "_learned", believes_the_last_answer)
    ),
    "D8 one guild's 429 holds all": Defect(
        test_requests.Apart, instead(hearing, "_told", on(Scope.USER, Scope.GLOBAL))
    ),
    "D9 nobody is told that it takes too long": Defect(
        test_requests.Patience, instead(reserving, "reserve", deaf_to_patience)
    ),
}


@pytest.mark.parametrize("defect", DEFECTS.values(), ids=DEFECTS)
def test_a_property_finds_the_defect_that_was_put_there_for_it(defect: Defect, monkeypatch: pytest.MonkeyPatch) -> None:
    class Machine(defect.machine):  # type: ignore[name-defined,misc]  # the base is a parameter
        seen: ClassVar[Counter[str]] = Counter()

        def __init__(self) -> None:
            super().__init__(NoServer())

        def agree(self, *_: object) -> None:
            """Compare nothing."""

    defect.put(monkeypatch)

    with pytest.raises(AssertionError):
        run_state_machine_as_test(Machine, settings=SEARCH)


async def test_d3_finds_interactions_that_ask_the_fleet(monkeypatch: pytest.MonkeyPatch) -> None:
    def gate(clock: Clock) -> FleetGate:
        return FleetGate(InMemoryRequestLimiter(clock), InMemoryRequestLimiter(clock, most_per_second=1))

    monkeypatch.setattr("gpadapters.discord.followups.LocalGate", gate)

    async with http_world() as world:
        with pytest.raises(AssertionError):
            await d3(world)


def _late_stops(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("gpadapters.discord.brake.Stops", lambda: Stops(background=5_500))


def _nobody_tells(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(EgressWatch, "look_soon", lambda _: None)


@pytest.mark.parametrize("put", [_late_stops, _nobody_tells])
async def test_d5_finds_a_budget_that_is_not_kept(put: Patch, monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch)

    with pytest.raises(AssertionError):
        await d5(FORBIDDEN)
