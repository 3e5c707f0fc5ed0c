"""Reads what Prometheus would read."""

from prometheus_client.parser import text_string_to_metric_families

from gpadapters.observability.prometheus import PrometheusTelemetry


class Exposition:
    """A parsed scrape.

    Attributes:
        families: Kind of each family, by name.
        samples: Name, sorted labels and value of each series.
    """

    def __init__(self, telemetry: PrometheusTelemetry) -> None:
        body, self.content_type = telemetry.render()
        families = list(text_string_to_metric_families(body.decode()))
        self.families = {family.name: family.type for family in families}
        self.samples = {
            (sample.name, *sorted(sample.labels.items())): sample.value
            for family in families
            for sample in family.samples
        }

    def value(self, name: str, **labels: str) -> float | None:
        """Return one series' value, or ``None`` if there is no such series."""
        return self.samples.get((name, *sorted(labels.items())))

    def names(self) -> set[str]:
        """Return the names of all series."""
        return {str(sample[0]) for sample in self.samples}
