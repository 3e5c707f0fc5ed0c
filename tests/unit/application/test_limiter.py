import pytest

from gpadapters.memory.admission_store import InMemoryAdmissionStore
from gpcore import Cooldown, Gcra, Limiter, SlidingWindow, WindowCounter
from gpcore.domain.limits import Limit
from tests.settable_clock import SECOND, SettableClock


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def store(clock: SettableClock) -> InMemoryAdmissionStore:
    return InMemoryAdmissionStore(clock)


@pytest.mark.parametrize("limit", [SlidingWindow(2, per=60), WindowCounter(2, per=60), Gcra(2, per=60, burst=2)])
async def test_each_bucket_has_its_own_limit(store: InMemoryAdmissionStore, limit: Limit) -> None:
    limiter = Limiter(store, "login", limit)

    first = [(await limiter.acquire("a")).allowed for _ in range(3)]
    other = await limiter.acquire("b")

    assert first == [True, True, False]
    assert other.remaining == 1


async def test_all_limits_must_admit(store: InMemoryAdmissionStore, clock: SettableClock) -> None:
    limiter = Limiter(store, "login", SlidingWindow(5, per=60), Cooldown(10))
    await limiter.acquire("a")

    refused = await limiter.acquire("a")
    clock.advance(10 * SECOND)
    admitted = await limiter.acquire("a")

    assert (refused.allowed, refused.limiting, refused.retry_after_us) == (False, 1, 10 * SECOND)
    assert (admitted.allowed, (await Limiter(store, "login", SlidingWindow(5, per=60)).peek("a")).remaining) == (
        True,
        3,
    )


async def test_a_cost_takes_as_many_units(store: InMemoryAdmissionStore) -> None:
    limiter = Limiter(store, "export", SlidingWindow(10, per=60))

    await limiter.acquire("a", cost=7)

    assert not (await limiter.peek("a", cost=4)).allowed
    assert (await limiter.peek("a", cost=3)).allowed


async def test_a_use_can_be_repeated_given_back_and_forgotten(store: InMemoryAdmissionStore) -> None:
    limiter = Limiter(store, "login", SlidingWindow(2, per=60))
    for _ in range(3):
        await limiter.acquire("a", nonce="one")
    assert (await limiter.peek("a")).remaining == 1

    await limiter.refund("a", nonce="one")
    assert (await limiter.peek("a")).remaining == 2

    await limiter.acquire("a")
    await limiter.reset("a")
    assert (await limiter.peek("a")).remaining == 2


async def test_limiters_of_one_name_share_their_state_and_others_do_not(store: InMemoryAdmissionStore) -> None:
    await Limiter(store, "login", SlidingWindow(2, per=60)).acquire("a")

    assert (await Limiter(store, "login", SlidingWindow(2, per=60)).peek("a")).remaining == 1
    assert (await Limiter(store, "logout", SlidingWindow(2, per=60)).peek("a")).remaining == 2


def test_what_nobody_could_decide_is_refused_when_it_is_made(store: InMemoryAdmissionStore) -> None:
    with pytest.raises(ValueError, match="0 rules"):
        Limiter(store, "login")
    with pytest.raises(ValueError, match="share a key"):
        Limiter(store, "login", SlidingWindow(2, per=60), SlidingWindow(9, per=60))


async def test_a_cost_out_of_bounds_is_refused(store: InMemoryAdmissionStore) -> None:
    with pytest.raises(ValueError, match="cost is -1"):
        await Limiter(store, "login", SlidingWindow(2, per=60)).acquire("a", cost=-1)
