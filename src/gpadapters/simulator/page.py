"""The page at ``/``: what people see of the bot, as a chat."""

from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from itertools import islice
from operator import itemgetter
from typing import Final

from aiohttp import web

from gpadapters.simulator import table
from gpadapters.simulator.interaction_state import ANSWER_SECONDS, SimulatedInteraction
from gpadapters.simulator.page_messages import form_html, message_html, suggestions_html
from gpadapters.simulator.page_style import STYLE
from gpadapters.simulator.world import World
from gpcore.domain.ids import created_at_ms

_MOST_SHOWN: Final = 100
_EVERY_SECONDS: Final = 2
_REFRESH: Final = f'<meta http-equiv="refresh" content="{_EVERY_SECONDS}">'
_FOLLOWING: Final = f'<p>follows every {_EVERY_SECONDS} s</p><a href="?still">Stop</a>'
_STOPPED: Final = '<p class="missed">stands still</p><a href="/">Follow</a>'
_HEADERS: Final = {
    # Nothing is loaded and nothing runs, whatever a bot writes.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_ASKED: Final = {
    table.PING_KIND: "Discord pinged",
    table.COMMAND_KIND: "Somebody used a command",
    table.COMPONENT_KIND: "Somebody used a component",
    table.AUTOCOMPLETE_KIND: "Somebody is typing an option",
    table.MODAL_KIND: "Somebody sent a form",
}
_SILENT: Final = {
    table.PONG: "answered the ping",
    table.DEFERRED_UPDATE: "took note, without a word",
    table.PREMIUM_REQUIRED: "asked for a subscription",
    table.LAUNCH_ACTIVITY: "launched an activity",
}


class Page:
    """Renders the latest interactions and the bot's own messages; never a token."""

    def __init__(self, world: World) -> None:
        self._world = world

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Put the page on a web server."""
        router.add_get("/", self._get)

    async def _get(self, request: web.Request) -> web.Response:
        # Half of a surrogate pair is legal in JSON and not in UTF-8.
        body = self._html(still="still" in request.query).encode("utf-8", "replace")
        return web.Response(body=body, content_type="text/html", charset="utf-8", headers=_HEADERS)

    def _html(self, *, still: bool) -> str:
        # Of one millisecond, what was met last is the newest: the sort leaves equal entries in order.
        shown = sorted(self._entries(), key=itemgetter(0), reverse=True)[:_MOST_SHOWN]
        items = "".join(f"<li>{html}</li>" for _, html in shown)
        chat = f"<ol>{items}</ol>" if items else '<p class="none">Nobody has asked the bot anything yet.</p>'
        return (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"{'' if still else _REFRESH}"
            f"<title>A stand-in Discord</title><style>{STYLE}</style></head><body>"
            f"<header><h1>A stand-in Discord</h1><p>{len(self._world.interactions)} interactions</p>"
            f"{_STOPPED if still else _FOLLOWING}</header>"
            f"<main>{chat}</main></body></html>"
        )

    def _entries(self) -> Iterator[tuple[float, str]]:
        """Yield the time and the HTML of each entry, the newest of each sort first."""
        now = self._world.now()
        for interaction in self._world.interactions.latest(_MOST_SHOWN):
            at = created_at_ms(interaction.id) / 1000
            yield at, _without_token(_interaction_html(interaction, at, now), interaction.token)
        for message in islice(reversed(self._world.messages.values()), _MOST_SHOWN):
            at = created_at_ms(str(message["id"])) / 1000
            yield at, _asked_html(at, f"In channel {message['channel_id']}") + message_html(message)


def _interaction_html(interaction: SimulatedInteraction, at: float, now: float) -> str:
    asked = _ASKED.get(interaction.kind or 0, "Somebody asked something")
    return (
        _asked_html(at, asked)
        + _answer_html(interaction, now)
        + "".join(map(message_html, interaction.messages.values()))
    )


def _answer_html(interaction: SimulatedInteraction, now: float) -> str:
    """Return what an answer says that is no message."""
    first = interaction.first
    if first is None:
        if interaction.age(now) > ANSWER_SECONDS:
            return '<div class="message missed">The application did not respond.</div>'
        return '<p class="note">waiting for an answer</p>'
    if first == table.MODAL:
        return form_html(interaction.answer)
    if first == table.SUGGESTIONS:
        return suggestions_html(interaction.answer)
    if first in _SILENT:
        return f'<p class="note">The bot {_SILENT[first]}.</p>'
    return "" if interaction.messages else '<p class="note">The answer was deleted.</p>'


def _asked_html(at: float, text: str) -> str:
    moment = datetime.fromtimestamp(at, tz=UTC)
    return (
        f'<p class="asked"><b>{escape(text)}</b> <time datetime="{moment.isoformat()}">{moment:%H:%M:%S} UTC</time></p>'
    )


def _without_token(html: str, token: str | None) -> str:
    return html.replace(escape(token), "***") if token else html
