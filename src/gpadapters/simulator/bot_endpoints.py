"""The endpoints that the bot token opens."""

from gpadapters.simulator import checks, errors, message_bodies, message_checks
from gpadapters.simulator.asking import Answered, Asked
from gpadapters.simulator.errors import Json
from gpadapters.simulator.world import World


class BotEndpoints:
    """The bot itself, members and messages."""

    def __init__(self, world: World) -> None:
        self._world = world

    def gateway(self, _: Asked) -> Answered:
        """Return where the gateway is; there is none."""
        return Answered(200, {"url": "wss://gateway.invalid"})

    def current_user(self, _: Asked) -> Answered:
        """Return the bot's own user."""
        person = message_bodies.user(message_bodies.APPLICATION_ID, "gp-demo", bot=True)
        return Answered(200, person | {"verified": True, "mfa_enabled": True, "locale": "en-US", "email": None})

    def fetch_member(self, asked: Asked) -> Answered:
        """Return a member."""
        roles = self._roles(asked)
        user_id = asked.params["user_id"]
        person = message_bodies.user(user_id, f"user-{user_id[-4:]}")
        body = {
            "user": person,
            "nick": None,
            "avatar": None,
            "roles": sorted(roles),
            "joined_at": "2026-01-01T00:00:00+00:00",
            "premium_since": None,
            "communication_disabled_until": None,
            "deaf": False,
            "mute": False,
            "pending": False,
            "flags": 0,
        }
        return Answered(200, body)

    def add_role(self, asked: Asked) -> Answered:
        """Give a role."""
        self._roles(asked).add(asked.params["role_id"])
        return Answered(204)

    def remove_role(self, asked: Asked) -> Answered:
        """Take a role away."""
        self._roles(asked).discard(asked.params["role_id"])
        return Answered(204)

    def create_message(self, asked: Asked) -> Answered:
        """Make a message, or return the one that was made with the same nonce."""
        _refuse(message_checks.message((), asked.fields, message_checks.CHANNEL_FLAGS))
        channel_id = asked.params["channel_id"]
        nonce = str(asked.fields.get("nonce")) if asked.fields.get("enforce_nonce") else None
        if nonce is not None and (channel_id, nonce) in self._world.nonces:
            return Answered(200, self._world.nonces[channel_id, nonce])
        application_id = message_bodies.APPLICATION_ID
        made = message_bodies.message(self._world.new_id(), channel_id, now=asked.now, application_id=application_id)
        message_bodies.change(made, asked.fields, files=asked.files)
        if message_bodies.is_empty(made):
            raise errors.empty_message()
        self._world.messages[channel_id, str(made["id"])] = made
        if nonce is not None:
            self._world.nonces[channel_id, nonce] = made
        return Answered(200, made)

    def fetch_message(self, asked: Asked) -> Answered:
        """Return a message."""
        return Answered(200, self._message(asked))

    def edit_message(self, asked: Asked) -> Answered:
        """Change a message."""
        target = self._message(asked)
        _refuse(message_checks.edit(asked.fields, target))
        message_bodies.change(target, asked.fields, files=asked.files, now=asked.now)
        return Answered(200, target)

    def delete_message(self, asked: Asked) -> Answered:
        """Delete a message."""
        self._message(asked)
        del self._world.messages[asked.params["channel_id"], asked.params["message_id"]]
        return Answered(204)

    def _message(self, asked: Asked) -> Json:
        target = self._world.messages.get((asked.params["channel_id"], asked.params["message_id"]))
        if target is None:
            raise errors.unknown_message()
        return target

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
