"""Discord's channel objects, as the simulator has them."""

from datetime import UTC, datetime
from typing import Final

from gpadapters.simulator import message_bodies
from gpadapters.simulator.errors import Json

TEXT: Final = 0
DM: Final = 1
PUBLIC_THREAD: Final = 11
PRIVATE_THREAD: Final = 12
GUILD_ID: Final = "849255963033731074"
DEFAULT_ARCHIVE_MINUTES: Final = 1440


def text_channel(channel_id: str) -> Json:
    """Return a guild's text channel."""
    return {
        "id": channel_id,
        "type": TEXT,
        "guild_id": GUILD_ID,
        "name": f"channel-{channel_id[-4:]}",
        "position": 0,
        "permission_overwrites": [],
        "nsfw": False,
        "topic": None,
        "parent_id": None,
        "last_message_id": None,
        "rate_limit_per_user": 0,
        "flags": 0,
    }


def dm_channel(channel_id: str, user_id: str) -> Json:
    """Return the direct-message channel with a user."""
    person = message_bodies.user(user_id, f"user-{user_id[-4:]}")
    return {"id": channel_id, "type": DM, "recipients": [person], "last_message_id": None, "flags": 0}


def thread(thread_id: str, parent_id: str, body: Json, *, kind: int, now: float) -> Json:
    """Return a thread with nothing in it yet.

    Args:
        thread_id: Its own id; that of the message it was started from, if it was.
        parent_id: The channel it is in.
        body: What was asked for: a name, and perhaps how long it stays.
        kind: Its channel type.
        now: Seconds since the Unix epoch.
    """
    written = datetime.fromtimestamp(now, tz=UTC).isoformat()
    minutes = body.get("auto_archive_duration")
    return {
        "id": thread_id,
        "type": kind,
        "guild_id": GUILD_ID,
        "parent_id": parent_id,
        "owner_id": message_bodies.APPLICATION_ID,
        "name": body.get("name"),
        "last_message_id": None,
        "rate_limit_per_user": 0,
        "message_count": 0,
        "total_message_sent": 0,
        "member_count": 1,
        "flags": 0,
        "thread_metadata": {
            "archived": False,
            "auto_archive_duration": DEFAULT_ARCHIVE_MINUTES if minutes is None else minutes,
            "archive_timestamp": written,
            "create_timestamp": written,
            "locked": False,
            "invitable": True,
        },
    }
