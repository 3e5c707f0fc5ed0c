"""URLs, versions and the library's log lines."""

import asyncio
import logging
from contextlib import AbstractAsyncContextManager

import pytest
from yarl import URL

from gpadapters.rabbitmq.connection import parse_url, parse_version, place
from gpadapters.rabbitmq.message_ids import OneAtATime
from gpadapters.rabbitmq.settings import RabbitSettings
from gpadapters.rabbitmq.wire_logging import BodyFilter, keep_bodies_out_of_logs
from gpcore.domain.secrets import Secret
from gpcore.errors import ConfigurationError


@pytest.mark.parametrize(
    ("url", "where"),
    [
        ("amqp://user:secret@broker/", "broker:5672/"),
        ("amqps://user:secret@broker/gp", "broker:5671/gp"),
        ("amqp://broker:1234/a%2Fb", "broker:1234/a/b"),
    ],
)
def test_tells_a_place_without_credentials(url: str, where: str) -> None:
    assert place(parse_url(RabbitSettings(url=Secret(url)))) == where


@pytest.mark.parametrize("url", ["", "redis://user:secret@host/", "amqp://", "amqp://user:secret@host:port/", "secret"])
def test_refuses_what_is_no_broker_url_without_repeating_it(url: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        parse_url(RabbitSettings(url=Secret(url)))
    assert "secret" not in str(refusal.value)


def test_settings_do_not_show_the_password() -> None:
    assert "secret" not in repr(RabbitSettings(url=Secret("amqp://user:secret@host/")))
    assert URL("amqp://h/").host == "h"


@pytest.mark.parametrize(
    ("text", "version"), [("3.10.8", (3, 10)), ("4.1.0-rc.1", (4, 1)), ("", (3, 10)), ("odd", (3, 10))]
)
def test_reads_the_brokers_version(text: str, version: tuple[int, int]) -> None:
    assert parse_version(text) == version


def test_refuses_a_broker_that_is_too_old() -> None:
    with pytest.raises(ConfigurationError, match=r"3\.8\.2 is too old"):
        parse_version("3.8.2")


class Frame:
    def __repr__(self) -> str:
        return "the token"


def test_what_may_hold_a_body_is_logged_by_its_type() -> None:
    record = logging.LogRecord(
        "aiormq.channel", logging.ERROR, "f", 1, "%r %s %d %r", (Frame(), "text", 3, b"token"), None
    )
    assert BodyFilter().filter(record)
    assert record.getMessage() == "'<Frame>' text 3 '<bytes>'"


def test_a_reader_failure_is_logged_without_its_traceback() -> None:
    try:
        raise ValueError("the token")
    except ValueError as error:
        failure = (type(error), error, error.__traceback__)
    record = logging.LogRecord("aiormq.connection", logging.WARNING, "f", 1, "reader %s", ("x",), failure)
    assert BodyFilter().filter(record)
    assert logging.Formatter().format(record) == "reader x (ValueError)"


def test_the_filter_is_installed_once() -> None:
    keep_bodies_out_of_logs()
    keep_bodies_out_of_logs()
    filters = logging.getLogger("aiormq.channel").filters
    assert sum(isinstance(known, BodyFilter) for known in filters) == 1


async def test_publishes_of_one_id_wait_for_each_other_and_others_do_not() -> None:
    ids = OneAtATime()
    async with ids.alone("a"), ids.alone("b"), ids.alone(None), ids.alone(None):
        blocked = ids.alone("a")
        entering = asyncio.ensure_future(_enter(blocked))
        await asyncio.sleep(0.01)
        assert not entering.done()
    await entering


async def _enter(context: AbstractAsyncContextManager[None]) -> None:
    async with context:
        pass
