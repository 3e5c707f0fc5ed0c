"""``amqps`` works, verifies certificates, and passes the same guarded reader."""

import ssl
import subprocess
from pathlib import Path

import pytest
from pamqp.commands import Basic

from gpadapters.rabbitmq.settings import RabbitSettings
from gpcore.domain.wire_message import Lane
from gpcore.errors import PortUnavailableError
from tests.contracts.broker_world import Inbox, a_message
from tests.eventually import eventually
from tests.integration.rabbitmq.test_hostile_properties import with_raw
from tests.servers.rabbitmq_sandbox import Sandbox, hasty
from tests.servers.tcp_proxy import TcpProxy

pytestmark = pytest.mark.integration


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """Give a certificate for 127.0.0.1 that nobody knows, and its key."""
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    subprocess.run(
        (
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"),
            *("-addext", "subjectAltName=IP:127.0.0.1", "-out", str(certificate), "-keyout", str(key)),
        ),
        check=True,
        capture_output=True,
    )
    return certificate, key


async def test_consumes_and_publishes_over_tls(declared_rabbit: Sandbox, certificate: tuple[Path, Path]) -> None:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(*certificate)
    async with TcpProxy.to(declared_rabbit.url, tls=tls) as proxy:
        settings = _over_tls(proxy, certificate[0])
        inbox, queue = Inbox(), declared_rabbit.names.queue(Lane.INTERACTIONS)
        source, publisher = (
            declared_rabbit.source(Lane.INTERACTIONS, settings=settings),
            declared_rabbit.publisher(settings),
        )
        hostile = with_raw("timestamp", (2**63).to_bytes(8, "big"))
        assert isinstance(hostile, Basic.Properties)
        await declared_rabbit.publish_raw(queue, b"hostile", hostile)
        await source.start(inbox)
        await publisher.publish(a_message(b"x" * 300_000), routing_key="interaction.button")
        await eventually(lambda: len(inbox) == 2)
        assert inbox.bodies == [b"hostile", b"x" * 300_000]
        await source.close()
        await publisher.close()


async def test_refuses_a_certificate_that_nobody_vouches_for(
    declared_rabbit: Sandbox, certificate: tuple[Path, Path]
) -> None:
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(*certificate)
    async with TcpProxy.to(declared_rabbit.url, tls=tls) as proxy:
        publisher = declared_rabbit.publisher(hasty(proxy.url.replace("amqp://", "amqps://")))
        with pytest.raises(PortUnavailableError, match="certificate"):
            await publisher.publish(a_message(), routing_key="member.join")


def _over_tls(proxy: TcpProxy, certificate: Path) -> RabbitSettings:
    return hasty(f"{proxy.url.replace('amqp://', 'amqps://')}?cafile={certificate}")
