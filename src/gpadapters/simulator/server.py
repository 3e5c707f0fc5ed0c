"""A stand-in Discord REST server, for demos, tests and load."""

import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Final, Self

from aiohttp import web

from gpadapters.simulator.control import Control
from gpadapters.simulator.endpoints import routes
from gpadapters.simulator.errors import Json
from gpadapters.simulator.faults import InjectedFault
from gpadapters.simulator.interaction_state import Interactions, SimulatedInteraction
from gpadapters.simulator.message_bodies import CHANNEL_ID
from gpadapters.simulator.page import Page
from gpadapters.simulator.pipeline import Pipeline
from gpadapters.simulator.rate_limits import Allowance
from gpadapters.simulator.recording import RecordedRequest
from gpadapters.simulator.world import World
from gpcore.domain.ids import is_snowflake

BASE_PATH: Final = "/api/v10"
WEBHOOK_ALLOWANCE: Final = Allowance(limit=5, seconds=2.0)
BOT_ALLOWANCE: Final = Allowance(limit=10, seconds=2.0)
GLOBAL_ALLOWANCE: Final = Allowance(limit=50, seconds=1.0)
_LARGEST_BODY: Final = 30 * 1024 * 1024


class SimulatedDiscord:
    """Answers as Discord's documents say, remembers what it was asked, and fails on demand.

    Interactions have the state machine of Discord: 3 seconds for the first answer by the age of
    their snowflake, 15 minutes for the rest. In the open mode an interaction that nobody
    registered exists as soon as it is answered in time, with any legal kind of answer, and so do
    members; otherwise only what was registered exists.
    """

    def __init__(
        self,
        *,
        open: bool = True,
        bot_token: str | None = None,
        now: Callable[[], float] = time.time,
        webhook_allowance: Allowance = WEBHOOK_ALLOWANCE,
        bot_allowance: Allowance = BOT_ALLOWANCE,
        global_allowance: Allowance = GLOBAL_ALLOWANCE,
    ) -> None:
        """Prepare; ``start`` begins to listen.

        Args:
            open: Whether strangers are welcome.
            bot_token: The only bot token accepted; ``None`` accepts any.
            now: Seconds since the Unix epoch.
            webhook_allowance: Limit of each interaction's edits and of its follow-ups.
            bot_allowance: Limit of each route with the bot token, per guild or channel.
            global_allowance: Limit of all calls with the bot token.
        """
        self._world = World(
            now=now,
            open=open,
            bot_token=bot_token,
            webhook_allowance=webhook_allowance,
            bot_allowance=bot_allowance,
            global_allowance=global_allowance,
            interactions=Interactions(open_to_strangers=open),
        )
        self._pipeline = Pipeline(self._world)
        self._runner: web.AppRunner | None = None
        self._address: tuple[str, int] | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Begin to listen.

        Args:
            host: Address to bind to.
            port: 0 picks a free one.

        Raises:
            OSError: The address is taken or not this machine's.
        """
        runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        self._runner = runner
        await web.TCPSite(runner, host, port).start()
        bound = runner.addresses[0]
        self._address = (str(bound[0]), int(bound[1]))

    async def close(self) -> None:
        """Stop; harmless if it was never started."""
        self._pipeline.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @property
    def url(self) -> str:
        """The base of every path, for ``DISCORD_API_URL``.

        Raises:
            RuntimeError: It was never started.
        """
        return self.control_url + BASE_PATH

    @property
    def control_url(self) -> str:
        """Where ``/_sim`` is.

        Raises:
            RuntimeError: It was never started.
        """
        if self._address is None:
            raise RuntimeError("the simulator has not been started")
        host, port = self._address
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    @property
    def requests(self) -> Sequence[RecordedRequest]:
        """The latest requests, oldest first, those not yet answered too."""
        return tuple(self._world.recorder.requests)

    @property
    def invalid_requests(self) -> int:
        """How many 401, 403 and 429 (but shared ones) were answered in the last ten minutes."""
        return self._pipeline.invalid_requests

    def interaction(self, interaction_id: str) -> SimulatedInteraction | None:
        """Return what is known of an interaction."""
        return self._world.interactions.get(interaction_id)

    def register_interaction(
        self,
        interaction_id: str,
        token: str | None = None,
        *,
        kind: int | None = None,
        application_id: str | None = None,
        channel_id: str = CHANNEL_ID,
        from_message: bool = False,
        user_install_only: bool = False,
    ) -> None:
        """Make an interaction known, or tell more about one that is.

        Args:
            interaction_id: Snowflake; its age starts the 3 seconds.
            token: Of its answers; ``None`` takes the first that comes.
            kind: The interaction's type (2 command, 3 component, 4 autocomplete, 5 modal); ``None``
                allows every kind of answer.
            application_id: Whose it is; ``None`` takes the first that comes.
            channel_id: Where its answers appear.
            from_message: For modals: whether a component opened it.
            user_install_only: Five follow-ups at most.

        Raises:
            ValueError: The id is no snowflake.
        """
        if not is_snowflake(interaction_id):
            raise ValueError("an interaction's id is a snowflake")
        known = self._world.interactions.get(interaction_id) or SimulatedInteraction(id=interaction_id)
        known.token = token if token is not None else known.token
        known.kind = kind if kind is not None else known.kind
        known.application_id = application_id if application_id is not None else known.application_id
        known.channel_id = channel_id
        known.from_message, known.user_install_only = from_message, user_install_only
        self._world.interactions.add(known)

    def register_member(self, guild_id: str, user_id: str, *, roles: Sequence[str] = ()) -> None:
        """Put a user into a guild."""
        self._world.members[guild_id, user_id] = set(roles)

    def roles_of(self, guild_id: str, user_id: str) -> frozenset[str] | None:
        """Return a member's role ids; ``None`` for somebody who is no member."""
        roles = self._world.members.get((guild_id, user_id))
        return frozenset(roles) if roles is not None else None

    def messages(self) -> list[Json]:
        """Return the messages that the bot sent to channels, oldest first, as they are now."""
        return list(self._world.messages.values())

    def contents(self, channel_id: str) -> list[str]:
        """Return the contents of the messages that the bot sent to a channel, oldest first."""
        messages = self._world.messages.items()
        return [str(message["content"]) for (channel, _), message in messages if channel == channel_id]

    def inject(self, fault: InjectedFault) -> None:
        """Let a fault meet one of the next requests, behind those injected before."""
        self._world.faults.add(fault)

    def forget_faults(self) -> None:
        """Take back the faults that no request has met."""
        self._world.faults.clear()

    def reset(self) -> None:
        """Forget everything but the configuration."""
        self._world.clear()
        self._pipeline.clear()

    def _application(self) -> web.Application:
        application = web.Application(client_max_size=_LARGEST_BODY, middlewares=[self._pipeline.strangers])
        Control(self._world, self.register_interaction, self.reset).add_to(application.router)
        Page(self._world).add_to(application.router)
        for method, template, access, endpoint in routes(self._world):
            handler = self._pipeline.handler(template, access, endpoint)
            application.router.add_route(method, BASE_PATH + template, handler)
        return application
