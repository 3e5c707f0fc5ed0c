"""What happens to every request around its endpoint."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final, Literal

from aiohttp import web

from gpadapters.simulator.asking import Answered, Asked, Endpoint, read_body
from gpadapters.simulator.errors import ApiError, blocked_agent, no_such_route, unauthorized, wrong_method
from gpadapters.simulator.faults import AFTER, FaultKind, InjectedFault
from gpadapters.simulator.rate_limits import Allowance, Taken
from gpadapters.simulator.recording import RecordedRequest
from gpadapters.simulator.world import World

Access = Literal["callback", "webhook", "bot", "anyone"]
"""What authorises a request and which limits hold for it."""

INVALID_WINDOW: Final = 600.0
MOST_INVALID: Final = 10_000
UNKNOWN_ROUTE: Final = "(unknown)"
"""Stands for the template of a path that no route knows; the path itself may hold a token."""

_SHARED: Final = "shared"


class Pipeline:
    """Records, injects faults, authorises, limits, and calls the endpoint."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._invalid: deque[float] = deque()
        self._closing = asyncio.Event()

    @property
    def invalid_requests(self) -> int:
        """How many 401, 403 and 429 (but shared ones) were sent in the last ten minutes."""
        while self._invalid and self._invalid[0] + INVALID_WINDOW <= self._world.now():
            self._invalid.popleft()
        return len(self._invalid)

    def close(self) -> None:
        """Let go of the requests that hang on purpose."""
        self._closing.set()

    def clear(self) -> None:
        """Forget the invalid requests."""
        self._invalid.clear()

    def handler(
        self, template: str, access: Access, endpoint: Endpoint
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """Return what the web server calls for a route.

        Args:
            template: The path with names in place of values.
            access: What authorises and limits it.
            endpoint: What it does.
        """

        async def handle(request: web.Request) -> web.StreamResponse:
            recorded = self._record(request, template)
            response = await self._respond(request, recorded, access, endpoint)
            dropped = request.transport is None or request.transport.is_closing()
            self._world.recorder.done(recorded, 0 if dropped else response.status)
            self._count_invalid(response)
            return response

        return handle

    @web.middleware
    async def strangers(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Answer what no route knows as Discord does, and record it."""
        try:
            return await handler(request)
        except (web.HTTPNotFound, web.HTTPMethodNotAllowed) as refusal:
            error = no_such_route() if isinstance(refusal, web.HTTPNotFound) else wrong_method()
        recorded = self._record(request, UNKNOWN_ROUTE)
        self._world.recorder.done(recorded, error.status)
        return web.json_response(error.body, status=error.status)

    def _record(self, request: web.Request, template: str) -> RecordedRequest:
        interaction_id = request.match_info.get("interaction_id")
        token = request.match_info.get("interaction_token")
        if interaction_id is None and token is not None:
            known = self._world.interactions.with_token(token)
            interaction_id = known.id if known is not None else None
        recorded = RecordedRequest(
            at=self._world.now(),
            method=request.method,
            template=template,
            interaction_id=interaction_id,
            headers=tuple(sorted(name.lower() for name in request.headers)),
            user_agent=request.headers.get("User-Agent", ""),
        )
        self._world.recorder.requests.append(recorded)
        return recorded

    async def _respond(
        self, request: web.Request, recorded: RecordedRequest, access: Access, endpoint: Endpoint
    ) -> web.Response:
        fault = self._world.faults.draw(recorded.method, recorded.template, recorded.interaction_id)
        if self.invalid_requests >= MOST_INVALID:
            fault = InjectedFault(kind="429_edge_html", seconds=INVALID_WINDOW)
        recorded.fault = fault.kind if fault is not None else None
        if fault is None or fault.kind == "slow" or fault.kind in AFTER:
            if fault is not None and fault.kind == "slow":
                await asyncio.sleep(fault.seconds)
            response = await self._serve(request, recorded, access, endpoint)
            return response if fault is None or fault.kind == "slow" else self._break(request, recorded, access, fault)
        if fault.kind == "hang":
            await self._closing.wait()
        return self._break(request, recorded, access, fault)

    def _break(
        self, request: web.Request, recorded: RecordedRequest, access: Access, fault: InjectedFault
    ) -> web.Response:
        if fault.kind in ("disconnect", "disconnect_after", "hang") and request.transport is not None:
            request.transport.abort()
            return web.Response(status=500)
        answer = fault.answer()
        bucket = self._bucket(request, recorded, access)
        if fault.kind == "429_user" and bucket is not None:
            answer.headers.update(self._world.limits.use_up(*bucket, self._world.now(), seconds=fault.seconds))
        return answer

    async def _serve(
        self, request: web.Request, recorded: RecordedRequest, access: Access, endpoint: Endpoint
    ) -> web.Response:
        headers: dict[str, str] = {}
        try:
            recorded.body, recorded.uploads = await read_body(request)
            self._authorise(request, access)
            if access == "bot":
                everything = self._take("global", "", self._world.global_allowance)
                if not everything.allowed:
                    return _throttled("429_global", everything)
            taken = self._limit(request, recorded, access)
            headers = taken.headers if taken is not None else {}
            if taken is not None and not taken.allowed:
                throttled = _throttled("429_user", taken)
                throttled.headers.update(headers)
                return throttled
            answered = endpoint(
                Asked(
                    params=request.match_info,
                    query=request.query,
                    body=recorded.body,
                    files=recorded.uploads,
                    now=self._world.now(),
                )
            )
        except ApiError as error:
            return web.json_response(error.body, status=error.status, headers=headers)
        return _written(answered, headers)

    def _authorise(self, request: web.Request, access: Access) -> None:
        if not request.headers.get("User-Agent", "").startswith("DiscordBot"):
            raise blocked_agent()
        if access != "bot":
            return
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bot" or not token or token != (self._world.bot_token or token):
            raise unauthorized()

    def _limit(self, request: web.Request, recorded: RecordedRequest, access: Access) -> Taken | None:
        bucket = self._bucket(request, recorded, access)
        return None if bucket is None else self._take(*bucket)

    def _bucket(
        self, request: web.Request, recorded: RecordedRequest, access: Access
    ) -> tuple[str, str, Allowance] | None:
        route = f"{recorded.method} {recorded.template}"
        values = request.match_info
        if access == "webhook":
            return route, values["interaction_token"], self._world.webhook_allowance
        if access != "bot":
            return None
        return route, values.get("channel_id") or values.get("guild_id") or "", self._world.bot_allowance

    def _take(self, route: str, major: str, allowance: Allowance) -> Taken:
        return self._world.limits.take(route, major, allowance, self._world.now())

    def _count_invalid(self, response: web.Response) -> None:
        shared = response.headers.get("X-RateLimit-Scope") == _SHARED
        if response.status in (401, 403) or (response.status == web.HTTPTooManyRequests.status_code and not shared):
            self._invalid.append(self._world.now())


def _throttled(kind: FaultKind, taken: Taken) -> web.Response:
    return InjectedFault(kind=kind, seconds=round(max(taken.retry_after, 0.001), 3)).answer()


def _written(answered: Answered, headers: dict[str, str]) -> web.Response:
    every = {**headers, **answered.headers}
    if answered.body is None:
        return web.Response(status=answered.status, headers=every)
    return web.json_response(answered.body, status=answered.status, headers=every)
