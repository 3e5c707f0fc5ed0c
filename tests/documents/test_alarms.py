"""Every alarm has its section in the runbook, and what dashboards and alarms ask for is measured."""

import json
import re

from gpcore.domain.metrics import CATALOGUE
from tests.dashboards.panels import RULES, queries
from tests.documents.pages import DOCS, table
from tests.infra.files import INFRA
from tests.infra.hcl import resources

ALARM = "aws_cloudwatch_metric_alarm"
DASHBOARD = INFRA / "grafana" / "workers.json"

BESIDE = {
    "gp_build_info",
    "gp_worker_restarts_total",
    "process_resident_memory_bytes",
    "process_cpu_seconds_total",
    "up",
}
_NAME = re.compile(r"\b((?:gp|process|http_client|db_client|messaging)_\w+)")


def alarms() -> list[str]:
    return re.findall(r"^ +- alert: (\w+)$", (RULES / "rules.yaml").read_text(), re.MULTILINE)


def measured() -> set[str]:
    names = set(BESIDE)
    for one in CATALOGUE:
        suffixes = {"counter": ["_total"], "gauge": [""], "histogram": ["_bucket", "_count", "_sum"]}[one.kind]
        names |= {one.name + suffix for suffix in suffixes}
    return names


def test_the_runbook_has_a_section_for_each_alarm_in_their_order_and_no_other() -> None:
    runbook = (DOCS / "runbook.md").read_text()

    assert re.findall(r"^## (Gp\w+)$", runbook, re.MULTILINE) == alarms()
    assert len(alarms()) > 10


def test_each_section_says_what_it_means_where_to_look_and_what_to_do() -> None:
    sections = re.split(r"^## ", (DOCS / "runbook.md").read_text(), flags=re.MULTILINE)

    for section in sections:
        if section.startswith("Gp"):
            assert [word for word in ("**Means**", "**Look**", "**Do**") if word not in section] == [], section[:40]


def test_each_alarm_of_cloudwatch_leads_to_a_section() -> None:
    named = {re.sub(r"\$\{.*?\}", "", body["alarm_name"]).lstrip("-") for _, body in resources(ALARM)}
    rows = table("runbook.md", "alarm")[1:]
    listed = {name for row in rows for name in re.findall(r"`([a-z-]+)`", row[0])}
    anchors = {anchor for row in rows for anchor in re.findall(r"\(#([\w-]+)\)", row[1])}
    headings = re.findall(r"^##+ (.+)$", (DOCS / "runbook.md").read_text(), re.MULTILINE)

    assert len(named) >= 9
    # One for each queue ends with the queue's name.
    assert [name for name in named if not any(one.startswith(name) for one in listed)] == []
    assert [one for one in listed if not any(one.startswith(name) for name in named)] == []
    assert anchors <= {heading.lower().replace(" ", "-") for heading in headings}


def test_panels_are_called_what_the_dashboard_calls_them() -> None:
    panels = {panel["title"] for panel in json.loads(DASHBOARD.read_text())["panels"]}
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", (DOCS / "runbook.md").read_text(), flags=re.DOTALL)
    quoted = re.findall(r'"([A-Z][^"]+)"', prose)
    said = {"The application did not respond"}

    assert len(quoted) > 8
    assert [name for name in quoted if name not in panels | said] == []


def test_each_alarm_leads_to_its_section_and_has_a_test_that_it_fires_and_one_that_it_is_quiet() -> None:
    rules, tests = (RULES / "rules.yaml").read_text(), (RULES / "rules_test.yaml").read_text()

    for alarm in alarms():
        assert f"docs/runbook.md#{alarm.lower()}\n" in rules
        assert f"- name: {alarm} fires" in tests
        assert f"- name: {alarm} is quiet" in tests


def test_panels_and_alarms_ask_for_what_is_measured() -> None:
    asked = {name for query in queries() for name in _NAME.findall(query.text)}
    expressions = re.findall(r"expr: (.*?)\n +(?:for|labels):", (RULES / "rules.yaml").read_text(), re.DOTALL)
    asked |= {name for text in expressions for name in _NAME.findall(text)}

    assert asked <= measured()
    assert len(asked) > 20


def test_every_metric_of_the_catalogue_is_shown_or_watched_or_said_to_be_for_looking_up() -> None:
    everything = "".join(query.text for query in queries()) + (RULES / "rules.yaml").read_text()
    page = (DOCS / "operating.md").read_text()

    assert [one.name for one in CATALOGUE if one.name not in everything and one.name not in page] == []
