"""What the benchmarks call a regression: a ratio that fell by more than noise explains."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import regression
from benchmarks.results import Result, Row, Samples, compared, read


def a_result(*rows: Row, scenario: str = "events") -> Result:
    return Result(scenario=scenario, title="Events", unit="events a second", rows=rows, baseline="stock", machine={})


def a_row(times: float | None, *, name: str = "gp", spread: float = 0.0) -> Row:
    return Row(name=name, value=1.0, low=1.0, high=1.0, times=times, times_spread=spread)


@given(times=st.floats(0.1, 100), part=st.floats(0.81, 10))
def test_less_than_a_fifth_slower_is_noise(times: float, part: float) -> None:
    assert regression.losses(a_result(a_row(times)), a_result(a_row(times * part))) == []


@given(times=st.floats(0.1, 100), part=st.floats(0.0, 0.79))
def test_more_than_a_fifth_slower_is_a_loss(times: float, part: float) -> None:
    (loss,) = regression.losses(a_result(a_row(times)), a_result(a_row(times * part)))
    assert (loss.before, loss.now, loss.tolerated) == (times, times * part, regression.TOLERATED)


def test_a_wide_spread_tolerates_more() -> None:
    before, now = a_result(a_row(2.0, spread=0.2)), a_result(a_row(1.3, spread=0.2))
    assert regression.losses(before, now) == []


def test_only_gps_own_rows_are_judged() -> None:
    rows = a_row(2.0, name="another"), a_row(None), a_row(2.0, name="gp, new")
    now = a_row(1.0, name="another"), a_row(1.0), a_row(1.0, name="gp, newer")
    assert regression.losses(a_result(*rows), a_result(*now)) == []


def test_ratios_are_taken_inside_each_round() -> None:
    fast, slow = Samples("gp", [200.0, 20.0, 210.0]), Samples("stock", [100.0, 10.0, 100.0])
    gp, stock = compared([fast, slow], "stock")
    assert (gp.times, gp.times_spread, stock.times) == (2.0, 0.03, 1.0), "a busy round hits both alike"
    assert (gp.value, gp.low, gp.high) == (200.0, 20.0, 210.0)


def test_compares_with_what_was_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a_result(a_row(3.0)).write(tmp_path)
    assert read(tmp_path / "events.json") == a_result(a_row(3.0)).__class__(
        scenario="events",
        title="Events",
        unit="events a second",
        rows=[a_row(3.0)],
        baseline="stock",
        machine={},
    )
    assert regression.report([a_result(a_row(2.9)), a_result(a_row(1.0), scenario="new")], tmp_path) == 0
    assert regression.report([a_result(a_row(1.0))], tmp_path) == 1
    said = capsys.readouterr().out
    assert "new: nothing was committed to compare with" in said
    assert "events, gp: ×1 of the baseline, was ×3" in said
