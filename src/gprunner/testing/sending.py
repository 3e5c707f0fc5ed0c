"""Giving the bot an interaction or an event, as bytes through the broker."""

from dataclasses import dataclass, field
from typing import Any, Final

from gpcore.domain.dispatches import INTERACTION_CREATE
from gpcore.domain.interactions import InteractionKind
from gpcore.domain.messages import OutgoingMessage
from gpcore.domain.secrets import Secret
from gpcore.domain.wire_message import Lane
from gpcore.errors import PortRejectedError
from gprunner import synthetic
from gprunner.settings import EMBEDDED_APPLICATION_ID
from gprunner.testing.errors import KitError, near
from gprunner.testing.raw_entities import user_object
from gprunner.testing.scene import Scene
from gprunner.testing.shown import Shown, shown
from gprunner.testing.stage import Stage
from gprunner.testing.stories import Posted, Story
from gprunner.testing.waiting import Waiting

Raw = dict[str, Any]

BOT_ID: Final = "1214497633075331074"
_BOT: Final = {"id": BOT_ID, "username": "the-bot", "discriminator": "0", "avatar": None, "bot": True}
_JOIN: Final = "GUILD_MEMBER_ADD"
_EPHEMERAL: Final = 1 << 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What somebody does, as an interaction's kind and data.

    Attributes:
        what: In words.
        source: The message whose component is behind it.
        strange: Instead of ``source``: Discord's object of a message that this client has not seen.
    """

    what: str
    kind: InteractionKind
    data: Raw = field(repr=False)
    source: Posted | None = None
    strange: Raw | None = field(default=None, repr=False)


class Sender:
    """Publishes to one stage and follows what comes of it."""

    def __init__(self, stage: Stage, waiting: Waiting) -> None:
        self.stage: Final = stage
        self._waiting: Final = waiting

    async def do(self, scene: Scene, deed: Deed, *, wait: bool) -> Story:
        """Let somebody do something; returns when the bot has settled it, or at once without ``wait``."""
        stage = self.stage
        interaction_id = stage.new_id()
        origin = scene.origin(
            now_ms=stage.now_ms,
            application_id=EMBEDDED_APPLICATION_ID,
            id=interaction_id,
            token=f"token-of-the-test-client-for-{interaction_id}",
        )
        behind = self.message_object(deed.source) if deed.source is not None else deed.strange
        raw = scene.install(synthetic.interaction(deed.kind, deed.data, origin, shown=behind))
        return await self.dispatch(scene, INTERACTION_CREATE, raw, what=deed.what, source=deed.source, wait=wait)

    async def dispatch(
        self, scene: Scene, name: str, raw: Raw, *, what: str, source: Posted | None = None, wait: bool
    ) -> Story:
        """Publish a gateway dispatch as an ingestor would."""
        self._join_all(name, raw)
        story = self._begin(scene, name, raw, what, source)
        try:
            await self._publish(story)
        except PortRejectedError:
            self.stage.journal.forget(story)
            known = sorted(self.stage.routes.event_types)
            raise KitError(f"no queue takes {what}, because no handler wants it: {near(what, known)}") from None
        if wait:
            await self.settled(story, after=0)
        return story

    async def again(self, story: Story, *, wait: bool) -> None:
        """Let the broker hand the same message out once more, as if its acknowledgement had been lost."""
        before = len(story.outcomes)
        with self.stage.time.current():
            self.stage.redeliver(story.message, story.lane)
        if wait:
            await self.settled(story, after=before)

    async def settled(self, story: Story, *, after: int) -> None:
        """Wait until more attempts than ``after`` have been settled."""
        await self._waiting.until(lambda: len(story.outcomes) > after, story.what)

    def message_object(self, posted: Posted) -> Raw:
        """Return Discord's object of a message of the bot."""
        content = self._payload(posted.shown)
        flags = content.pop("flags", 0) | (_EPHEMERAL if posted.only_for is not None else 0)
        content.pop("allowed_mentions", None)
        empty: Raw = {"content": "", "embeds": [], "components": [], "attachments": []}
        return {
            "id": posted.id,
            "type": 0,
            "channel_id": posted.channel_id,
            "author": _BOT,
            "flags": flags,
            **empty,
            **content,
        }

    def shown(self, posted: Posted) -> Shown:
        """Return a message as it is seen now."""
        return shown(posted, self._payload)

    def _payload(self, message: OutgoingMessage) -> Raw:
        return self.stage.message_object(message)

    def _begin(self, scene: Scene, name: str, raw: Raw, what: str, source: Posted | None) -> Story:
        publication = self.stage.encode(name, raw)
        is_interaction = name == INTERACTION_CREATE
        story = Story(
            what=what,
            scene=scene,
            key=str(raw["id"]) if is_interaction else publication.message.message_id or "",
            lane=Lane.INTERACTIONS if is_interaction else Lane.EVENTS,
            raw=raw,
            message=publication.message,
            routing_key=publication.routing_key,
            token=Secret(raw["token"]) if is_interaction else None,
            source=source,
        )
        self.stage.journal.begin(story)
        if story.token is not None and raw["type"] in set(InteractionKind):
            self.stage.announce(
                story.token,
                InteractionKind(raw["type"]),
                from_message="message" in raw,
                user_install_only=scene.user_install_only,
            )
        return story

    async def _publish(self, story: Story) -> None:
        with self.stage.time.current():
            await self.stage.publisher.publish(story.message, routing_key=story.routing_key)

    def _join_all(self, name: str, raw: Raw) -> None:
        """Make members of everybody who shows up in a guild, so that the bot can do something with them."""
        guild_id = raw.get("guild_id")
        if guild_id is None:
            return
        for user_id, member in _members(name, raw).items():
            if self.stage.guilds.roles_of(guild_id, user_id) is None:
                self.stage.guilds.join(guild_id, user_id, roles=member.get("roles", ()))


def _members(name: str, raw: Raw) -> dict[str, Raw]:
    found: dict[str, Raw] = dict(raw.get("data", {}).get("resolved", {}).get("members", {}))
    if "member" in raw and "user" in raw["member"]:
        found[raw["member"]["user"]["id"]] = raw["member"]
    if name == _JOIN:
        found[raw["user"]["id"]] = raw
    return found


def stranger(custom_id: str, kind: int, *, message_id: str, channel_id: str) -> Raw:
    """Return the object of a message of the bot that nobody has seen being made, with one component."""
    component = {"type": kind, "custom_id": custom_id, "label": custom_id, "style": 1}
    return {
        "id": message_id,
        "type": 0,
        "channel_id": channel_id,
        "author": _BOT,
        "content": "",
        "embeds": [],
        "attachments": [],
        "components": [{"type": 1, "components": [component]}],
    }


def event_object(name: str, dispatch: str, scene: Scene, now_ms: int) -> Raw | None:
    """Return the object behind one of gp's event types, ``None`` for one that nobody made a model of."""
    raw = synthetic.event(dispatch, user_object(scene.user), now_ms=now_ms)
    if raw is None:
        return None
    if "guild_id" in raw:
        raw["guild_id"] = scene.guild_id
    elif "channel_id" not in raw:
        raw["id"] = scene.guild_id
    if name == "guild.available":
        raw["joined_at"] = "2023-05-05T05:05:05+00:00"
    return {"id": raw["id"], "unavailable": True} if name == "guild.outage" else raw
