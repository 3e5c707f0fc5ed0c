"""A worker's log tells its most important numbers."""

import asyncio
import json
import logging
from typing import Any

import pytest

from gpadapters.observability.logging import JsonFormatter
from gpadapters.observability.prometheus import PrometheusTelemetry
from gpadapters.observability.redaction import Redactor
from gpcore.domain.metrics import CATALOGUE, CONSUMING, DEAD_LETTERS, IN_FLIGHT
from gprunner.pulse import NOW, SINCE, Beat, pulse
from tests.eventually import eventually
from tests.infra.hcl import local_values, resource


def exposition(telemetry: PrometheusTelemetry) -> str:
    return telemetry.render()[0].decode()


def test_every_number_is_one_that_the_worker_measures() -> None:
    kinds = {f"{metric.name}_total" if metric.kind == "counter" else metric.name: metric.kind for metric in CATALOGUE}

    assert {name: kinds.get(name) for name in NOW.values()} == dict.fromkeys(NOW.values(), "gauge")
    assert {name: kinds.get(name) for name in SINCE.values()} == dict.fromkeys(SINCE.values(), "counter")


def test_tells_how_it_is_and_what_has_happened_since() -> None:
    telemetry, beat = PrometheusTelemetry(), Beat()
    telemetry.gauge(IN_FLIGHT, 3, "interactions")
    telemetry.gauge(IN_FLIGHT, 4, "events")
    telemetry.count(DEAD_LETTERS, "events", "attempts")
    telemetry.count(DEAD_LETTERS, "events", "rejected")
    first = beat.fields(exposition(telemetry))
    telemetry.count(DEAD_LETTERS, "events", "attempts")
    second = beat.fields(exposition(telemetry))

    assert (first["in_flight"], second["in_flight"]) == (7, 7)
    assert (first["dead_letters"], second["dead_letters"]) == (2, 1)


def test_tells_how_many_lanes_are_consumed() -> None:
    telemetry, beat = PrometheusTelemetry(), Beat()
    telemetry.gauge(CONSUMING, 1, "interactions")
    telemetry.gauge(CONSUMING, 0, "events")

    assert beat.fields(exposition(telemetry))["consuming"] == 1


def test_nothing_measured_yet_is_nothing() -> None:
    assert set(Beat().fields("").values()) == {0}
    assert set(Beat().fields("")) == {*NOW, *SINCE}


async def test_logs_until_the_end_and_once_more_then(caplog: pytest.LogCaptureFixture) -> None:
    async def render() -> tuple[bytes, str]:
        return b"gp_dead_letters_total 2.0\n", "text/plain"

    with caplog.at_level(logging.INFO, "gp.pulse"):
        async with pulse(render, every=0.01):
            await eventually(lambda: len(caplog.records) >= 2)
        told = len(caplog.records)
        await asyncio.sleep(0.05)

    assert len(caplog.records) == told
    assert [record.__dict__["dead_letters"] for record in caplog.records][:2] == [2, 0]


async def test_a_worker_without_metrics_has_no_pulse(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "gp.pulse"):
        async with pulse(None, every=0.01):
            await asyncio.sleep(0.03)

    assert caplog.records == []


def line(fields: dict[str, Any]) -> dict[str, Any]:
    record = logging.LogRecord("gp.pulse", logging.INFO, "", 0, "pulse", (), None)
    vars(record).update(fields)
    read: dict[str, Any] = json.loads(JsonFormatter(Redactor()).format(record))
    return read


def test_the_line_is_what_the_metric_filters_on_aws_look_for() -> None:
    told = line(dict(Beat().fields("")))

    assert resource("aws_cloudwatch_log_metric_filter")["pattern"] == r"{ $.logger = \"gp.pulse\" }"
    assert told["logger"] == "gp.pulse"
    for metric in local_values("alarms")["pulse"].values():
        assert isinstance(told[metric["field"]], float | int)
