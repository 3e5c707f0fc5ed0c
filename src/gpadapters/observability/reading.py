"""Reading an exposition of metrics."""

from collections.abc import Mapping
from dataclasses import dataclass

from prometheus_client.parser import text_string_to_metric_families


@dataclass(frozen=True, slots=True)
class Sample:
    """One series at one moment.

    Attributes:
        name: With its suffix: ``_total``, ``_bucket`` and so on.
        labels: By name.
        value: What it is.
    """

    name: str
    labels: Mapping[str, str]
    value: float


def read_exposition(text: str) -> list[Sample]:
    """Return the samples of Prometheus' text format, in order.

    Raises:
        ValueError: It is none.
    """
    try:
        return [
            Sample(sample.name, sample.labels, sample.value)
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        ]
    except (ValueError, KeyError, IndexError) as error:
        raise ValueError("this is no exposition of metrics") from error
