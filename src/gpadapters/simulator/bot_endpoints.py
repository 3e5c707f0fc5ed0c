"""The endpoints that the bot token opens."""

from typing import Final

from gpadapters.simulator import checks, errors, message_bodies, message_checks
from gpadapters.simulator.asking import Answered, Asked
from gpadapters.simulator.errors import Fault, Json
from gpadapters.simulator.world import World

_TEXT_CHANNEL: Final = 0
_DM_CHANNEL: Final = 1


class BotEndpoints:
    """Members, channels and messages."""

    def __init__(self, world: World) -> None:
        self._world = world

    def gateway(self, _: Asked) -> Answered:
        """Return where the gateway is; there is none."""
        return Answered(200, {"url": "wss://gateway.invalid"})

    def current_user(self, _: Asked) -> Answered:
        """Return the bot's own user."""
        return Answered(200, message_bodies.user(message_bodies.APPLICATION_ID, "gp-demo", bot=True))

    def fetch_member(self, asked: Asked) -> Answered:
        """Return a member."""
        roles = self._roles(asked)
        user_id = asked.params["user_id"]
        person = message_bodies.user(user_id, f"user-{user_id[-4:]}")
        body = {"user": person, "nick": None, "roles": sorted(roles), "joined_at": "2026-01-01T00:00:00+00:00"}
        return Answered(200, body)

    def add_role(self, asked: Asked) -> Answered:
        """Give a role."""
        self._roles(asked).add(asked.params["role_id"])
        return Answered(204)

    def remove_role(self, asked: Asked) -> Answered:
        """Take a role away."""
        self._roles(asked).discard(asked.params["role_id"])
        return Answered(204)

    def fetch_channel(self, asked: Asked) -> Answered:
        """Return a channel; every id is one."""
        channel_id = asked.params["channel_id"]
        is_dm = channel_id in self._world.dm_channels.values()
        return Answered(200, _channel(channel_id, _DM_CHANNEL if is_dm else _TEXT_CHANNEL))

    def open_dm(self, asked: Asked) -> Answered:
        """Return the direct-message channel with a user."""
        recipient = asked.fields.get("recipient_id")
        if not isinstance(recipient, str):
            raise errors.invalid_form(Fault(("recipient_id",), "BASE_TYPE_REQUIRED", "This field is required"))
        known = self._world.dm_channels.get(recipient)
        channel_id = self._world.dm_channels[recipient] = known or self._world.new_id()
        return Answered(200, _channel(channel_id, _DM_CHANNEL))

    def create_message(self, asked: Asked) -> Answered:
        """Make a message, or return the one that was made with the same nonce."""
        _refuse(message_checks.message((), asked.fields, message_checks.CHANNEL_FLAGS))
        channel_id = asked.params["channel_id"]
        nonce = str(asked.fields.get("nonce")) if asked.fields.get("enforce_nonce") else None
        if nonce is not None and (channel_id, nonce) in self._world.nonces:
            return Answered(200, self._world.nonces[channel_id, nonce])
        application_id = message_bodies.APPLICATION_ID
        made = message_bodies.message(self._world.new_id(), channel_id, now=asked.now, application_id=application_id)
        message_bodies.change(made, asked.fields, file_names=asked.files)
        if message_bodies.is_empty(made):
            raise errors.empty_message()
        self._world.messages[channel_id, str(made["id"])] = made
        if nonce is not None:
            self._world.nonces[channel_id, nonce] = made
        return Answered(200, made)

    def edit_message(self, asked: Asked) -> Answered:
        """Change a message."""
        target = self._world.messages.get((asked.params["channel_id"], asked.params["message_id"]))
        if target is None:
            raise errors.unknown_message()
        _refuse(message_checks.edit(asked.fields, target))
        message_bodies.change(target, asked.fields, file_names=asked.files, now=asked.now)
        return Answered(200, target)

    def delete_message(self, asked: Asked) -> Answered:
        """Delete a message."""
        gone = self._world.messages.pop((asked.params["channel_id"], asked.params["message_id"]), None)
        if gone is None:
            raise errors.unknown_message()
        return Answered(204)

    def _roles(self, asked: Asked) -> set[str]:
        key = (asked.params["guild_id"], asked.params["user_id"])
        if self._world.open:
            return self._world.members.setdefault(key, set())
        roles = self._world.members.get(key)
        if roles is None:
            raise errors.unknown_member()
        return roles


def _refuse(faults: checks.Faults) -> None:
    found = tuple(faults)
    if found:
        raise errors.invalid_form(*found)


def _channel(channel_id: str, kind: int) -> Json:
    return {"id": channel_id, "type": kind, "name": None if kind == _DM_CHANNEL else f"channel-{channel_id[-4:]}"}
