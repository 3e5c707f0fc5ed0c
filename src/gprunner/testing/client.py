"""The test client."""

from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final, Self

from pydantic_settings import BaseSettings, PydanticBaseSettingsSource
from typing_extensions import override

from gpcore.application.routing import Router
from gpcore.domain.entities import Channel, Member, User
from gpcore.domain.wire_message import Lane
from gprunner.app_loading import compile_router
from gprunner.replacing import Overrides
from gprunner.settings import Settings
from gprunner.synthetic import CHANNEL_ID, GUILD_ID
from gprunner.testing.actor import Actor
from gprunner.testing.crew import KitWorker
from gprunner.testing.errors import KitError
from gprunner.testing.lines import Call, Line
from gprunner.testing.making import Making
from gprunner.testing.results import Result
from gprunner.testing.scene import Scene
from gprunner.testing.sending import Sender
from gprunner.testing.shown import Shown
from gprunner.testing.stage import Counted, Stage
from gprunner.testing.waiting import Waiting

_REASON: Final = "gp-reason"


class KitSettings(Settings):
    """Settings that the environment and ``.env`` do not touch, so that a test is the same everywhere."""

    @classmethod
    @override
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is given."""
        return (init_settings,)


class TestClient(Actor):
    """A bot under test: its handlers in a real worker, over a broker, state and a Discord in memory.

    ::

        async with TestClient(router) as client:
            result = await client.command("wallet check", address="0x1")
            assert result.reply.text == "..."

    Interactions and events travel as bytes through the broker into the production use cases; Discord's
    twin refuses what Discord would refuse. No socket is opened and no real time passes: the worker's
    waiting and the handlers' own (``asyncio.sleep``, ``asyncio.timeout``, ``asyncio.wait_for``) are
    virtual. What stays real is what is really elsewhere: while a handler's thread works, time stands
    still; sockets are not seen, so replace what uses them, or give ``outside_seconds``. ``time.time``
    and ``datetime.now`` tell the real time; ``client.now`` is the bot's.

    A call returns when the bot has settled the delivery; time passes on the way as far as the bot
    waits for it. Use ``client.start`` to look at a handler that is still at work.

    Args:
        router: The bot's handlers.
        overrides: Implementations of your own by port, as for ``Worker``; all but the clock.
        settings: Settings by field name, such as ``{"processing_timeout_ms": 500}``; the environment is
            not looked at.
        outside_seconds: Real seconds to wait for sockets and the like before virtual time passes.

    Raises:
        ConfigurationError: A handler is declared wrongly; every mistake with file and line.

    Attributes:
        new: Makes users, members, roles, channels, attachments and messages.
        user: Who acts unless a call says otherwise.
        guild_id: Where, unless a call says otherwise.
        channel: Likewise.
    """

    __test__ = False
    """Not a test, whatever its name begins with."""

    def __init__(
        self,
        router: Router,
        *,
        overrides: Overrides | None = None,
        settings: Mapping[str, Any] | None = None,
        outside_seconds: float = 0.0,
    ) -> None:
        self._stage: Final = Stage(KitSettings(**(settings or {})), compile_router(router), overrides or {})
        self._waiting: Final = Waiting(self._stage.time, self._stage.journal, outside=outside_seconds)
        self._stack: Final = AsyncExitStack()
        self._crew: Final[list[KitWorker]] = []
        self.new: Final = Making(self._stage.new_id)
        self.user: Final[User] = self.new.user("alice")
        self.guild_id: Final = GUILD_ID
        self.channel: Final = Channel(id=CHANNEL_ID, name="general", type=0)
        scene = Scene(user=self.user, guild_id=GUILD_ID, channel=self.channel)
        super().__init__(Sender(self._stage, self._waiting), scene)

    async def __aenter__(self) -> Self:
        self._stack.enter_context(self._stage.time.borrowed())
        try:
            await self.second_worker()
        except BaseException:
            # A lifespan of the bot's did not start: nobody will leave what was not entered.
            await self._end()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._end()

    async def _end(self) -> None:
        for worker in self._crew:
            if worker.alive:
                await worker.stop()
        await self._stage.close()
        await self._stack.aclose()

    @property
    def now(self) -> datetime:
        """The virtual time, in UTC."""
        return datetime.fromtimestamp(self._stage.now_ms / 1000, UTC)

    async def advance(self, seconds: float) -> None:
        """Let time pass: whatever becomes due on the way happens."""
        await self._waiting.advance(seconds)

    @property
    def workers(self) -> tuple[KitWorker, ...]:
        """Every worker that was started, dead ones included."""
        return tuple(self._crew)

    async def second_worker(self) -> KitWorker:
        """Start one more worker beside those that run; broker, state and Discord are the same for all."""
        worker = KitWorker(self._stage)
        self._crew.append(worker)
        await worker.start()
        return worker

    async def crash(self) -> KitWorker:
        """Kill the oldest worker that lives, and return it; see ``KitWorker.crash``."""
        for worker in self._crew:
            if worker.alive:
                await worker.crash()
                return worker
        raise KitError("no worker is alive")

    async def redeliver(self, result: Result) -> Result:
        """Let the broker hand out the same message once more; returns the same result when that is settled too."""
        return await result.redelivered()

    @contextmanager
    def state_down(self) -> Iterator[None]:
        """Let every call to state fail during the body: claims, limits and cooldowns, sessions."""
        with _down(self._stage.lines.state):
            yield

    @contextmanager
    def discord_down(self) -> Iterator[None]:
        """Let every call to Discord fail during the body, with and without the bot token."""
        with _down(self._stage.lines.discord):
            yield

    @contextmanager
    def broker_down(self) -> Iterator[None]:
        """Let nothing that a worker publishes (retries, dead letters) reach the broker during the body."""
        with _down(self._stage.lines.broker):
            yield

    def discord_answers(self, *errors: Exception, after_effect: bool = False) -> None:
        """Let the next calls to Discord raise these, one each.

        Args:
            *errors: ``PortThrottledError``, ``PortRejectedError``, …; an adapter raises no others.
            after_effect: Each call does first what it asks, as when an answer is lost on its way.
        """
        self._stage.lines.discord.failures.extend((error, after_effect) for error in errors)

    @property
    def bot_calls(self) -> tuple[Call, ...]:
        """Every call with the bot token, in order, refused ones too: ``members.add_role`` and so on."""
        return tuple(self._stage.journal.bot_calls)

    def messages_in(self, channel: Channel | str) -> tuple[Shown, ...]:
        """Return the messages that the bot has sent to a channel and that still exist, in order."""
        channel_id = channel if isinstance(channel, str) else channel.id
        sent = self._stage.journal.channel_messages.values()
        there = [posted for posted in sent if posted.channel_id == channel_id and not posted.deleted]
        return tuple(self._sender.shown(posted) for posted in there)

    def roles_of(self, who: User | Member) -> frozenset[str]:
        """Return the ids of the roles that somebody has in the client's guild now; none for a stranger."""
        return self._stage.guilds.roles_of(self.guild_id, who.id) or frozenset()

    @property
    def dead_letters(self) -> tuple[str, ...]:
        """The reasons of all dead letters, interactions first."""
        messages = [message for lane in Lane for message in self._stage.dead_letters(lane)]
        return tuple(str(message.headers.get(_REASON)) for message in messages)

    @property
    def telemetry(self) -> Counted:
        """What all workers count and measure: ``client.telemetry.counted(metrics.DELIVERIES, "interactions")``."""
        return self._stage.telemetry

    @property
    def transcript(self) -> tuple[str, ...]:
        """What happened so far, a line for each interaction or event."""
        return tuple(repr(Result(self._sender, story)) for story in self._stage.journal.stories)


@contextmanager
def _down(line: Line) -> Iterator[None]:
    before, line.down = line.down, True
    try:
        yield
    finally:
        line.down = before
