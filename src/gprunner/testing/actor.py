"""What a person can do with the bot."""

from collections.abc import Mapping
from dataclasses import replace
from types import EllipsisType
from typing import Any, Final

from gpcore.application.admission import rules_of
from gpcore.application.handlers import CompiledHandler, HandlerKind
from gpcore.application.sessions import Sessions
from gpcore.domain.buttons import Button
from gpcore.domain.dispatches import dispatch_of
from gpcore.domain.entities import Channel, Member, User
from gpcore.domain.limits import MICROSECONDS
from gpcore.domain.modals import Modal
from gprunner.testing import deeds
from gprunner.testing.errors import KitError, near
from gprunner.testing.presses import Answer, Chosen, choose, press, send_form, send_strange_form
from gprunner.testing.results import Result
from gprunner.testing.scene import Scene
from gprunner.testing.screen import Screen
from gprunner.testing.sending import Deed, Sender, event_object
from gprunner.testing.shown import Shown

Raw = dict[str, Any]
Guild = str | None | EllipsisType
"""A guild's id, ``None`` for a direct message to the bot, or ``...`` for the usual guild."""

_RESERVED: Final = frozenset({"user", "guild", "channel", "locale", "options"})


class Actor:
    """Somebody somewhere; everything here is done by that person, in that place."""

    def __init__(self, sender: Sender, scene: Scene, *, wait: bool = True) -> None:
        self._sender: Final = sender
        self._scene: Final = scene
        self._wait: Final = wait

    def acting(
        self,
        *,
        user: User | Member | None = None,
        guild: Guild = ...,
        channel: Channel | None = None,
        locale: str | None = None,
        user_install_only: bool | None = None,
        wait: bool | None = None,
    ) -> "Actor":
        """Return somebody else, or the same person elsewhere; what is left out stays.

        Args:
            user: Who; a ``Member`` brings roles and permissions along.
            guild: A guild's id, or ``None`` for a direct message to the bot.
            channel: Which channel.
            locale: The person's language, such as ``de``.
            user_install_only: Whether only the user has installed the application, not the guild.
            wait: Whether each call returns only when the bot has settled it.
        """
        scene = self._scene if user is None else self._scene.played_by(user)
        changes: dict[str, Any] = {"channel": channel, "locale": locale, "user_install_only": user_install_only}
        changes = {name: value for name, value in changes.items() if value is not None}
        if not isinstance(guild, EllipsisType):
            changes["guild_id"] = guild
        return Actor(self._sender, replace(scene, **changes), wait=self._wait if wait is None else wait)

    @property
    def start(self) -> "Actor":
        """The same person, who does not wait: each call returns while the bot is still at it."""
        return self.acting(wait=False)

    @property
    def sessions(self) -> Sessions:
        """This person's sessions, as ``ctx.sessions`` has them."""
        return self._sender.stage.sessions_of(self._scene.user.id)

    async def command(
        self,
        path: str,
        /,
        *,
        user: User | Member | None = None,
        guild: Guild = ...,
        channel: Channel | None = None,
        locale: str | None = None,
        options: Mapping[str, object] | None = None,
        **more: object,
    ) -> Result:
        """Use a chat-input command.

        Args:
            path: Command, group and subcommand, as in the decorator: ``"wallet check"``.
            user: Who; the client's user by default.
            guild: Where; ``None`` for a direct message to the bot.
            channel: In which channel.
            locale: In which language.
            options: Options whose names are no Python names, or the names of these parameters.
            **more: Options by name: text, numbers, ``True``, enum members, ``User``, ``Member``, ``Role``,
                ``Channel``, ``Mentionable``, ``Attachment``.

        Raises:
            KitError: No such command or option, a missing option, or a value that Discord would not
                let anybody enter. To send such a thing all the same, use ``dispatch``.
        """
        handler = self._handler(HandlerKind.COMMAND, path)
        taken = _RESERVED & {spec.parameter for spec in handler.options} - set(options or ())
        places = {"user": user, "channel": channel, "locale": locale, "guild": None if guild is ... else guild}
        for name in taken:
            if places.get(name) is not None:
                raise KitError(
                    f"{path!r} has an option {name!r}: give it as options={{{name!r}: …}},"
                    " and say who acts and where with client.acting(…)"
                )
        actor = self.acting(user=user, guild=guild, channel=channel, locale=locale)
        deed = deeds.use(handler, {**(options or {}), **more}, actor._scene.guild_id)  # noqa: SLF001 - of this class
        return await actor._do(deed)  # noqa: SLF001 - of this class

    async def user_command(self, name: str, target: User | Member) -> Result:
        """Use an entry of the context menu of somebody."""
        self._handler(HandlerKind.USER_COMMAND, name)
        return await self._do(deeds.use_on_user(name, target, self._scene.guild_id))

    async def message_command(self, name: str, message: Mapping[str, Any]) -> Result:
        """Use an entry of the context menu of a message, given as Discord's object; see ``client.new.message``."""
        self._handler(HandlerKind.MESSAGE_COMMAND, name)
        return await self._do(deeds.use_on_message(name, message))

    async def entry_point(self, name: str) -> Result:
        """Use the command that opens the application's activity."""
        self._handler(HandlerKind.ENTRY_POINT, name)
        return await self._do(deeds.open_activity(name))

    async def autocomplete(self, path: str, option: str, typed: object = "", /, **others: object) -> Result:
        """Type into an option, with others filled in before; see ``result.choices``."""
        command = self._handler(HandlerKind.COMMAND, path)
        deeds.check_suggests(self._sender.stage.routes, path, option)
        return await self._do(deeds.typing(command, option, typed, others, self._scene.guild_id))

    async def click(self, button: str | Button, *, on: Shown | None = None) -> Result:
        """Press a button.

        Args:
            button: Its custom id, the ``Button`` itself, or what it says.
            on: In which message; the latest that has it, by default. A custom id that no message
                has is pressed in a message that this client has not seen.

        Raises:
            KitError: No handler takes it, or nobody could press it.
        """
        name = button if isinstance(button, str) else button.id or button.label or ""
        posted, control = self._screen.button(name, on)
        return await self._do(press(self._scene, control, posted, self._sender))

    async def select(self, custom_id: str, *values: Chosen, on: Shown | None = None) -> Result:
        """Choose in the select with this custom id or placeholder: texts, or entities where it offers those."""
        posted, control = self._screen.select(custom_id, values, on)
        return await self._do(choose(self._scene, control, values, posted, self._sender))

    async def submit(self, form: Modal | str, fields: Mapping[str, Answer] | None = None, /, **more: Answer) -> Result:
        """Send a form, given as the ``Modal`` that would be opened or by its custom id; see ``result.submit``."""
        answers = {**(fields or {}), **more}
        if isinstance(form, Modal):
            return await self._do(send_form(self._sender.stage.modal_object(form), answers, self._scene, None))
        self._screen.known(HandlerKind.MODAL, form)
        return await self._do(send_strange_form(form, answers, self._scene))

    async def event(self, name: str, /, **changes: object) -> Result:
        """Let an event of gp's names happen to this person or guild; ``changes`` go into Discord's object."""
        dispatch, routes = dispatch_of(name) or name, self._sender.stage.routes
        if routes.find_event(name, dispatch) is None:
            raise KitError(f"no handler wants the event {name!r}: {near(name, routes.event_types)}")
        raw = event_object(name, dispatch, self._scene, self._sender.stage.now_ms)
        if raw is None:
            raise KitError(f"the test kit cannot make up {name!r}: use client.dispatch({dispatch!r}, …)")
        return await self._dispatch(dispatch, raw | changes, name)

    async def dispatch(self, name: str, raw: Mapping[str, Any], /) -> Result:
        """Let Discord's gateway send anything: its name for it and its object, ``INTERACTION_CREATE`` included."""
        return await self._dispatch(name, dict(raw), name)

    async def cooldown(self, path: str, /, *, kind: HandlerKind = HandlerKind.COMMAND) -> float:
        """Return the seconds until this person may use a command again, 0 if now, infinity if never.

        The handler's cooldown and limits are asked; nothing is used up.
        """
        handler = self._handler(kind, path)
        rules = rules_of(handler, self._scene.interaction(self._sender.stage.new_id()))
        if not rules:
            return 0.0
        decision = await self._sender.stage.admissions.peek(rules)
        return decision.retry_after_us / MICROSECONDS if decision.retry_after_us >= 0 else float("inf")

    @property
    def _screen(self) -> Screen:
        return Screen(self._sender, self._scene)

    async def _do(self, deed: Deed) -> Result:
        return Result(self._sender, await self._sender.do(self._scene, deed, wait=self._wait))

    async def _dispatch(self, name: str, raw: Raw, what: str) -> Result:
        return Result(self._sender, await self._sender.dispatch(self._scene, name, raw, what=what, wait=self._wait))

    def _handler(self, kind: HandlerKind, name: str) -> CompiledHandler:
        return deeds.handler_named(self._sender.stage.routes, kind, name)
