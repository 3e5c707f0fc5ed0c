"""The page of metrics is the catalogue."""

import re

from gpcore.domain.metrics import CATALOGUE, Metric
from tests.documents.pages import DOCS, table


def row(metric: Metric) -> list[str]:
    labels = ", ".join(f"`{label}`" for label in metric.labels) or "–"
    name = metric.name + ("_total" if metric.kind == "counter" else "")
    return [f"`{name}`", metric.kind, labels, metric.help, metric.appears or "always"]


def test_the_page_has_every_metric_as_the_catalogue_has_it() -> None:
    assert table("metrics.md", "metric")[1:] == [row(metric) for metric in CATALOGUE]


def test_the_page_names_what_is_there_beside_the_catalogue() -> None:
    page = (DOCS / "metrics.md").read_text()

    beside = {"gp_build_info", "gp_telemetry_misfits_total", "gp_telemetry_folded_total", "gp_worker_restarts_total"}
    assert beside | {"gp_worker_up"} <= set(re.findall(r"`(\w+)`", page))
