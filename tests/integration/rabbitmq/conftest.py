"""Worlds around the shared broker."""

import pytest

from tests.integration.rabbitmq.rabbit_world import RabbitWorld
from tests.servers.rabbitmq_sandbox import Sandbox
from tests.servers.tcp_proxy import TcpProxy


@pytest.fixture
def world(declared_rabbit: Sandbox, rabbitmq_proxy: TcpProxy) -> RabbitWorld:
    """Give a broker with everything declared."""
    return RabbitWorld(declared_rabbit, rabbitmq_proxy)


@pytest.fixture
def bare_world(rabbit: Sandbox, rabbitmq_proxy: TcpProxy) -> RabbitWorld:
    """Give a broker with nothing declared."""
    return RabbitWorld(rabbit, rabbitmq_proxy)
