"""Discord's error answers."""

from collections.abc import Sequence
from dataclasses import dataclass

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Fault:
    """One faulty field: where, Discord's word for it and a sentence."""

    path: tuple[str, ...]
    code: str
    message: str


class ApiError(Exception):
    """Ends a request with an error body.

    Attributes:
        status: HTTP status.
        body: What is sent.
    """

    def __init__(self, status: int, code: int, message: str, *, faults: Sequence[Fault] = ()) -> None:
        self.status = status
        self.body: Json = {"message": message, "code": code}
        if faults:
            self.body["errors"] = _nested(faults)
        super().__init__(f"{status}/{code} {message}")


def unknown_interaction() -> ApiError:
    """The 3 seconds are over, or the id or token is wrong."""
    return ApiError(404, 10062, "Unknown interaction")


def already_acknowledged() -> ApiError:
    """There is a first answer."""
    return ApiError(400, 40060, "Interaction has already been acknowledged.")


def unknown_webhook() -> ApiError:
    """The interaction was never acknowledged, or the token or application is wrong."""
    return ApiError(404, 10015, "Unknown Webhook")


def invalid_webhook_token() -> ApiError:
    """The 15 minutes of the token are over."""
    return ApiError(401, 50027, "Invalid Webhook Token")


def unknown_message() -> ApiError:
    """There is no such message."""
    return ApiError(404, 10008, "Unknown Message")


def unknown_member() -> ApiError:
    """There is no such member."""
    return ApiError(404, 10007, "Unknown Member")


def too_many_followups() -> ApiError:
    """An application that is only installed by the user has sent its five follow-ups."""
    return ApiError(400, 40094, "This interaction has hit the maximum number of follow up messages.")


def empty_message() -> ApiError:
    """A message has nothing in it."""
    return ApiError(400, 50006, "Cannot send an empty message")


def thread_exists() -> ApiError:
    """A message has a thread already."""
    return ApiError(400, 160004, "A thread has already been created for this message")


def unknown_command() -> ApiError:
    """There is no such command."""
    return ApiError(404, 10063, "Unknown application command")


def no_such_route() -> ApiError:
    """Nothing is at this path."""
    return ApiError(404, 0, "404: Not Found")


def wrong_method() -> ApiError:
    """The path does not know this method."""
    return ApiError(405, 0, "405: Method Not Allowed")


def not_json() -> ApiError:
    """The body cannot be parsed."""
    return ApiError(400, 50109, "The request body contains invalid JSON.")


def invalid_form(*faults: Fault) -> ApiError:
    """Fields of the body break the rules."""
    return ApiError(400, 50035, "Invalid Form Body", faults=faults)


def entry_point_missing() -> ApiError:
    """An overwrite leaves out the command that opens the application's activity."""
    return ApiError(400, 50240, "You cannot remove this app's Entry Point command in a bulk update operation.")


def unauthorized() -> ApiError:
    """The bot token is missing or wrong."""
    return ApiError(401, 0, "401: Unauthorized")


def blocked_agent() -> ApiError:
    """The edge does not like the User-Agent."""
    return ApiError(403, 40333, "internal network error")


def _nested(faults: Sequence[Fault]) -> Json:
    tree: Json = {}
    for fault in faults:
        node = tree
        for name in fault.path:
            child = node.setdefault(name, {})
            if isinstance(child, dict):
                node = child
        found = node.setdefault("_errors", [])
        if isinstance(found, list):
            found.append({"code": fault.code, "message": fault.message})
    return tree
