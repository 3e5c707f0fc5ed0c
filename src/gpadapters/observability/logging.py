"""Log lines as JSON or as text, without secrets, for every logger of the process."""

import json
import logging
import re
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from typing import Final, Literal, TextIO

from typing_extensions import override

from gpadapters.observability.redaction import Redactor
from gpcore.domain.secrets import Secret
from gpcore.ports.work_in_hand import told

LogFormat = Literal["json", "text"]

_STANDARD: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_OWN: Final = frozenset({"time", "level", "logger", "message", "exception", "stack"})

_CHATTY: Final = ("httpx", "httpcore", "aiormq", "aio_pika", "aiohttp.access")
"""Libraries whose lines below WARNING tell of single requests and frames."""

_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""What ends a line, steers a terminal or cannot be encoded."""

_PLAIN: Final = re.compile(r"[^\s\"'=\\]+")
_COLORS: Final = {logging.WARNING: "33", logging.ERROR: "31", logging.CRITICAL: "1;31"}


class _RedactingFormatter(logging.Formatter, ABC):
    """Makes one record a line; message, arguments, extras, exception and stack pass the redactor first."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redactor: Final = redactor

    @override
    @abstractmethod
    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end."""

    def _message(self, record: logging.LogRecord) -> str:
        if record.args and isinstance(record.args, Mapping):
            return self._redactor.text(str(record.msg) % self._redactor.named(record.args))
        return self._redactor.text(record.getMessage())

    def _extras(self, record: logging.LogRecord) -> dict[str, object]:
        own = {name: value for name, value in vars(record).items() if name not in _STANDARD}
        return self._redactor.fields({**told(), **own})

    def _exception(self, record: logging.LogRecord) -> str:
        if record.exc_info and record.exc_info[1] is not None:
            return self._redactor.text(self.formatException(record.exc_info))
        return self._redactor.text(record.exc_text or "")

    def _stack(self, record: logging.LogRecord) -> str:
        return self._redactor.text(record.stack_info or "")


class JsonFormatter(_RedactingFormatter):
    """One JSON object per line, in ASCII.

    ``time`` (ISO 8601, UTC, milliseconds), ``level`` (lower case), ``logger`` and ``message``; then what
    the task works on (``event_id``, ``interaction_id``, ``handler``, ``trace_id``) and the record's extras
    under their own names, an underscore appended where such a name is taken; then ``exception`` and ``stack``
    if there are any.
    """

    @override
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": _time(record).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self._message(record),
        }
        for name, value in self._extras(record).items():
            line[f"{name}_" if name in _OWN else name] = value
        if exception := self._exception(record):
            line["exception"] = exception
        if stack := self._stack(record):
            line["stack"] = stack
        return json.dumps(line)


class TextFormatter(_RedactingFormatter):
    """One short line for people: time of day (UTC), level, logger, message, extras; traces indented below.

    Control characters are shown escaped, so that nothing in a message can forge a line or steer a terminal.

    Args:
        redactor: Takes the secrets out.
        color: Whether levels from WARNING on are coloured with ANSI codes.
    """

    def __init__(self, redactor: Redactor, *, color: bool = False) -> None:
        super().__init__(redactor)
        self._color: Final = color

    @override
    def format(self, record: logging.LogRecord) -> str:
        time = _time(record).strftime("%H:%M:%S.%f")[:-3]
        extras = "".join(f" {_visible(name)}={_short(value)}" for name, value in self._extras(record).items())
        line = f"{time} {self._level(record)} {_visible(record.name)}: {_visible(self._message(record))}{extras}"
        below = f"{self._exception(record)}\n{self._stack(record)}".splitlines()
        return "\n".join((line, *(f"  {_visible(row)}" for row in below if row)))

    def _level(self, record: logging.LogRecord) -> str:
        word = f"{record.levelname:<8}"
        code = _COLORS.get(record.levelno) if self._color else None
        return word if code is None else f"\x1b[{code}m{word}\x1b[0m"


def configure_logging(
    *,
    level: str,
    format: LogFormat,
    secrets: Iterable[Secret] = (),
    stream: TextIO | None = None,
    color: bool = False,
) -> ExitStack:
    """Send the records of every logger, through one redacting handler of the root, to ``stream``.

    Calling it again replaces what the last call set up. Libraries that log every request or frame
    stay quiet below WARNING whatever the level is.

    Args:
        level: ``debug``, ``info``, ``warning``, ``error`` or ``critical``, in any case.
        format: ``json`` or ``text``.
        secrets: Values that must never appear; what looks like a secret is taken out anyway.
        stream: Where to write; standard error if not given. It is never closed.
        color: Whether ``text`` may use ANSI colours.

    Returns:
        A stack that restores the former handlers and levels when it is closed or left. Dropping
        it keeps what was set up.

    Raises:
        ValueError: The level has no such name; nothing was changed.
    """
    number = logging.getLevelNamesMapping().get(level.upper())
    if number is None:
        raise ValueError(f"there is no log level {level!r}")
    redactor = Redactor(secrets)
    handler = _StreamHandler(stream)
    handler.setFormatter(JsonFormatter(redactor) if format == "json" else TextFormatter(redactor, color=color))
    restore = ExitStack()
    root = logging.getLogger()
    restore.callback(_set_handlers, root, root.handlers[:])
    _set_handlers(root, [handler])
    _set_level(root, number, restore)
    for name in _CHATTY:
        _set_level(logging.getLogger(name), max(number, logging.WARNING), restore)
    return restore


class _StreamHandler(logging.StreamHandler[TextIO]):
    """Writes lines, and says where a record came from that could not be one.

    The standard library would print that record's message and arguments as they are.
    """

    @override
    def handleError(self, record: logging.LogRecord) -> None:
        fault = sys.exc_info()[0]
        report = logging.LogRecord(
            "gp.logging",
            logging.ERROR,
            record.pathname,
            record.lineno,
            "a record of %s could not be written (%s, line %d): %s",
            (record.name, record.filename, record.lineno, "unknown" if fault is None else fault.__name__),
            None,
        )
        # OSError: nobody reads any more. ValueError: the stream is closed. There is no place left to complain.
        with suppress(OSError, ValueError):
            self.stream.write(self.format(report) + self.terminator)
            self.flush()


def _set_handlers(logger: logging.Logger, handlers: Iterable[logging.Handler]) -> None:
    for former in logger.handlers[:]:
        logger.removeHandler(former)
    for handler in handlers:
        logger.addHandler(handler)


def _set_level(logger: logging.Logger, level: int, restore: ExitStack) -> None:
    restore.callback(logger.setLevel, logger.level)
    logger.setLevel(level)


def _time(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def _short(value: object) -> str:
    if isinstance(value, str) and _PLAIN.fullmatch(value):
        return _visible(value)
    return _visible(json.dumps(value, ensure_ascii=False))


def _visible(text: str) -> str:
    return _UNSEEN.sub(lambda unseen: repr(unseen[0])[1:-1], text)
