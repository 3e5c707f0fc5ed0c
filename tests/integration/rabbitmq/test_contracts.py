"""RabbitMQ keeps what the broker's ports promise."""

import pytest

from tests.contracts.dead_letters import DeadLettersContract
from tests.contracts.delivery_source import DeliverySourceContract
from tests.contracts.publisher import PublisherContract
from tests.contracts.topology import TopologyContract

pytestmark = pytest.mark.integration


class TestRabbitDeliverySource(DeliverySourceContract):
    pass


class TestRabbitPublisher(PublisherContract):
    pass


class TestRabbitTopology(TopologyContract):
    pass


class TestRabbitDeadLetters(DeadLettersContract):
    pass
