"""Paths of Discord's API, built from checked parts only.

An id or a token becomes a path segment, so a value such as ``../../users/@me`` would send a request
somewhere else. Everything is checked here, before any request exists.
"""

import re
from dataclasses import dataclass, field
from typing import Final

from gpcore.domain.ids import is_snowflake
from gpcore.domain.secrets import Secret
from gpcore.errors import PortRejectedError
from gpcore.ports.followups import ORIGINAL

CALLBACK_OPERATION: Final = "callback"

_TOKEN: Final = re.compile(r"[A-Za-z0-9_.-]{1,1024}")
_DOTS: Final = re.compile(r"\.+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where one request goes.

    Attributes:
        operation: A short word for metrics.
        method: HTTP method.
        path: Below the API's base; may hold an interaction's token, so it is left out of the repr.
        template: The path with names in place of values, for logs and errors.
        major: What Discord counts a rate limit by beside the bucket: the channel, guild or token.
        token: The interaction's token in the path, if there is one.
    """

    operation: str
    method: str
    path: str = field(repr=False)
    template: str
    major: str = field(default="", repr=False)
    token: Secret | None = None


def callback(interaction_id: str, token: Secret) -> Route:
    """Return the route of an interaction's first answer.

    Raises:
        PortRejectedError: The id or the token could not be Discord's.
    """
    return Route(
        operation=CALLBACK_OPERATION,
        method="POST",
        path=f"/interactions/{checked_id('interaction id', interaction_id)}/{_token(token)}/callback",
        template="/interactions/{interaction_id}/{interaction_token}/callback",
        token=token,
    )


def create_followup(application_id: str, token: Secret) -> Route:
    """Return the route of a new follow-up.

    Raises:
        PortRejectedError: The id or the token could not be Discord's.
    """
    return _followup("create_followup", "POST", application_id, token)


def edit_followup(application_id: str, token: Secret, message_id: str) -> Route:
    """Return the route that edits the original answer or a follow-up.

    Raises:
        PortRejectedError: An id or the token could not be Discord's.
    """
    return _followup("edit_followup", "PATCH", application_id, token, message_id)


def fetch_original(application_id: str, token: Secret) -> Route:
    """Return the route that reads the original answer.

    Raises:
        PortRejectedError: The id or the token could not be Discord's.
    """
    return _followup("fetch_original", "GET", application_id, token, ORIGINAL)


def delete_followup(application_id: str, token: Secret, message_id: str) -> Route:
    """Return the route that deletes the original answer or a follow-up.

    Raises:
        PortRejectedError: An id or the token could not be Discord's.
    """
    return _followup("delete_followup", "DELETE", application_id, token, message_id)


def _followup(operation: str, method: str, application_id: str, token: Secret, message_id: str | None = None) -> Route:
    path = f"/webhooks/{checked_id('application id', application_id)}/{_token(token)}"
    template = "/webhooks/{application_id}/{interaction_token}"
    if message_id is not None:
        path += f"/messages/{message_id if message_id == ORIGINAL else checked_id('message id', message_id)}"
        template += "/messages/" + (ORIGINAL if message_id == ORIGINAL else "{message_id}")
    return Route(operation=operation, method=method, path=path, template=template, major=token.reveal(), token=token)


def checked_id(name: str, text: str) -> str:
    """Return a snowflake that goes into a path or a body.

    Raises:
        PortRejectedError: It is none.
    """
    if not is_snowflake(text):
        raise PortRejectedError(f"the {name} is not a snowflake; nothing was sent")
    return text


def _token(token: Secret) -> str:
    text = token.reveal()
    if _TOKEN.fullmatch(text) is None or _DOTS.fullmatch(text) is not None:
        raise PortRejectedError("the interaction's token could not be Discord's; nothing was sent")
    # Nothing that is let through has to be quoted.
    return text
