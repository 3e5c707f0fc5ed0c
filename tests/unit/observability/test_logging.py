import io
import json
import logging
from contextlib import ExitStack
from typing import cast

import pytest

from gpadapters.observability.logging import JsonFormatter, LogFormat, TextFormatter, configure_logging
from gpadapters.observability.redaction import Redactor
from gpcore.domain.secrets import Secret
from tests.builders import a_v1_body

TOKEN = str(a_v1_body("01-command-no-options")["interactionToken"])
PASSWORD = "correct-horse"
AT = 1_795_435_375.467

BOTH: list[LogFormat] = ["json", "text"]


def a_record(message: str = "ping failed", *args: object, **extras: object) -> logging.LogRecord:
    record = logging.LogRecord("gp.interactions", logging.WARNING, "somewhere.py", 7, message, args, None)
    record.created = AT
    vars(record).update(extras)
    return record


def as_json(record: logging.LogRecord) -> dict[str, object]:
    line = JsonFormatter(Redactor()).format(record)
    assert line.isascii()
    assert line.isprintable()
    return cast("dict[str, object]", json.loads(line))


def as_text(record: logging.LogRecord) -> str:
    return TextFormatter(Redactor()).format(record)


def a_failure(*messages: str) -> BaseException:
    """Return an error whose causes have the messages after the first."""
    error: BaseException | None = None
    for message in reversed(messages):
        try:
            raise ValueError(message) from error
        except ValueError as raised:
            error = raised
    assert error is not None
    return error


def failing(error: BaseException) -> logging.LogRecord:
    record = a_record()
    record.exc_info = (type(error), error, error.__traceback__)
    return record


class TestJson:
    def test_a_line_says_when_how_grave_who_and_what(self) -> None:
        assert as_json(a_record("%s failed", "ping")) == {
            "time": "2026-11-23T12:02:55.467Z",
            "level": "warning",
            "logger": "gp.interactions",
            "message": "ping failed",
        }

    def test_extras_stand_under_their_own_names(self) -> None:
        line = as_json(a_record(handler="/ping", interaction_id="1574394817465913458", attempt=2, parts=["a", None]))

        assert {name: line[name] for name in ("handler", "interaction_id", "attempt", "parts")} == {
            "handler": "/ping",
            "interaction_id": "1574394817465913458",
            "attempt": 2,
            "parts": ["a", None],
        }

    def test_an_extra_cannot_replace_a_lines_own_field(self) -> None:
        line = as_json(a_record(time="yesterday", level=1, exception="none"))

        assert (line["time_"], line["level_"], line["exception_"]) == ("yesterday", 1, "none")
        assert (line["time"], line["level"]) == ("2026-11-23T12:02:55.467Z", "warning")
        assert "exception" not in line

    def test_an_adapters_extras_are_shown(self) -> None:
        stream = io.StringIO()
        with configure_logging(level="info", format="json", stream=stream):
            log = logging.LoggerAdapter(logging.getLogger("gp.handlers"), {"handler": "ping", "event_id": "e1"})
            log.info("done")

        line = json.loads(stream.getvalue())
        assert (line["handler"], line["event_id"], line["message"]) == ("ping", "e1", "done")
        assert "taskName" not in line

    def test_an_exception_is_shown_with_its_causes(self) -> None:
        exception = str(as_json(failing(a_failure("outer", "inner")))["exception"])

        assert exception.index("ValueError: inner") < exception.index("ValueError: outer")
        assert "Traceback (most recent call last):" in exception

    def test_a_record_logged_outside_any_exception_has_none(self) -> None:
        record = a_record()
        record.exc_info = (None, None, None)

        assert "exception" not in as_json(record)

    def test_a_stack_and_a_text_made_elsewhere_are_shown(self) -> None:
        record = a_record()
        record.exc_text = f"ValueError: {TOKEN}"
        record.stack_info = f"Stack: {TOKEN}"

        assert (as_json(record)["exception"], as_json(record)["stack"]) == (
            "ValueError: [redacted]",
            "Stack: [redacted]",
        )

    def test_every_text_fits_on_one_line(self) -> None:
        message = "a\nb\r\u2028\x1b[31m ü \ud800 \x00"

        assert as_json(a_record(message, more=message))["message"] == message


class TestText:
    def test_a_line_is_short(self) -> None:
        assert as_text(a_record("%s failed", "ping")) == "12:02:55.467 WARNING  gp.interactions: ping failed"

    def test_extras_follow_the_message(self) -> None:
        line = as_text(a_record(handler="/ping", said='a "b"', attempt=2, parts=["ü"], nothing=""))

        assert line.endswith(': ping failed handler=/ping said="a \\"b\\"" attempt=2 parts=["ü"] nothing=""')

    def test_a_trace_is_indented_below(self) -> None:
        first, *below = as_text(failing(a_failure("outer", "inner"))).splitlines()

        assert first.endswith("ping failed")
        assert below[0] == "  Traceback (most recent call last):"
        assert below[-1] == "  ValueError: outer"
        assert all(row.startswith("  ") for row in below)

    def test_nothing_can_forge_a_line_or_steer_a_terminal(self) -> None:
        evil = "a\n00:00:00.000 INFO     gp: forged\r\x1b[2J\x9b\u2028\x85\ud800"
        line = as_text(a_record(evil, **{"x": evil, "y": [evil], evil: 1}))

        assert line.isprintable()
        assert line.encode().decode() == line

    def test_nothing_in_an_exception_can_steer_a_terminal(self) -> None:
        assert "\x1b" not in as_text(failing(a_failure("\x1b[2J")))

    def test_colors_are_used_only_when_asked_for(self) -> None:
        assert "\x1b[33mWARNING \x1b[0m" in TextFormatter(Redactor(), color=True).format(a_record())
        assert "\x1b" not in as_text(a_record())

    def test_an_ordinary_line_has_no_color(self) -> None:
        record = a_record()
        record.levelno, record.levelname = logging.INFO, "INFO"

        assert "\x1b" not in TextFormatter(Redactor(), color=True).format(record)


@pytest.fixture
def stream() -> io.StringIO:
    return io.StringIO()


def configured(format: LogFormat, stream: io.StringIO) -> ExitStack:
    """Configure within the test's body: pytest sets up handlers of its own between a fixture and the test."""
    return configure_logging(level="debug", format=format, secrets=[Secret(PASSWORD)], stream=stream)


@pytest.mark.parametrize("format", BOTH)
class TestSecrets:
    @pytest.mark.parametrize("name", ["gp.handlers", "redis", "anybody", "asyncio"])
    def test_never_appear_in_the_lines_of_any_logger(self, stream: io.StringIO, format: LogFormat, name: str) -> None:
        log = logging.getLogger(name)
        with configured(format, stream):
            log.warning("in the message: %s", TOKEN)
            log.warning("as an argument: %s %r %s", PASSWORD, {"token": "Sh0rt"}, [TOKEN.encode()])
            log.warning("named: %(token)s %(id)d", {"token": "Sh0rt", "id": 3})
            log.warning("in extras", extra={"token": "Sh0rt", "seen": {TOKEN: [PASSWORD]}, "body": b"Sh0rt"})
            log.error("in exceptions", exc_info=a_failure(PASSWORD, TOKEN, "amqp://u:Sh0rt@h"))

        text = stream.getvalue()
        assert [secret for secret in (TOKEN, PASSWORD, "Sh0rt") if secret in text] == []
        assert text.count("ValueError: [redacted]") == 2
        assert "ValueError: amqp://u:[redacted]@h" in text
        assert "named: [redacted] 3" in text

    def test_never_appear_when_a_record_cannot_be_formatted(
        self, stream: io.StringIO, format: LogFormat, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with configured(format, stream):
            logging.getLogger("gp.x").warning("%d", TOKEN)

        assert "a record of gp.x could not be written (test_logging.py, line " in stream.getvalue()
        assert "TypeError" in stream.getvalue()
        assert TOKEN not in stream.getvalue() + "".join(capsys.readouterr())

    def test_never_appear_when_an_argument_cannot_be_shown(
        self, stream: io.StringIO, format: LogFormat, capsys: pytest.CaptureFixture[str]
    ) -> None:
        class Unshowable:
            def __str__(self) -> str:
                raise LookupError(TOKEN)

        with configured(format, stream):
            logging.getLogger("gp.x").warning("%s", Unshowable())
            logging.getLogger("gp.x").warning("extra", extra={"x": Unshowable()})

        assert stream.getvalue().count("LookupError") == 2
        assert TOKEN not in stream.getvalue() + "".join(capsys.readouterr())

    def test_arguments_by_number_are_left_alone(self, stream: io.StringIO, format: LogFormat) -> None:
        with configured(format, stream):
            logging.getLogger("gp.x").warning("%s", {1: "one"})

        assert "{1: 'one'}" in stream.getvalue()


class TestConfiguring:
    @pytest.mark.parametrize("format", BOTH)
    def test_every_record_is_written_once_however_often_it_is_called(
        self, stream: io.StringIO, format: LogFormat
    ) -> None:
        with ExitStack() as stack:
            for _ in range(3):
                stack.enter_context(configure_logging(level="info", format=format, stream=stream))
            logging.getLogger("gp.x").info("once")

        assert stream.getvalue().count("once") == 1

    def test_the_former_state_comes_back(self, stream: io.StringIO) -> None:
        names = ["", "httpx", "httpcore", "aiormq", "aio_pika", "aiohttp.access"]

        def state() -> list[tuple[int, list[logging.Handler]]]:
            return [(logging.getLogger(name).level, logging.getLogger(name).handlers[:]) for name in names]

        before = state()
        with configure_logging(level="error", format="json", stream=stream):
            assert state() != before

        assert state() == before

    @pytest.mark.parametrize(("level", "lines"), [("debug", 4), ("INFO", 3), ("warning", 2), ("error", 1)])
    def test_only_the_level_and_above_is_written(self, stream: io.StringIO, level: str, lines: int) -> None:
        with configure_logging(level=level, format="text", stream=stream):
            for number in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR):
                logging.getLogger("gp.x").log(number, "line")

        assert stream.getvalue().count("line") == lines

    @pytest.mark.parametrize("name", ["httpx", "httpcore.http11", "aiormq.connection", "aio_pika", "aiohttp.access"])
    def test_chatty_libraries_are_quiet_below_warning(self, stream: io.StringIO, name: str) -> None:
        with configure_logging(level="debug", format="text", stream=stream):
            logging.getLogger(name).info("chat")
            logging.getLogger(name).warning("trouble")

        assert ("chat" in stream.getvalue(), "trouble" in stream.getvalue()) == (False, True)

    def test_chatty_libraries_keep_to_a_higher_level(self, stream: io.StringIO) -> None:
        with configure_logging(level="error", format="text", stream=stream):
            logging.getLogger("httpx").warning("trouble")

        assert stream.getvalue() == ""

    def test_an_unknown_level_changes_nothing(self, stream: io.StringIO) -> None:
        before = logging.getLogger().handlers[:]

        with pytest.raises(ValueError, match="no log level 'loud'"):
            configure_logging(level="loud", format="json", stream=stream)

        assert logging.getLogger().handlers == before

    def test_lines_go_to_standard_error_unless_told_otherwise(self, capsys: pytest.CaptureFixture[str]) -> None:
        with configure_logging(level="info", format="text"):
            logging.getLogger("gp.x").info("here")

        written = capsys.readouterr()
        assert written.out == ""
        assert written.err.endswith(" INFO     gp.x: here\n")

    def test_nobody_reading_any_more_is_no_failure(
        self, stream: io.StringIO, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with configure_logging(level="info", format="text", stream=stream):
            stream.close()
            logging.getLogger("gp.x").info("%s", TOKEN)

        assert capsys.readouterr() == ("", "")
