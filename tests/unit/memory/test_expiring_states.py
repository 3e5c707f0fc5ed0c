from gpadapters.memory.expiring_states import KEPT_AFTER_US, SMALLEST_SWEEP, ExpiringStates


def test_forgets_what_lapsed_a_minute_ago_once_it_has_grown() -> None:
    states: ExpiringStates[int] = ExpiringStates()
    for number in range(SMALLEST_SWEEP - 1):
        states.put(str(number), number, deadline_us=number, now_us=0)

    states.put("last", 0, deadline_us=10**9, now_us=KEPT_AFTER_US + 99)

    assert len(states) == SMALLEST_SWEEP - 100
    assert states.get("99") is None
    assert states.get("100") == 100


def test_grows_when_nothing_lapses_and_forgets_later() -> None:
    states: ExpiringStates[int] = ExpiringStates()
    for number in range(3 * SMALLEST_SWEEP):
        states.put(str(number), number, deadline_us=1, now_us=0)
    assert len(states) == 3 * SMALLEST_SWEEP

    for number in range(SMALLEST_SWEEP):
        states.put(f"new {number}", number, deadline_us=KEPT_AFTER_US, now_us=2 * KEPT_AFTER_US)

    assert len(states) <= SMALLEST_SWEEP
