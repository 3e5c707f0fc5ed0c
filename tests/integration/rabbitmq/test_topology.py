"""Declarations against a real broker: permissions, adoption, versions."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from gpadapters.rabbitmq.declaration import TopologyPlan
from gpadapters.rabbitmq.probe import RabbitProbe
from gpadapters.rabbitmq.topology import RabbitTopology
from gpcore.domain.wire_message import Lane
from gpcore.errors import ConfigurationError
from tests.contracts.broker_world import Inbox, a_message
from tests.eventually import eventually
from tests.servers.rabbitmq_process import RabbitProcess
from tests.servers.rabbitmq_sandbox import Sandbox, hasty

pytestmark = pytest.mark.integration

PASSWORD = "correct-horse"


@pytest.fixture(scope="module")
def limited_url(rabbitmq_node: RabbitProcess) -> Iterator[str]:
    """Give the URL of a user who may read and write but not configure."""
    rabbitmq_node.ctl("add_user", "reader", PASSWORD)
    rabbitmq_node.ctl("set_permissions", "reader", "^$", ".*", ".*")
    yield rabbitmq_node.url.replace("guest:guest", f"reader:{PASSWORD}")
    rabbitmq_node.ctl("delete_user", "reader")


@pytest.fixture
async def limited(rabbitmq_node: RabbitProcess, limited_url: str) -> Sandbox:
    """Give a sandbox whose adapters use the limited user."""
    sandbox = Sandbox(rabbitmq_node.url)
    await sandbox.topology().apply()
    return sandbox


async def test_a_user_who_may_not_configure_consumes_with_unchecked_arguments(
    limited: Sandbox, limited_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    findings = await RabbitTopology(hasty(limited_url), limited.plan).check()
    assert {found.state for found in findings} == {"unchecked"}
    inbox = Inbox()
    source = limited.source(Lane.EVENTS, settings=hasty(limited_url))
    await source.start(inbox)
    await limited.publisher(hasty(limited_url)).publish(a_message(), routing_key="member.join")
    await eventually(lambda: inbox)
    warnings = [record for record in caplog.records if "refused to compare" in record.getMessage()]
    assert len(warnings) == 1, "said once, not for every queue"
    await limited.close()


async def test_a_user_who_may_not_configure_cannot_apply(limited: Sandbox, limited_url: str) -> None:
    await limited.delete(limited.names.retry_queue(Lane.EVENTS, 5))
    with pytest.raises(ConfigurationError, match="ACCESS_REFUSED"):
        await RabbitTopology(hasty(limited_url), limited.plan).apply()
    await limited.close()


async def test_adopts_the_main_queues_of_the_system_it_replaces(rabbit: Sandbox) -> None:
    rabbit.plan = TopologyPlan(names=rabbit.plan.names, adopt_main=True)
    topology = rabbit.topology()
    assert {found.state for found in await topology.apply() if found.kind == "queue"} == {"ok", "missing"}
    await _declare_like_the_original(rabbit)
    findings = await topology.apply()
    assert {found.state for found in findings} == {"ok"}
    inbox = Inbox()
    await rabbit.source(Lane.INTERACTIONS).start(inbox)
    await rabbit.publisher().publish(a_message(), routing_key="interaction.button")
    await eventually(lambda: inbox)


async def test_a_binding_of_a_missing_queue_is_a_finding(rabbit: Sandbox) -> None:
    rabbit.plan = TopologyPlan(names=rabbit.plan.names, adopt_main=True)
    findings = await rabbit.topology().apply()
    missing = [found for found in findings if found.kind == "binding" and found.state == "missing"]
    assert len(missing) == 6, "each needs an exchange or queue of the system that gp replaces"
    hints = {found.detail for found in findings if found.kind == "queue" and found.state == "missing"}
    assert hints == {"belongs to the system that gp replaces, which declares it"}


async def test_handled_dispatch_names_are_bound(rabbit: Sandbox) -> None:
    plan = replace(rabbit.plan, dispatch_names=("GUILD_MEMBER_ADD",), message_events=True)
    await rabbit.topology(plan).apply()
    publisher = rabbit.publisher()
    for number, routing_key in enumerate(("GUILD_MEMBER_ADD", "MESSAGE_CREATE", "message.create", "guild.join")):
        await publisher.publish(a_message(message_id=str(number)), routing_key=routing_key)


async def test_missing_topology_is_said_once_with_what_to_do(rabbit: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    source = rabbit.source(Lane.EVENTS)
    await source.start(Inbox())
    await eventually(lambda: source.state() == "missing_topology")
    await rabbit.topology().apply()
    await eventually(lambda: source.state() == "consuming")
    told = [record for record in caplog.records if "gp topology apply" in record.getMessage()]
    assert len(told) == 1
    assert rabbit.names.queue(Lane.EVENTS) in told[0].getMessage()


async def test_the_probe_tells_version_and_place(rabbit: Sandbox) -> None:
    result = await RabbitProbe(rabbit.settings()).check()
    assert result.ok
    assert "RabbitMQ 3." in result.detail or "RabbitMQ 4." in result.detail
    assert "127.0.0.1" in result.detail
    assert "guest" not in result.detail


@pytest.mark.parametrize(
    ("place", "words"), [("127.0.0.1:{port}", "refused the user name or password"), ("127.0.0.1:1", "connect to")]
)
async def test_the_probe_tells_the_fault_without_credentials(
    rabbitmq_node: RabbitProcess, place: str, words: str
) -> None:
    url = f"amqp://guest:wrong-password@{place.format(port=rabbitmq_node.port)}/"
    result = await RabbitProbe(hasty(url)).check()
    assert not result.ok
    assert words in result.detail
    assert "wrong-password" not in result.detail


async def test_the_probe_tells_a_missing_virtual_host(rabbitmq_url: str) -> None:
    result = await RabbitProbe(hasty(rabbitmq_url.rpartition("/")[0] + "/nowhere")).check()
    assert not result.ok
    assert "nowhere" in result.detail


async def _declare_like_the_original(rabbit: Sandbox) -> None:
    names, channel = rabbit.names, await rabbit.wire()
    await channel.exchange_declare(names.events_exchange, exchange_type="topic", durable=True)
    await channel.exchange_declare(names.dead_letter_exchange, exchange_type="direct", durable=True)
    for lane in Lane:
        await channel.queue_declare(names.queue(lane), durable=True, arguments={"x-max-priority": 10})
    await channel.queue_declare(names.dead_letter_queue(Lane.EVENTS), durable=True)
    await channel.close()
