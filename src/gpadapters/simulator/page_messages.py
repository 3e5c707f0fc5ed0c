"""Messages, forms and suggestions as HTML. Whatever a bot wrote is text here, never markup."""

from collections.abc import Iterator
from html import escape
from typing import Final

from gpadapters.simulator.checks import EPHEMERAL, LOADING, as_list, as_object
from gpadapters.simulator.errors import Json

_BUTTON: Final = 2
_TEXT: Final = 10
_SELECTS: Final = frozenset({3, 5, 6, 7, 8})
_MOST_PARTS: Final = 200
_WHITE: Final = 0xFFFFFF


def message_html(message: Json) -> str:
    """Return one message of the bot."""
    flags = _number(message.get("flags"))
    author = _text(as_object(message.get("author")).get("username")) or "the bot"
    notes = [
        text
        for text, holds in (
            ("only its user sees this", flags & EPHEMERAL),
            ("edited", message.get("edited_timestamp")),
        )
        if holds
    ]
    inside = [f'<span class="who">{escape(author)}</span><span class="note">{", ".join(notes)}</span>']
    if flags & LOADING:
        inside.append('<p class="note thinking">is thinking…</p>')
    inside += _paragraph(message.get("content"))
    inside += [_embed_html(as_object(embed)) for embed in as_list(message.get("embeds"))]
    parts = [*_components(message.get("components")), *_files(message.get("attachments"))]
    if parts:
        inside.append(f'<div class="parts">{"".join(parts)}</div>')
    return f'<div class="message">{"".join(inside)}</div>'


def form_html(data: Json) -> str:
    """Return a modal."""
    title = f'<span class="note">opens a form</span><p>{escape(_text(data.get("title")))}</p>'
    return f'<div class="message">{title}<div class="parts">{"".join(_components(data.get("components")))}</div></div>'


def suggestions_html(data: Json) -> str:
    """Return what an autocomplete suggests."""
    names = [_text(as_object(choice).get("name")) for choice in as_list(data.get("choices"))]
    parts = "".join(_part(name) for name in names) or '<span class="note">nothing</span>'
    return f'<div class="message"><span class="note">suggests</span><div class="parts">{parts}</div></div>'


def _paragraph(content: object) -> list[str]:
    text = _text(content)
    return [f"<p>{escape(text)}</p>"] if text else []


def _embed_html(embed: Json) -> str:
    inside = []
    if _text(embed.get("title")):
        inside.append(f"<h2>{escape(_text(embed.get('title')))}</h2>")
    inside += _paragraph(embed.get("description"))
    for item in map(as_object, as_list(embed.get("fields"))):
        inside.append(f"<p><b>{escape(_text(item.get('name')))}</b> {escape(_text(item.get('value')))}</p>")
    inside += _paragraph(as_object(embed.get("footer")).get("text"))
    colour = _number(embed.get("color"))
    style = f' style="border-left-color:#{colour:06x}"' if 0 < colour <= _WHITE else ""
    return f'<div class="embed"{style}>{"".join(inside)}</div>'


def _components(components: object) -> Iterator[str]:
    """Yield what the components say, at most the first two hundred, without recursion."""
    pending = [as_object(item) for item in reversed(as_list(components))]
    for _ in range(_MOST_PARTS):
        if not pending:
            return
        one = pending.pop()
        kind, label = one.get("type"), _text(one.get("label"))
        if kind == _TEXT:
            yield f"<p>{escape(_text(one.get('content')))}</p>"
        elif kind == _BUTTON:
            yield _part(label or _text(as_object(one.get("emoji")).get("name")) or "a button")
        elif kind in _SELECTS:
            yield _part(f"▾ {_text(one.get('placeholder')) or 'choose'}")
        elif label:
            yield _part(label)
        inner = [*as_list(one.get("components")), one.get("accessory"), one.get("component")]
        pending += [as_object(item) for item in reversed(inner) if isinstance(item, dict)]


def _files(attachments: object) -> Iterator[str]:
    for item in map(as_object, as_list(attachments)):
        yield _part(f"📎 {_text(item.get('filename')) or 'a file'}")


def _part(text: str) -> str:
    return f'<span class="part">{escape(text)}</span>'


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
