"""Paths that need the bot token, built from checked parts only."""

from gpadapters.discord.routes import Route, checked_id


def member(guild_id: str, user_id: str) -> Route:
    """Return the route that reads a guild member.

    Raises:
        PortRejectedError: An id is none.
    """
    return Route(
        operation="fetch_member",
        method="GET",
        path=f"/guilds/{checked_id('guild id', guild_id)}/members/{checked_id('user id', user_id)}",
        template="/guilds/{guild_id}/members/{user_id}",
        major=guild_id,
    )


def member_role(method: str, guild_id: str, user_id: str, role_id: str) -> Route:
    """Return the route that gives (``PUT``) or takes (``DELETE``) a role.

    Raises:
        PortRejectedError: An id is none.
    """
    checked = checked_id("role id", role_id)
    return Route(
        operation="add_role" if method == "PUT" else "remove_role",
        method=method,
        path=f"{member(guild_id, user_id).path}/roles/{checked}",
        template="/guilds/{guild_id}/members/{user_id}/roles/{role_id}",
        major=guild_id,
    )


def channel(channel_id: str) -> Route:
    """Return the route that reads a channel.

    Raises:
        PortRejectedError: The id is none.
    """
    return Route(
        operation="fetch_channel",
        method="GET",
        path=f"/channels/{checked_id('channel id', channel_id)}",
        template="/channels/{channel_id}",
        major=channel_id,
    )


def create_message(channel_id: str) -> Route:
    """Return the route of a new message in a channel.

    Raises:
        PortRejectedError: The id is none.
    """
    return Route(
        operation="create_message",
        method="POST",
        path=f"{channel(channel_id).path}/messages",
        template="/channels/{channel_id}/messages",
        major=channel_id,
    )


def message(method: str, channel_id: str, message_id: str) -> Route:
    """Return the route that edits (``PATCH``) or deletes (``DELETE``) a message.

    Raises:
        PortRejectedError: An id is none.
    """
    return Route(
        operation="edit_message" if method == "PATCH" else "delete_message",
        method=method,
        path=f"{channel(channel_id).path}/messages/{checked_id('message id', message_id)}",
        template="/channels/{channel_id}/messages/{message_id}",
        major=channel_id,
    )


def threads(channel_id: str, message_id: str | None) -> Route:
    """Return the route that starts a thread in a channel, or at one of its messages.

    Raises:
        PortRejectedError: An id is none.
    """
    at = "" if message_id is None else f"/messages/{checked_id('message id', message_id)}"
    return Route(
        operation="start_thread",
        method="POST",
        path=f"{channel(channel_id).path}{at}/threads",
        template="/channels/{channel_id}" + ("" if message_id is None else "/messages/{message_id}") + "/threads",
        major=channel_id,
    )


def open_dm() -> Route:
    """Return the route that opens a direct-message channel."""
    return Route(operation="open_dm", method="POST", path="/users/@me/channels", template="/users/@me/channels")


def commands(method: str, application_id: str, guild_id: str | None) -> Route:
    """Return the route that reads (``GET``) or replaces (``PUT``) registered commands.

    Raises:
        PortRejectedError: An id is none.
    """
    base = f"/applications/{checked_id('application id', application_id)}"
    scope = "" if guild_id is None else f"/guilds/{checked_id('guild id', guild_id)}"
    return Route(
        operation="list_commands" if method == "GET" else "replace_commands",
        method=method,
        # Without being asked, Discord leaves the words of other languages out.
        path=f"{base}{scope}/commands" + ("?with_localizations=true" if method == "GET" else ""),
        template="/applications/{application_id}" + ("" if guild_id is None else "/guilds/{guild_id}") + "/commands",
        major=guild_id or "",
    )


def gateway() -> Route:
    """Return a route that answers without authorisation."""
    return Route(operation="probe", method="GET", path="/gateway", template="/gateway")


def current_user() -> Route:
    """Return the route that tells whose the bot token is."""
    return Route(operation="probe", method="GET", path="/users/@me", template="/users/@me")
