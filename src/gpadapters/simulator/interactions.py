"""The endpoints that an interaction's token opens."""

from collections.abc import Iterable
from typing import Final

from gpadapters.simulator import errors, message_bodies, message_checks, table
from gpadapters.simulator.asking import Answered, Asked
from gpadapters.simulator.checks import EPHEMERAL, LOADING, as_object, choice
from gpadapters.simulator.errors import Fault, Json
from gpadapters.simulator.interaction_state import ANSWER_SECONDS, TOKEN_SECONDS, SimulatedInteraction
from gpadapters.simulator.world import World

_MOST_FOLLOWUPS: Final = 5
_ORIGINAL: Final = "@original"
_SHOWN_AT_ONCE: Final = frozenset({table.MESSAGE, table.UPDATE})


class InteractionEndpoints:
    """First answers, and the messages after them."""

    def __init__(self, world: World) -> None:
        self._world = world

    def callback(self, asked: Asked) -> Answered:
        """Take a first answer."""
        interaction = self._waiting(asked)
        kind = _number(asked.fields, "type")
        _refuse(choice(("type",), kind, interaction.legal_answers))
        data = as_object(asked.fields.get("data"))
        _refuse(message_checks.answer(kind, data))
        self._answer(interaction, kind, data, asked)
        if asked.query.get("with_response") not in ("true", "1"):
            return Answered(204)
        return Answered(200, _callback_body(interaction))

    def create(self, asked: Asked) -> Answered:
        """Make a follow-up; right after a defer it fills the deferred original instead."""
        interaction = self._answered(asked)
        _refuse(message_checks.message((), asked.fields, message_checks.NEW_FLAGS))
        if interaction.loading and interaction.original is not None:
            return self._change(interaction, interaction.original, asked)
        if interaction.user_install_only and interaction.followups >= _MOST_FOLLOWUPS:
            raise errors.too_many_followups()
        followup = self._new_message(interaction, asked)
        message_bodies.change(followup, asked.fields, files=asked.files)
        if message_bodies.is_empty(followup):
            raise errors.empty_message()
        if interaction.original is not None:
            message_bodies.refer(followup, interaction.original)
        interaction.followups += 1
        interaction.messages[str(followup["id"])] = followup
        return Answered(200, followup)

    def fetch(self, asked: Asked) -> Answered:
        """Return a message."""
        interaction = self._answered(asked)
        return Answered(200, _message(interaction, asked))

    def edit(self, asked: Asked) -> Answered:
        """Change a message."""
        interaction = self._answered(asked)
        target = _message(interaction, asked)
        _refuse(message_checks.edit(asked.fields, target))
        return self._change(interaction, target, asked)

    def delete(self, asked: Asked) -> Answered:
        """Delete a message."""
        interaction = self._answered(asked)
        target = _message(interaction, asked)
        del interaction.messages[str(target["id"])]
        if target is interaction.original:
            interaction.original, interaction.loading = None, False
        return Answered(204)

    def _waiting(self, asked: Asked) -> SimulatedInteraction:
        interaction_id, token = asked.params["interaction_id"], asked.params["interaction_token"]
        interaction = self._world.interactions.meet(interaction_id, token, asked.now)
        if interaction is None:
            raise errors.unknown_interaction()
        if interaction.first is not None and interaction.age(asked.now) <= TOKEN_SECONDS:
            raise errors.already_acknowledged()
        if interaction.age(asked.now) > ANSWER_SECONDS:
            raise errors.unknown_interaction()
        return interaction

    def _answered(self, asked: Asked) -> SimulatedInteraction:
        interaction = self._world.interactions.with_token(asked.params["interaction_token"])
        if interaction is None or asked.params["application_id"] != (
            interaction.application_id or asked.params["application_id"]
        ):
            raise errors.unknown_webhook()
        if interaction.age(asked.now) > TOKEN_SECONDS:
            raise errors.invalid_webhook_token()
        if interaction.first is None:
            raise errors.unknown_webhook()
        interaction.application_id = asked.params["application_id"]
        return interaction

    def _answer(self, interaction: SimulatedInteraction, kind: int, data: Json, asked: Asked) -> None:
        original = self._original(interaction, kind, data, asked)
        interaction.first, interaction.answer, interaction.answered_at = kind, data, asked.now
        interaction.loading = kind == table.DEFERRED_MESSAGE
        if original is not None:
            interaction.original = original
            interaction.messages[str(original["id"])] = original

    def _original(self, interaction: SimulatedInteraction, kind: int, data: Json, asked: Asked) -> Json | None:
        if kind in (table.SUGGESTIONS, table.MODAL, table.PONG):
            return None
        original = self._new_message(interaction, asked)
        if kind in _SHOWN_AT_ONCE:
            message_bodies.change(original, data, files=asked.files)
        if kind == table.MESSAGE and message_bodies.is_empty(original):
            raise errors.empty_message()
        if kind == table.DEFERRED_MESSAGE:
            original["flags"] = _number(data, "flags") | LOADING
        return original

    def _new_message(self, interaction: SimulatedInteraction, asked: Asked) -> Json:
        return message_bodies.interaction_message(
            self._world.new_id(),
            interaction.channel_id,
            now=asked.now,
            application_id=interaction.owner,
            interaction_id=interaction.id,
            kind=interaction.kind,
        )

    def _change(self, interaction: SimulatedInteraction, target: Json, asked: Asked) -> Answered:
        changed = dict(target)
        was_ephemeral = _number(target, "flags") & EPHEMERAL
        message_bodies.change(changed, asked.fields, files=asked.files, now=asked.now)
        if message_bodies.is_empty(changed):
            raise errors.empty_message()
        changed["flags"] = _number(changed, "flags") & ~(LOADING | EPHEMERAL) | was_ephemeral
        target.update(changed)
        if target is interaction.original:
            interaction.loading = False
        return Answered(200, target)


def _refuse(faults: Iterable[Fault]) -> None:
    found = tuple(faults)
    if found:
        raise errors.invalid_form(*found)


def _message(interaction: SimulatedInteraction, asked: Asked) -> Json:
    message_id = asked.params["message_id"]
    target = interaction.original if message_id == _ORIGINAL else interaction.messages.get(message_id)
    if target is None:
        raise errors.unknown_message()
    return target


def _number(source: Json, name: str) -> int:
    value = source.get(name)
    return value if isinstance(value, int) else 0


def _callback_body(interaction: SimulatedInteraction) -> Json:
    about: Json = {"id": interaction.id, "type": interaction.kind if interaction.kind is not None else 2}
    original = interaction.original
    if original is None:
        return {"interaction": about}
    about |= {
        "response_message_id": original["id"],
        "response_message_loading": interaction.loading,
        "response_message_ephemeral": bool(_number(original, "flags") & EPHEMERAL),
        "channel_id": interaction.channel_id,
    }
    if interaction.first not in _SHOWN_AT_ONCE:
        return {"interaction": about}
    return {"interaction": about, "resource": {"type": interaction.first, "message": original}}
