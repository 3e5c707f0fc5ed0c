"""Telling the simulator what to do, over HTTP: everything below ``/_sim``."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Final

from aiohttp import web

from gpadapters.simulator.asking import read_body
from gpadapters.simulator.checks import as_object
from gpadapters.simulator.errors import ApiError, Json
from gpadapters.simulator.faults import InjectedFault
from gpadapters.simulator.world import World

_FAULT_FIELDS: Final = frozenset(field.name for field in dataclasses.fields(InjectedFault))
_DEFAULT_LIMIT: Final = 100


class Control:
    """The control endpoints; none of them answers with a token."""

    def __init__(self, world: World, register: Callable[..., None], reset: Callable[[], None]) -> None:
        self._world = world
        self._register = register
        self._reset = reset

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Put the endpoints on a web server."""
        router.add_post("/_sim/interactions", self._post_interaction)
        router.add_get("/_sim/interactions/{interaction_id}", self._get_interaction)
        router.add_post("/_sim/members", self._post_member)
        router.add_post("/_sim/faults", self._post_fault)
        router.add_delete("/_sim/faults", self._delete_faults)
        router.add_get("/_sim/requests", self._get_requests)
        router.add_get("/_sim/state", self._get_state)
        router.add_post("/_sim/reset", self._post_reset)

    async def _post_interaction(self, request: web.Request) -> web.Response:
        body = await _object(request)
        try:
            self._register(**body)
        except (TypeError, ValueError) as fault:
            return _refused(str(fault))
        return web.Response(status=204)

    async def _get_interaction(self, request: web.Request) -> web.Response:
        known = self._world.interactions.get(request.match_info["interaction_id"])
        if known is None:
            return web.json_response({"error": "unknown interaction"}, status=404)
        shown = dataclasses.asdict(known)
        del shown["token"]
        return web.json_response(shown)

    async def _post_member(self, request: web.Request) -> web.Response:
        body = await _object(request)
        roles = body.get("roles", [])
        if not isinstance(roles, list):
            return _refused("roles is a list of ids")
        self._world.members[str(body.get("guild_id")), str(body.get("user_id"))] = {str(role) for role in roles}
        return web.Response(status=204)

    async def _post_fault(self, request: web.Request) -> web.Response:
        body = await _object(request)
        unknown = sorted(body.keys() - _FAULT_FIELDS)
        if unknown or not isinstance(body.get("kind"), str):
            return _refused(f"a fault has a kind and of {', '.join(sorted(_FAULT_FIELDS))} what it needs")
        try:
            fault = _fault(body)
        except (TypeError, ValueError) as wrong:
            return _refused(str(wrong))
        self._world.faults.add(fault)
        return web.Response(status=204)

    async def _delete_faults(self, _: web.Request) -> web.Response:
        self._world.faults.clear()
        return web.Response(status=204)

    async def _get_requests(self, request: web.Request) -> web.Response:
        wanted = request.query.get("template", "")
        text = request.query.get("limit", "")
        limit = int(text) if text.isdecimal() else _DEFAULT_LIMIT
        found = [item.as_json() for item in self._world.recorder.requests if wanted in item.template]
        return web.json_response(found[-limit:] if limit else [])

    async def _get_state(self, _: web.Request) -> web.Response:
        counts = self._world.recorder.counts
        requests = [
            {"method": method, "template": template, "status": status, "count": count}
            for (method, template, status), count in sorted(counts.items())
        ]
        return web.json_response({"interactions": len(self._world.interactions), "requests": requests})

    async def _post_reset(self, _: web.Request) -> web.Response:
        self._reset()
        return web.Response(status=204)


async def _object(request: web.Request) -> Json:
    try:
        body, _ = await read_body(request)
    except ApiError as error:
        raise web.HTTPBadRequest(text=str(error)) from None
    return as_object(body)


def _fault(body: Mapping[str, object]) -> InjectedFault:
    make: Callable[..., InjectedFault] = InjectedFault
    return make(**body)


def _refused(reason: str) -> web.Response:
    return web.json_response({"error": reason}, status=400)
