"""What the tests ask of a client, in whatever language it is written."""

from abc import ABC, abstractmethod

from tests.interop.stand_in import Asked


class RefusedError(Exception):
    """The client gave up.

    Attributes:
        status: HTTP status of the last answer, 0 if there was none.
        code: Discord's code, 0 if there was none.
    """

    def __init__(self, status: int, code: int) -> None:
        self.status = status
        self.code = code
        super().__init__(f"{status}/{code}")


class Client(ABC):
    """A REST client of somebody else's. Every method raises ``RefusedError`` when the client gives up."""

    @abstractmethod
    async def defer(self, asked: Asked) -> None:
        """Answer later."""

    @abstractmethod
    async def reply(self, asked: Asked, content: str) -> None:
        """Answer at once."""

    @abstractmethod
    async def suggest(self, asked: Asked, *choices: str) -> None:
        """Answer an autocomplete."""

    @abstractmethod
    async def show_modal(self, asked: Asked, title: str) -> None:
        """Answer with a form of one text field."""

    @abstractmethod
    async def edit_original(self, asked: Asked, content: str) -> None:
        """Change the first answer."""

    @abstractmethod
    async def delete_original(self, asked: Asked) -> None:
        """Delete the first answer."""

    @abstractmethod
    async def follow_up(self, asked: Asked, content: str, *files: tuple[str, bytes]) -> str:
        """Send one more message and return its id."""

    @abstractmethod
    async def register(self, *names: str) -> list[str]:
        """Replace the application's commands and return the names that Discord tells."""

    @abstractmethod
    async def registered(self) -> list[str]:
        """Return the names of the application's commands."""

    @abstractmethod
    async def add_role(self, guild_id: str, user_id: str, role_id: str, *, reason: str) -> None:
        """Give a role."""

    @abstractmethod
    async def remove_role(self, guild_id: str, user_id: str, role_id: str) -> None:
        """Take a role."""

    @abstractmethod
    async def roles(self, guild_id: str, user_id: str) -> list[str]:
        """Return a member's roles."""

    @abstractmethod
    async def send(self, channel_id: str, content: str) -> str:
        """Send a message and return its id."""

    @abstractmethod
    async def edit(self, channel_id: str, message_id: str, content: str) -> None:
        """Change a message."""

    @abstractmethod
    async def content(self, channel_id: str, message_id: str) -> str:
        """Return what a message says."""

    @abstractmethod
    async def delete(self, channel_id: str, message_id: str) -> None:
        """Delete a message."""

    @abstractmethod
    async def start_thread(self, channel_id: str, message_id: str, name: str) -> str:
        """Start a thread at a message and return the thread's id."""

    @abstractmethod
    async def open_dm(self, user_id: str) -> str:
        """Open direct messages and return their channel's id."""

    @abstractmethod
    async def close(self) -> None:
        """Stop."""
