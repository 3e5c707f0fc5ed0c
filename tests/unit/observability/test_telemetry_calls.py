"""Reads the sources: a measurement that does not fit the catalogue would only be left out at run time."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gpcore.domain import metrics
from gpcore.domain.metrics import Metric

SOURCE = Path(__file__).parents[3] / "src"

BEFORE_THE_LABELS = {"count": 1, "observe": 2, "gauge": 2}
KINDS = {"count": "counter", "observe": "histogram", "gauge": "gauge"}


@dataclass(frozen=True)
class Measurement:
    where: str
    method: str
    metric: str
    labels: int
    starred: bool


def measurements_in(source: str, name: str) -> Iterator[Measurement]:
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr not in KINDS or not ast.unparse(node.func.value).endswith("telemetry"):
            continue
        yield Measurement(
            where=f"{name}:{node.lineno}",
            method=node.func.attr,
            metric=ast.unparse(node.args[0]).rpartition(".")[2],
            labels=len(node.args) - BEFORE_THE_LABELS[node.func.attr],
            starred=bool(node.keywords) or any(isinstance(argument, ast.Starred) for argument in node.args),
        )


def fault_of(measurement: Measurement) -> str | None:
    metric = getattr(metrics, measurement.metric, None)
    if not isinstance(metric, Metric) or metric not in metrics.CATALOGUE:
        return "the metric is not in the catalogue"
    if metric.kind != KINDS[measurement.method]:
        return f"the metric is a {metric.kind}"
    if measurement.starred or measurement.labels != len(metric.labels):
        return f"the metric has {len(metric.labels)} labels, to be passed one by one"
    return None


@pytest.fixture(scope="module")
def measurements() -> list[Measurement]:
    return [
        measurement
        for path in sorted(SOURCE.rglob("*.py"))
        for measurement in measurements_in(path.read_text(encoding="utf-8"), path.relative_to(SOURCE).as_posix())
    ]


def test_every_measurement_fits_the_catalogue(measurements: list[Measurement]) -> None:
    faults = {measurement.where: fault_of(measurement) for measurement in measurements}

    assert {where: fault for where, fault in faults.items() if fault is not None} == {}


def test_every_metric_of_the_catalogue_is_measured(measurements: list[Measurement]) -> None:
    measured = {getattr(metrics, measurement.metric, None) for measurement in measurements}

    assert {metric.name for metric in metrics.CATALOGUE if metric not in measured} == set()


@pytest.mark.parametrize(
    "call",
    [
        "self._telemetry.count(metrics.CLAIMS, lane)",
        "self._edge.telemetry.count(CLAIMS, lane, verdict, more)",
        "telemetry.count(metrics.CLAIMS, *labels)",
        "telemetry.count(metrics.IN_FLIGHT, lane)",
        "telemetry.gauge(metrics.IN_FLIGHT, 1.0)",
        "telemetry.observe(metrics.FIRST_ANSWER, age, kind)",
        "telemetry.count(metrics.CATALOGUE, lane)",
        "telemetry.count(metric, lane)",
    ],
)
def test_a_measurement_that_does_not_fit_is_found(call: str) -> None:
    assert [fault_of(measurement) is not None for measurement in measurements_in(call, "here")] == [True]
