"""Neither bodies nor passwords reach a log, even at debug level, even when everything fails."""

import logging

import pytest

from gpadapters.rabbitmq.settings import RabbitSettings
from gpadapters.rabbitmq.topology import RabbitTopology
from gpcore.domain.secrets import Secret
from gpcore.domain.wire_message import Lane
from gpcore.errors import GpError, PortRejectedError
from tests.contracts.broker_world import Inbox, a_message
from tests.eventually import eventually
from tests.servers.rabbitmq_process import RabbitProcess
from tests.servers.rabbitmq_sandbox import Sandbox, hasty
from tests.servers.tcp_proxy import TcpProxy

pytestmark = pytest.mark.integration

TOKEN = b"aW50ZXJhY3Rpb246token"
PASSWORD = "hunter2-hunter2"


async def test_no_log_line_holds_a_body_or_password(
    rabbitmq_node: RabbitProcess, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    rabbitmq_node.ctl("add_user", "talkative", PASSWORD)
    rabbitmq_node.ctl("set_permissions", "talkative", ".*", ".*", ".*")
    async with TcpProxy.to(rabbitmq_node.url.replace("guest:guest", f"talkative:{PASSWORD}")) as proxy:
        sandbox = Sandbox(rabbitmq_node.url)
        settings = hasty(proxy.url)
        await RabbitTopology(settings, sandbox.plan).apply()
        inbox, publisher = Inbox(), sandbox.publisher(settings)
        source = sandbox.source(Lane.INTERACTIONS, settings=settings)
        await source.start(inbox)
        await publisher.publish(a_message(TOKEN), routing_key="interaction.button")
        with pytest.raises(PortRejectedError) as unroutable:
            await publisher.publish(a_message(TOKEN), routing_key="nowhere")
        await eventually(lambda: inbox)
        proxy.cut()
        await eventually(lambda: len(inbox) > 1)
        assert TOKEN.decode() not in repr(unroutable.value) + repr(inbox.deliveries[0].message) + repr(settings)
        await source.close()
        await publisher.close()
        await sandbox.close()
    rabbitmq_node.ctl("delete_user", "talkative")
    assert any(record.name.startswith("aiormq") for record in caplog.records), "the library did log"
    assert TOKEN.decode() not in caplog.text
    assert PASSWORD not in caplog.text


@pytest.mark.parametrize(
    "url",
    [f"amqp://user:{PASSWORD}@127.0.0.1:99999/", f"http://user:{PASSWORD}@host/", PASSWORD, f"amqp://:{PASSWORD}@"],
)
async def test_an_unusable_url_is_refused_without_being_repeated(url: str, rabbit: Sandbox) -> None:
    settings = RabbitSettings(url=Secret(url))
    with pytest.raises(GpError) as refusal:
        await RabbitTopology(settings, rabbit.plan).check()
    assert PASSWORD not in str(refusal.value)
    assert PASSWORD not in repr(refusal.value.__cause__)
    assert refusal.value.__cause__ is None
