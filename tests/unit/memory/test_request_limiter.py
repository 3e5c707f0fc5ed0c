import pytest

from gpadapters.memory.request_limiter import InMemoryRequestLimiter
from gpcore.domain.request_pacing import Ask
from tests.contracts.request_limiter import CHANNEL, RequestLimiterContract, Unplug
from tests.settable_clock import SettableClock


class TestInMemoryRequestLimiter(RequestLimiterContract):
    @pytest.fixture
    def clock(self) -> SettableClock:
        return SettableClock()

    @pytest.fixture
    def limiter(self, clock: SettableClock) -> InMemoryRequestLimiter:
        return InMemoryRequestLimiter(clock)

    @pytest.fixture
    def unplug(self, limiter: InMemoryRequestLimiter) -> Unplug:
        async def set_unavailable() -> None:
            limiter.unavailable = True

        return set_unavailable


@pytest.mark.parametrize(("nonce", "patience", "fault"), [("", 0, "nonce"), ("n", -1, "patience"), ("n", True, "pat")])
def test_an_ask_that_cannot_be_meant_is_refused(nonce: str, patience: int, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        Ask(target=CHANNEL, nonce=nonce, patience_us=patience)
