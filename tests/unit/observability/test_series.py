"""How many series there can be, whatever comes from outside."""

import pytest

from gpadapters.observability.prometheus import PrometheusTelemetry
from gpadapters.observability.series import MOST_SERIES, OTHER
from gpcore import CommandContext, Router
from gpcore.domain.dispatches import INTERACTION_CREATE
from gpcore.domain.metrics import CATALOGUE, HANDLER_DURATION
from gpcore.ports.telemetry import Telemetry
from gprunner.testing import TestClient
from tests.builders import a_dispatch
from tests.unit.observability.exposition import Exposition

HOSTILE = ("x" * 2000, "ping\n} 1", 'ping"', "\ud800", "../../metrics", "пинг")


@pytest.fixture
def telemetry() -> PrometheusTelemetry:
    return PrometheusTelemetry(version="1.2.3")


def test_a_metric_has_a_thousand_series_and_one_for_the_rest(telemetry: PrometheusTelemetry) -> None:
    for number in range(MOST_SERIES + 50):
        telemetry.observe(HANDLER_DURATION, 1.0, f"command:{number}", "returned")
    exposition = Exposition(telemetry)

    counts = [series for series in exposition.samples if series[0] == f"{HANDLER_DURATION.name}_count"]
    assert len(counts) == MOST_SERIES + 1
    assert exposition.value(f"{HANDLER_DURATION.name}_count", handler=OTHER, outcome=OTHER) == 50
    assert exposition.value("gp_telemetry_folded_total", metric=HANDLER_DURATION.name) == 50


def test_a_series_that_is_there_is_still_written_when_no_other_can_be(telemetry: PrometheusTelemetry) -> None:
    for number in range(MOST_SERIES + 1):
        telemetry.observe(HANDLER_DURATION, 1.0, f"command:{number}", "returned")
    telemetry.observe(HANDLER_DURATION, 1.0, "command:0", "returned")

    assert Exposition(telemetry).value(f"{HANDLER_DURATION.name}_count", handler="command:0", outcome="returned") == 2


def a_bot() -> Router:
    router = Router()

    @router.command("ping")
    async def ping(ctx: CommandContext) -> str:
        """Answer."""
        return "pong"

    return router


async def test_names_guilds_and_users_from_outside_make_no_series(telemetry: PrometheusTelemetry) -> None:
    found = []
    async with TestClient(a_bot(), overrides={Telemetry: telemetry}) as client:
        for number, name in enumerate(("ping", "unknown", *HOSTILE) * 3):
            raw = a_dispatch("01-command-no-options", now_ms=int(client.now.timestamp() * 1000)).raw
            someone = str(10**17 + number)
            raw |= {"id": str(int(raw["id"]) + number), "guild_id": someone, "channel_id": someone}
            raw["data"]["name"] = f"{name}{number}" if number else name
            raw["member"]["user"]["id"] = someone
            await client.dispatch(INTERACTION_CREATE, raw)
            found.append(set(Exposition(telemetry).samples))

    # What becomes of each kind of name is counted the first time; later ones and their senders are nothing new.
    once = len(HOSTILE) + 2
    assert set(map(len, found[once:])) == {len(found[once - 1])}
    assert not any(str(10**17)[:12] in str(series) or "unknown" in str(series) for series in found[-1])


def test_no_label_of_the_catalogue_is_an_id() -> None:
    labels = {label for metric in CATALOGUE for label in metric.labels}

    assert not labels & {"guild", "guild_id", "user", "user_id", "channel", "channel_id", "token", "command"}
