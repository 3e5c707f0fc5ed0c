"""Which path is answered by what."""

from collections.abc import Sequence
from typing import Final

from gpadapters.simulator.asking import Endpoint
from gpadapters.simulator.bot_endpoints import BotEndpoints
from gpadapters.simulator.channel_endpoints import ChannelEndpoints
from gpadapters.simulator.command_endpoints import CommandEndpoints
from gpadapters.simulator.interactions import InteractionEndpoints
from gpadapters.simulator.pipeline import Access
from gpadapters.simulator.world import World

Route = tuple[str, str, Access, Endpoint]
"""Method, path with names in place of values, what authorises it, and what answers."""

_CALLBACK: Final = "/interactions/{interaction_id}/{interaction_token}/callback"
_WEBHOOK: Final = "/webhooks/{application_id}/{interaction_token}"
_MEMBER: Final = "/guilds/{guild_id}/members/{user_id}"
_CHANNEL: Final = "/channels/{channel_id}"
_APPLICATION: Final = "/applications/{application_id}"


def routes(world: World) -> Sequence[Route]:
    """Return every route."""
    return (*_interactions(world), *_bot(world), *_channels(world), *_commands(world))


def _interactions(world: World) -> Sequence[Route]:
    endpoints, message = InteractionEndpoints(world), _WEBHOOK + "/messages/{message_id}"
    return (
        ("POST", _CALLBACK, "callback", endpoints.callback),
        ("POST", _WEBHOOK, "webhook", endpoints.create),
        ("GET", message, "webhook", endpoints.fetch),
        ("PATCH", message, "webhook", endpoints.edit),
        ("DELETE", message, "webhook", endpoints.delete),
    )


def _bot(world: World) -> Sequence[Route]:
    endpoints, role = BotEndpoints(world), _MEMBER + "/roles/{role_id}"
    messages, message = _CHANNEL + "/messages", _CHANNEL + "/messages/{message_id}"
    return (
        ("GET", "/gateway", "anyone", endpoints.gateway),
        ("GET", "/users/@me", "bot", endpoints.current_user),
        ("GET", _MEMBER, "bot", endpoints.fetch_member),
        ("PUT", role, "bot", endpoints.add_role),
        ("DELETE", role, "bot", endpoints.remove_role),
        ("POST", messages, "bot", endpoints.create_message),
        ("GET", message, "bot", endpoints.fetch_message),
        ("PATCH", message, "bot", endpoints.edit_message),
        ("DELETE", message, "bot", endpoints.delete_message),
    )


def _channels(world: World) -> Sequence[Route]:
    endpoints = ChannelEndpoints(world)
    return (
        ("POST", "/users/@me/channels", "bot", endpoints.open_dm),
        ("GET", _CHANNEL, "bot", endpoints.fetch),
        ("POST", _CHANNEL + "/threads", "bot", endpoints.start_thread),
        ("POST", _CHANNEL + "/messages/{message_id}/threads", "bot", endpoints.start_thread_at),
    )


def _commands(world: World) -> Sequence[Route]:
    endpoints = CommandEndpoints(world)
    found: list[Route] = []
    for commands in (_APPLICATION + "/commands", _APPLICATION + "/guilds/{guild_id}/commands"):
        one = commands + "/{command_id}"
        found += [
            ("GET", commands, "bot", endpoints.list),
            ("PUT", commands, "bot", endpoints.replace),
            ("POST", commands, "bot", endpoints.create),
            ("GET", one, "bot", endpoints.fetch),
            ("PATCH", one, "bot", endpoints.edit),
            ("DELETE", one, "bot", endpoints.delete),
        ]
    return found
