"""Several processes' metrics as one exposition."""

from prometheus_client.parser import text_string_to_metric_families

from gpadapters.observability.merging import merged
from gpadapters.observability.prometheus import PrometheusTelemetry
from gpcore.domain import metrics


def exposition(counted: int) -> str:
    telemetry = PrometheusTelemetry(version="1")
    for _ in range(counted):
        telemetry.count(metrics.DELIVERIES, "events", "handled")
        telemetry.observe(metrics.HANDLER_DURATION, 0.2, "join", "handled")
    telemetry.gauge(metrics.IN_FLIGHT, counted, "events")
    return telemetry.render()[0].decode()


def samples(text: str, name: str) -> dict[str, float]:
    """Return a metric's values by worker."""
    families = list(text_string_to_metric_families(text))
    assert len({family.name for family in families}) == len(families), "a family may stand in one place only"
    return {
        sample.labels["worker"]: sample.value for family in families for sample in family.samples if sample.name == name
    }


def test_every_workers_series_is_kept_apart() -> None:
    body, content_type = merged({"0": exposition(2), "1": exposition(3)}, restarts={"0": 0, "1": 4})
    text = body.decode()
    assert samples(text, "gp_deliveries_total") == {"0": 2, "1": 3}
    assert samples(text, "gp_handler_duration_seconds_count") == {"0": 2, "1": 3}
    assert samples(text, "gp_in_flight") == {"0": 2, "1": 3}
    assert samples(text, "gp_worker_restarts_total") == {"0": 0, "1": 4}
    assert content_type.startswith("text/plain")


def test_a_parent_shows_every_metric_that_a_worker_shows() -> None:
    text = merged({"0": exposition(1)}, restarts={"0": 0})[0].decode()
    shown = {family.name for family in text_string_to_metric_families(text)}

    assert {metric.name for metric in metrics.CATALOGUE} | {"gp_telemetry_misfits"} <= shown
    assert samples(text, "gp_build_info") == {"0": 1}


def test_a_worker_that_does_not_answer_is_down() -> None:
    text = merged({"1": exposition(1)}, restarts={"0": 2, "1": 0})[0].decode()
    assert samples(text, "gp_worker_up") == {"0": 0, "1": 1}
