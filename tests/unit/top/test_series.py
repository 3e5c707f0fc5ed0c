import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpadapters.observability.prometheus import PrometheusTelemetry
from gpadapters.observability.reading import read_exposition
from gpcore.domain.metrics import DELIVERIES, FIRST_ANSWER, IN_FLIGHT
from gprunner.top.figures import figures, together
from gprunner.top.series import Series, by_worker

NAME = FIRST_ANSWER.name


def scraped(telemetry: PrometheusTelemetry) -> Series:
    [series] = by_worker(read_exposition(telemetry.render()[0].decode())).values()
    return series


@pytest.mark.property
@given(
    seconds=st.lists(st.floats(min_value=0.001, max_value=4.9), min_size=1, max_size=60),
    share=st.sampled_from([0.01, 0.5, 0.9, 0.99, 1.0]),
)
def test_a_quantile_lies_in_the_bucket_of_the_true_one(seconds: list[float], share: float) -> None:
    telemetry = PrometheusTelemetry(version="1")
    for second in seconds:
        telemetry.observe(FIRST_ANSWER, second, "command", "message")
    guessed = scraped(telemetry).quantile(NAME, share)

    true = sorted(seconds)[max(math.ceil(len(seconds) * share) - 1, 0)]
    bounds = [0.0, *FIRST_ANSWER.buckets]
    bucket = next(number for number, bound in enumerate(bounds) if true <= bound)
    assert guessed is not None
    assert bounds[bucket - 1] <= guessed <= bounds[bucket] + 1e-9


def test_what_lies_above_the_last_bound_is_shown_as_the_last_bound() -> None:
    telemetry = PrometheusTelemetry(version="1")
    telemetry.observe(FIRST_ANSWER, 900.0, "command", "message")

    assert scraped(telemetry).quantile(NAME, 0.99) == FIRST_ANSWER.buckets[-1]


def test_without_measurements_there_is_no_quantile() -> None:
    assert scraped(PrometheusTelemetry(version="1")).quantile(NAME, 0.5) is None
    assert Series().quantile(NAME, 0.5) is None


def test_a_quantile_of_no_share_at_all_is_the_lowest_bound() -> None:
    telemetry = PrometheusTelemetry(version="1")
    telemetry.observe(FIRST_ANSWER, 1.2, "command", "message")

    assert scraped(telemetry).quantile(NAME, 0.0) == FIRST_ANSWER.buckets[0]


def test_only_what_was_added_counts_and_a_worker_that_began_anew_added_all_it_has() -> None:
    telemetry = PrometheusTelemetry(version="1")
    for _ in range(10):
        telemetry.count(DELIVERIES, "events", "handled")
    before = scraped(telemetry)
    for _ in range(3):
        telemetry.count(DELIVERIES, "events", "handled")
    assert scraped(telemetry).since(before).total("gp_deliveries_total", lane="events") == 3

    anew = PrometheusTelemetry(version="1")
    for _ in range(4):
        anew.count(DELIVERIES, "events", "handled")
    assert scraped(anew).since(before).total("gp_deliveries_total") == 4


def test_the_figures_are_those_of_the_worker() -> None:
    telemetry = PrometheusTelemetry(version="1.2.3")
    telemetry.observe(FIRST_ANSWER, 0.2, "command", "message")
    telemetry.gauge(IN_FLIGHT, 3, "events")
    telemetry.gauge(IN_FLIGHT, 4, "interactions")
    one = figures("a", scraped(telemetry), None, 0.0)

    assert (one.version, one.in_flight, one.answers, one.seconds, one.consuming) == ("1.2.3", 7, 1, 0.0, ())
    assert one.as_json()["in_flight"] == 7


def test_all_together_have_the_quantiles_of_everybodys_answers() -> None:
    fast, slow = PrometheusTelemetry(version="1"), PrometheusTelemetry(version="1")
    for _ in range(99):
        fast.observe(FIRST_ANSWER, 0.004, "command", "message")
    for _ in range(99):
        slow.observe(FIRST_ANSWER, 2.6, "command", "message")
    both = [scraped(fast), scraped(slow)]
    all_of_them = together([figures(str(number), series, None, 0.0) for number, series in enumerate(both)], both)

    assert all_of_them.answers == 198
    assert all_of_them.p99_s is not None
    assert 2.5 <= all_of_them.p99_s <= 2.7
    assert all_of_them.p50_s is not None
    assert all_of_them.p50_s <= 0.005


def test_text_that_is_no_exposition_is_refused() -> None:
    with pytest.raises(ValueError, match="no exposition"):
        read_exposition("<html>not here</html>")
