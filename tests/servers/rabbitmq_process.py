"""A RabbitMQ process of our own."""

import atexit
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

HINT = (
    "no RabbitMQ server: install the package rabbitmq-server (Debian, Ubuntu) or rabbitmq (Homebrew),"
    " or set GP_TEST_RABBITMQ_URL to a virtual host in which the tests may declare and delete"
)

STARTING = 60.0
"""Seconds that a start may take on a busy machine before it counts as failed."""

STOPPING = 20.0
ATTEMPTS = 5
_PLACES = ("/usr/lib/rabbitmq/bin", "/opt/homebrew/sbin", "/usr/local/sbin", "/usr/lib/rabbitmq/sbin")
_CONFIGURATION = """\
listeners.tcp.default = 127.0.0.1:{port}
log.console = true
log.file = false
vm_memory_high_watermark.absolute = 512MiB
disk_free_limit.absolute = 50MB
num_acceptors.tcp = 2
"""
_ERLANG = "-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none"
# Refused dead letters are tried again after this many milliseconds; three minutes are too long for a test.
_ERLANG += " -rabbit dead_letter_worker_publisher_confirm_timeout 1000"


class ServerMissingError(RuntimeError):
    """There is no server to test against."""


def rabbitmq_folder() -> Path:
    """Return where RabbitMQ's own scripts are; Debian's wrapper on the PATH would change the user.

    Raises:
        ServerMissingError: RabbitMQ is not installed.
    """
    on_path = shutil.which("rabbitmq-server")
    places = [*_PLACES, *([str(Path(on_path).parent)] if on_path else [])]
    for place in places:
        if (Path(place) / "rabbitmq-server").exists():
            return Path(place)
    raise ServerMissingError(HINT)


class RabbitProcess:
    """A node on free loopback ports with its data in a temporary folder.

    It can be stopped and started again with the same port and data.
    """

    def __init__(self) -> None:
        self._scripts = rabbitmq_folder()
        self._folder = Path(tempfile.mkdtemp(prefix="gp-rabbitmq-"))
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0
        # A test session that ends without its fixtures' ends must not leave the server behind.
        atexit.register(self.close)

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}/"

    def start(self) -> None:
        """Start and wait until it speaks AMQP; another process may take a free port first, so try again."""
        for _ in range(1 if self.port else ATTEMPTS):
            self.port = self.port or _three_free_ports()
            if self._start_once():
                return
            self.stop()
            self.port = 0
        raise RuntimeError(f"RabbitMQ did not start:\n{self._log()[-4000:]}")

    def stop(self) -> None:
        """Stop the node and the port mapper that it started."""
        if self._process is not None:
            _end_group(self._process, self.port)
            self._process = None
            subprocess.run(("epmd", "-kill"), env=self._environment(), check=False, capture_output=True)

    def close(self) -> None:
        """Stop and forget everything."""
        atexit.unregister(self.close)
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def ctl(self, *arguments: str) -> str:
        """Run ``rabbitmqctl`` against this node."""
        command = (str(self._scripts / "rabbitmqctl"), "--quiet", *arguments)
        done = subprocess.run(command, env=self._environment(), check=True, capture_output=True, timeout=STARTING)
        return done.stdout.decode()

    def _start_once(self) -> bool:
        for name, content in (
            ("rabbitmq.conf", _CONFIGURATION.format(port=self.port)),
            ("env.conf", ""),
            ("enabled_plugins", "[]."),
        ):
            (self._folder / name).write_text(content)
        (self._folder / "home").mkdir(exist_ok=True)
        with (self._folder / "output").open("ab") as output:
            self._process = subprocess.Popen(
                (str(self._scripts / "rabbitmq-server"),),
                env=self._environment(),
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        until = time.monotonic() + STARTING
        while not _speaks_amqp(self.port):
            if self._process.poll() is not None or time.monotonic() > until:
                return False
            time.sleep(0.1)
        return True

    def _environment(self) -> dict[str, str]:
        """Nothing of the caller's environment: a system-wide RabbitMQ's settings must not leak in."""
        folder = self._folder
        erlang = Path(shutil.which("erl") or "/usr/bin/erl").parent
        return {
            "PATH": f"{self._scripts}:{erlang}:/usr/bin:/bin",
            "HOME": str(folder / "home"),
            "LANG": "C.UTF-8",
            "ERL_EPMD_PORT": str(self.port + 2),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_CONF_ENV_FILE": str(folder / "env.conf"),
            "RABBITMQ_NODENAME": f"gp{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self.port + 1),
            "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
            "RABBITMQ_PID_FILE": str(folder / "pid"),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(folder / "schema"),
            "RABBITMQ_SCHEMA_DIR": str(folder / "schema"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": _ERLANG,
        }

    def _log(self) -> str:
        output = self._folder / "output"
        return output.read_text(errors="replace") if output.exists() else ""


def _three_free_ports() -> int:
    """Return a port such that it and the two after it are free now."""
    while True:
        with socket.socket() as first:
            first.bind(("127.0.0.1", 0))
            port: int = first.getsockname()[1]
            if all(_is_free(port + offset) for offset in (1, 2)):
                return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            return False
        return True


def _speaks_amqp(port: int) -> bool:
    """Tell whether the broker answers the protocol header; an open port alone is too early."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"AMQP\x00\x00\x09\x01")
            return connection.recv(1) == b"\x01"
    except OSError:
        return False


def _end_group(process: subprocess.Popen[bytes], port: int) -> None:
    """End the start script and the Erlang machine that it started; they share a process group of their own."""
    for ending in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, ending)
        until = time.monotonic() + STOPPING
        while time.monotonic() < until:
            # The machine outlives the script a little: both of its ports tell when it is gone.
            if process.poll() is not None and _is_free(port) and _is_free(port + 1):
                return
            time.sleep(0.1)
