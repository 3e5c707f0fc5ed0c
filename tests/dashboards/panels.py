"""What the dashboard and the alarms ask for."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
DASHBOARDS: Final = ROOT / "infra" / "grafana"
RULES: Final = ROOT / "infra" / "prometheus"
NOTHING_YET: Final = " or vector(0)"


@dataclass(frozen=True)
class Query:
    """One query of a panel, with Grafana's variables filled in."""

    panel: str
    text: str

    @property
    def may_have_nothing_yet(self) -> bool:
        return self.text.endswith(NOTHING_YET)

    @property
    def itself(self) -> str:
        """Without what stands for nothing."""
        return self.text.removesuffix(NOTHING_YET)


def queries() -> Iterator[Query]:
    for file in sorted(DASHBOARDS.glob("*.json")):
        for panel in json.loads(file.read_text())["panels"]:
            for target in panel.get("targets", ()):
                text = target["expr"].replace("$__rate_interval", "10s").replace("$job", ".*")
                yield Query(panel["title"], text)
