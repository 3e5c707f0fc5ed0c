"""The topology as data, for both families of broker versions."""

import pytest

from gpadapters.rabbitmq.declaration import Declaration, TopologyPlan
from gpadapters.rabbitmq.names import Names
from gpcore.domain.ladders import Ladders
from gpcore.domain.wire_message import Lane

OLD, NEW = (3, 10), (4, 0)
PLAN = TopologyPlan()


def arguments(version: tuple[int, int], plan: TopologyPlan = PLAN) -> dict[str, dict[str, str | int]]:
    return {queue.name: dict(queue.arguments) for queue in plan.declare_for(version).queues}


@pytest.mark.parametrize("version", [OLD, (3, 13), NEW, (4, 3)])
def test_names_are_the_same_on_every_version(version: tuple[int, int]) -> None:
    assert list(arguments(version)) == [
        "gp.interactions",
        "gp.interactions.retry.1s",
        "gp.interactions.retry.5s",
        "gp.interactions.dlq",
        "gp.events.guild",
        "gp.retry.1s",
        "gp.retry.5s",
        "gp.retry.30s",
        "gp.retry.2m",
        "gp.retry.10m",
        "gp.dlq",
    ]


@pytest.mark.parametrize("version", [OLD, NEW])
def test_delay_queues_follow_the_ladders(version: tuple[int, int]) -> None:
    plan = TopologyPlan(names=Names("gp", Ladders(events=(2, 90, 3600), interactions=(3,))))
    found = {name: queue["x-message-ttl"] for name, queue in arguments(version, plan).items() if "retry" in name}
    assert found == {
        "gp.interactions.retry.3s": 3_000,
        "gp.retry.2s": 2_000,
        "gp.retry.90s": 90_000,
        "gp.retry.60m": 3_600_000,
    }


@pytest.mark.parametrize("version", [OLD, NEW])
def test_every_queue_says_its_type(version: tuple[int, int]) -> None:
    assert {queue["x-queue-type"] for queue in arguments(version).values()} <= {"classic", "quorum"}


def test_interactions_have_priorities_before_4_and_quorum_from_then_on() -> None:
    assert arguments(OLD)["gp.interactions"] == {
        "x-queue-type": "classic",
        "x-max-priority": 10,
        "x-message-ttl": 900_000,
        "x-dead-letter-exchange": "gp.dlx",
        "x-dead-letter-routing-key": "interactions.dead",
    }
    new = arguments(NEW)["gp.interactions"]
    assert new["x-queue-type"] == "quorum"
    assert "x-max-priority" not in new


@pytest.mark.parametrize("version", [OLD, NEW])
def test_no_quorum_queue_has_priorities_and_no_classic_one_a_delivery_limit(version: tuple[int, int]) -> None:
    for queue in arguments(version).values():
        forbidden = "x-max-priority" if queue["x-queue-type"] == "quorum" else "x-delivery-limit"
        assert forbidden not in queue
        assert queue["x-queue-type"] == "quorum" or "x-dead-letter-strategy" not in queue


@pytest.mark.parametrize("version", [OLD, NEW])
def test_events_are_dead_lettered_at_least_once_with_all_that_this_needs(version: tuple[int, int]) -> None:
    for name, queue in arguments(version).items():
        if name == "gp.events.guild" or name.startswith("gp.retry."):
            assert queue["x-queue-type"] == "quorum"
            assert queue["x-dead-letter-strategy"] == "at-least-once"
            assert queue["x-overflow"] == "reject-publish"
            assert queue["x-max-length"] == PLAN.events_max_length
            assert "x-dead-letter-exchange" in queue


@pytest.mark.parametrize("version", [OLD, NEW])
def test_delay_queues_expire_back_to_their_lane(version: tuple[int, int]) -> None:
    found = {
        name: (queue["x-message-ttl"], queue["x-dead-letter-exchange"], queue["x-dead-letter-routing-key"])
        for name, queue in arguments(version).items()
        if ".retry." in name
    }
    assert found == {
        "gp.interactions.retry.1s": (1_000, "", "gp.interactions"),
        "gp.interactions.retry.5s": (5_000, "", "gp.interactions"),
        "gp.retry.1s": (1_000, "", "gp.events.guild"),
        "gp.retry.5s": (5_000, "", "gp.events.guild"),
        "gp.retry.30s": (30_000, "", "gp.events.guild"),
        "gp.retry.2m": (120_000, "", "gp.events.guild"),
        "gp.retry.10m": (600_000, "", "gp.events.guild"),
    }


def test_dead_letters_of_interactions_are_forgotten_fast() -> None:
    for version in (OLD, NEW):
        queue = arguments(version)["gp.interactions.dlq"]
        assert (queue["x-message-ttl"], queue["x-max-length"], queue["x-overflow"]) == (60_000, 1_000, "drop-head")


def test_browsing_dead_letters_never_drops_them() -> None:
    assert arguments(OLD)["gp.dlq"] == {"x-queue-type": "classic", "x-message-ttl": 604_800_000}
    assert arguments(NEW)["gp.dlq"] == {
        "x-queue-type": "quorum",
        "x-delivery-limit": -1,
        "x-message-ttl": 604_800_000,
    }


def test_binds_what_the_app_handles_and_messages_only_when_asked() -> None:
    plain = keys(PLAN.declare_for(OLD), "gp.events.guild")
    assert plain == ["member.#", "guild.#"]
    plan = TopologyPlan(dispatch_names=("GUILD_MEMBER_ADD", "GUILD_CREATE", "GUILD_MEMBER_ADD"), message_events=True)
    assert keys(plan.declare_for(OLD), "gp.events.guild") == [
        "member.#",
        "guild.#",
        "GUILD_MEMBER_ADD",
        "GUILD_CREATE",
        "message.#",
        "MESSAGE_CREATE",
    ]
    assert keys(PLAN.declare_for(OLD), "gp.interactions") == ["interaction.#", "INTERACTION_CREATE"]
    assert keys(PLAN.declare_for(OLD), "gp.dlq") == ["dead"]
    assert keys(PLAN.declare_for(OLD), "gp.interactions.dlq") == ["interactions.dead"]


def test_adopts_the_main_objects_and_declares_its_own() -> None:
    declaration = TopologyPlan(names=Names("arrakis"), adopt_main=True).declare_for(OLD)
    adopted = {exchange.name for exchange in declaration.exchanges if exchange.adopted}
    adopted |= {queue.name for queue in declaration.queues if queue.adopted}
    assert adopted == {"arrakis.events", "arrakis.dlx", "arrakis.interactions", "arrakis.events.guild", "arrakis.dlq"}


@pytest.mark.parametrize("lane", list(Lane))
def test_a_lane_needs_only_its_own_queues(lane: Lane) -> None:
    whole = PLAN.declare_for(OLD)
    part = whole.of_lane(lane)
    assert part.exchanges == whole.exchanges
    assert {queue.lane for queue in part.queues} == {lane}
    assert {binding.queue for binding in part.bindings} <= {queue.name for queue in part.queues}


def keys(declaration: Declaration, queue: str) -> list[str]:
    return [binding.routing_key for binding in declaration.bindings if binding.queue == queue]
