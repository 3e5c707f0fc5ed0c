"""Whatever way a secret takes to the log, it does not arrive."""

import asyncio
import io
import json
import logging
import string
import warnings
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpadapters.observability.logging import LogFormat, configure_logging
from gpcore.domain.secrets import Secret
from gpcore.ports.work_in_hand import tell
from tests.property.test_redaction import chained

pytestmark = pytest.mark.property

KNOWN = st.text(alphabet=string.ascii_letters + string.digits + "-_.~", min_size=8, max_size=60)
ISSUED = st.text(alphabet=string.ascii_letters + string.digits + "-_", min_size=20, max_size=150).map(
    lambda tail: "aW50ZXJhY3Rpb246" + tail
)
Path = Callable[[str], None]

FOREIGN = ("httpx", "aiormq.connection", "aio_pika", "redis", "aiohttp.server", "a.bots.own")


def arguments(secret: str) -> None:
    for name in FOREIGN:
        logging.getLogger(name).error("sent %s to %r, %d times", f"/webhooks/1/{secret}", {"token": secret}, 2)
        logging.getLogger(name).error(f"amqp://u:{secret}@host refused")  # noqa: G004 - as others do


def extras(secret: str) -> None:
    logging.getLogger("a.bots.own").error("x", extra={"token": secret, "body": secret, "url": f"redis://:{secret}@h/0"})
    logging.LoggerAdapter(logging.getLogger("a.bots.own"), {"seen": [{"token": secret}]}).error("y")


def exceptions(secret: str) -> None:
    error = chained(f"token={secret}", secret)
    logging.getLogger("a.bots.own").error("it failed", exc_info=error)


def stacks(secret: str) -> None:
    logging.getLogger("a.bots.own").error("here", stack_info=True, extra={"password": secret})


def the_loops_own_handler(secret: str) -> None:
    async def main() -> None:
        async def fails() -> None:
            raise RuntimeError(f"token={secret}")

        task = asyncio.create_task(fails(), name=f"token={secret}")
        await asyncio.wait([task])
        del task
        asyncio.get_running_loop().call_exception_handler(
            {"message": f"token={secret}", "exception": ValueError(f"token={secret}"), "token": secret}
        )

    asyncio.run(main())


def the_warnings(secret: str) -> None:
    logging.captureWarnings(capture=True)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.warn(f"token={secret}", stacklevel=1)
    finally:
        logging.captureWarnings(capture=False)


def a_record_that_cannot_be_written(secret: str) -> None:
    logging.getLogger("a.bots.own").error("%d", f"token={secret}")


def what_is_in_hand(secret: str) -> None:
    async def main() -> None:
        tell(event_id=f"token={secret}", handler=f"/webhooks/1/{secret}")
        logging.getLogger("a.bots.own").error("x")

    asyncio.run(main())


PATHS: list[Path] = [
    arguments,
    extras,
    exceptions,
    stacks,
    the_loops_own_handler,
    the_warnings,
    a_record_that_cannot_be_written,
    what_is_in_hand,
]


@pytest.mark.parametrize("log_format", ["json", "text"])
@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.__name__)
@given(secret=st.one_of(KNOWN, ISSUED))
def test_no_path_leads_a_secret_into_the_log(path: Path, log_format: LogFormat, secret: str) -> None:
    stream = io.StringIO()
    known = [Secret(secret)] if len(secret) <= 60 else []
    with configure_logging(level="debug", format=log_format, secrets=known, stream=stream):
        path(secret)

    written = stream.getvalue()
    assert written, "the path led nowhere"
    assert secret not in written
    if log_format == "json":
        assert all(json.loads(line)["time"] for line in written.splitlines())
