"""What ``gp doctor`` says of the topology."""

import pytest

from gpcore.ports.topology import TopologyFinding
from gprunner.cli.doctor import judged

APPLY = "gp topology apply"


def finding(name: str, state: str, detail: str = "") -> TopologyFinding:
    return TopologyFinding(kind="queue", name=name, state=state, detail=detail)


OK = finding("gp.a", "ok")
UNCHECKED = finding("gp.b", "unchecked")
MISSING = [finding("gp.c", "missing"), finding("gp.d", "missing")]
DIFFERENT = finding("gp.e", "different", "gp declares x=1; the broker has x=2")


@pytest.mark.parametrize(
    ("findings", "ok", "detail"),
    [
        ([OK, UNCHECKED], True, "2 objects are as declared"),
        ([OK, *MISSING], False, "2 of 3 objects are missing, first queue gp.c; run gp topology apply"),
        ([OK, DIFFERENT], False, f"1 of 2 objects are not as declared, first queue gp.e; {DIFFERENT.detail}"),
        (
            [*MISSING, DIFFERENT],
            False,
            "1 of 3 objects are not as declared, first queue gp.e; 2 of 3 objects are missing, first queue gp.c; "
            + DIFFERENT.detail,
        ),
    ],
)
def test_says_missing_where_it_is_missing_and_different_where_it_differs(
    findings: list[TopologyFinding], ok: bool, detail: str
) -> None:
    result = judged(findings, APPLY)
    assert (result.name, result.ok, result.detail) == ("topology", ok, detail)
