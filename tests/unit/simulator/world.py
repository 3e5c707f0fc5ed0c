import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

import aiohttp

from gpadapters.simulator.server import SimulatedDiscord
from gpcore.domain.ids import snowflake_at
from tests.settable_clock import SECOND, SettableClock

APPLICATION = "1214497633075331073"
AGENT = {"User-Agent": "DiscordBot (test, 1)"}
_SEQUENCE = count(1)


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def body(self) -> Any:  # noqa: ANN401 - whatever JSON can say
        return json.loads(self.text) if self.text else None

    @property
    def code(self) -> int:
        return int(self.body["code"])


class Client:
    """Asks the simulator as any HTTP client would."""

    def __init__(self, simulator: SimulatedDiscord, session: aiohttp.ClientSession, clock: SettableClock) -> None:
        self.simulator = simulator
        self.clock = clock
        self._session = session

    async def ask(
        self, method: str, path: str, body: object = None, *, headers: Mapping[str, str] | None = None
    ) -> Reply:
        url = self.simulator.url + path if not path.startswith("/_sim") else self.simulator.control_url + path
        async with self._session.request(method, url, json=body, headers={**AGENT, **(headers or {})}) as response:
            return Reply(response.status, dict(response.headers), await response.text())

    async def raw(self, method: str, url: str, content: bytes, *, content_type: str) -> Reply:
        headers = {**AGENT, "Content-Type": content_type}
        async with self._session.request(method, url, data=content, headers=headers) as response:
            return Reply(response.status, dict(response.headers), await response.text())

    async def as_bot(self, method: str, path: str, body: object = None) -> Reply:
        return await self.ask(method, path, body, headers={"Authorization": "Bot token"})

    def known(
        self, *, kind: int | None = 2, age_ms: int = 100, from_message: bool = False, user_install_only: bool = False
    ) -> tuple[str, str]:
        """Register an interaction and return its id and token."""
        number = next(_SEQUENCE)
        interaction_id = self.fresh_id(age_ms)
        token = f"token-{number}"
        self.simulator.register_interaction(
            interaction_id,
            token,
            kind=kind,
            application_id=APPLICATION,
            from_message=from_message,
            user_install_only=user_install_only,
        )
        return interaction_id, token

    def fresh_id(self, age_ms: int = 100) -> str:
        return snowflake_at(self.clock.now_us() // 1000 - age_ms, next(_SEQUENCE))

    async def answer(self, interaction: tuple[str, str], kind: int, data: object = None, *, query: str = "") -> Reply:
        path = f"/interactions/{interaction[0]}/{interaction[1]}/callback{query}"
        return await self.ask("POST", path, {"type": kind} if data is None else {"type": kind, "data": data})

    async def webhook(self, method: str, token: str, message: str = "", body: object = None) -> Reply:
        tail = f"/messages/{message}" if message else ""
        return await self.ask(method, f"/webhooks/{APPLICATION}/{token}{tail}", body)

    def pass_seconds(self, seconds: float) -> None:
        self.clock.advance(int(seconds * SECOND))


@asynccontextmanager
async def a_client(*, open_to_strangers: bool = False) -> AsyncIterator[Client]:
    clock = SettableClock()
    simulator = SimulatedDiscord(open=open_to_strangers, now=lambda: clock.now_us() / SECOND)
    async with simulator, aiohttp.ClientSession() as session:
        yield Client(simulator, session, clock)
