"""Opening and closing connections and channels, with gp's errors and bounds."""

import logging
from contextlib import suppress
from typing import Final

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection
from aiormq.abc import AbstractChannel as Wire
from yarl import URL

from gpadapters.rabbitmq.declaration import FIRST_SUPPORTED, Version
from gpadapters.rabbitmq.errors import ask
from gpadapters.rabbitmq.settings import RabbitSettings
from gpadapters.rabbitmq.transport import GuardedConnection
from gpadapters.rabbitmq.wire_logging import keep_bodies_out_of_logs
from gpcore.errors import ConfigurationError, PortError, PortUnavailableError

_CLOSE_TIMEOUT: Final = 5.0

log = logging.getLogger("gp.rabbitmq")


async def open_connection(settings: RabbitSettings, *, name: str) -> AbstractConnection:
    """Connect and authenticate.

    Args:
        settings: Address and time-outs.
        name: Shown in the broker's list of connections.

    Raises:
        ConfigurationError: The URL is none.
        PortUnavailableError: The broker cannot be reached or refuses.
    """
    keep_bodies_out_of_logs()
    address = parse_url(settings)
    return await ask(
        aio_pika.connect(
            address.update_query(heartbeat=settings.heartbeat),
            timeout=settings.connect_timeout,
            client_properties={"connection_name": name},
            connection_class=GuardedConnection,
        ),
        timeout=settings.connect_timeout,
        doing=f"connect to {place(address)}",
    )


async def open_channel(connection: AbstractConnection, settings: RabbitSettings) -> AbstractChannel:
    """Open a channel with publisher confirms whose returned messages raise.

    Raises:
        PortUnavailableError: The connection is gone or the broker does not answer.
    """
    if not is_open(connection):
        raise PortUnavailableError("open a channel: the connection is closed")
    channel = connection.channel(publisher_confirms=True, on_return_raises=True)
    await ask(channel.initialize(), timeout=settings.call_timeout, doing="open a channel")
    return channel


def is_open(connection: AbstractConnection) -> bool:
    """Tell whether a connection is not known to be gone.

    The connection's own ``is_closed`` only tells of being closed from this side.
    """
    return connection.transport is not None and not connection.transport.connection.is_closed


async def wire(channel: AbstractChannel) -> Wire:
    """Return the channel below: it asks the broker each time and has no ideas of its own."""
    return await channel.get_underlay_channel()


async def close_quietly(resource: AbstractConnection | AbstractChannel) -> None:
    """Close a connection or channel that may be gone already; bounded, never raises ``PortError``."""
    with suppress(PortError):
        await ask(_closing(resource), timeout=_CLOSE_TIMEOUT, doing="close")


def server_version(connection: AbstractConnection) -> Version:
    """Return the broker's major and minor version.

    Raises:
        ConfigurationError: The broker is older than gp supports.
    """
    return parse_version(_version_text(connection))


def parse_version(text: str) -> Version:
    """Return major and minor of a version such as ``3.10.8``; one that cannot be read is taken as the oldest.

    Raises:
        ConfigurationError: It is older than gp supports.
    """
    numbers = [int(part) for part in text.split(".")[:2] if part.isdigit()]
    if len(numbers) != len(FIRST_SUPPORTED):
        return FIRST_SUPPORTED
    version = (numbers[0], numbers[1])
    if version < FIRST_SUPPORTED:
        raise ConfigurationError(f"RabbitMQ {text} is too old: gp needs 3.10 or newer.")
    return version


def describe(connection: AbstractConnection, settings: RabbitSettings) -> str:
    """Return version and address, without credentials, for people."""
    return f"RabbitMQ {_version_text(connection) or 'of unknown version'} at {place(parse_url(settings))}"


def parse_url(settings: RabbitSettings) -> URL:
    """Parse the broker's URL.

    Raises:
        ConfigurationError: It is none; the text does not repeat it, because it may hold a password.
    """
    try:
        address = URL(settings.url.reveal())
        usable = address.scheme in {"amqp", "amqps"} and bool(address.host)
    except ValueError:
        usable, address = False, URL()
    if not usable:
        raise ConfigurationError("The RabbitMQ URL must look like amqp://user:password@host:5672/vhost.")
    return address


def place(address: URL) -> str:
    """Return host, port and virtual host of a URL."""
    port = address.port or (5671 if address.scheme == "amqps" else 5672)
    return f"{address.host}:{port}/{address.path.lstrip('/')}"


async def _closing(resource: AbstractConnection | AbstractChannel) -> None:
    await resource.close()


def _version_text(connection: AbstractConnection) -> str:
    if connection.transport is None:
        return ""
    version = connection.transport.connection.server_properties.get("version", "")
    return version if isinstance(version, str) else ""
