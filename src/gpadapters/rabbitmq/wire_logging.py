"""Keeps message bodies, which may hold interaction tokens, out of the client library's own logs.

The library logs frames at debug level, at error level a returned message that it cannot attribute,
and with every lost connection a traceback that may quote a frame. Its log lines stay; what may
hold a body is replaced by the name of its type.
"""

import logging
from typing import Final

from typing_extensions import override

_LOGGERS: Final = (
    "aiormq.channel",
    "aiormq.connection",
    "aio_pika.channel",
    "aio_pika.connection",
    "aio_pika.exchange",
    "aio_pika.message",
    "aio_pika.queue",
)
_QUOTES_FRAMES: Final = "aiormq.connection"
_HARMLESS: Final = (int, float, str, type(None), BaseException)


class BodyFilter(logging.Filter):
    """Lets every record pass, with arguments that say what they are instead of what they hold."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_named(argument) for argument in record.args)
        if record.name == _QUOTES_FRAMES and record.exc_info:
            record.msg, record.args = f"{record.getMessage()} ({_kind(record)})", ()
            record.exc_info = None
        return True


def keep_bodies_out_of_logs() -> None:
    """Install the filter on the client library's loggers; doing it again changes nothing."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(known, BodyFilter) for known in logger.filters):
            logger.addFilter(BodyFilter())


def _kind(record: logging.LogRecord) -> str:
    return record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else "unknown"


def _named(argument: object) -> object:
    return argument if isinstance(argument, _HARMLESS) else f"<{type(argument).__name__}>"
