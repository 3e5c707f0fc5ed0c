"""Discord's rules for messages, suggestions and first answers."""

from typing import Final

from gpadapters.simulator import table
from gpadapters.simulator.checks import (
    EPHEMERAL,
    IS_COMPONENTS_V2,
    IS_VOICE_MESSAGE,
    SUPPRESS_EMBEDS,
    SUPPRESS_NOTIFICATIONS,
    Faults,
    Path,
    array,
    as_list,
    as_object,
    flags,
    length,
    text,
)
from gpadapters.simulator.component_checks import components, modal
from gpadapters.simulator.errors import Fault, Json

NEW_FLAGS: Final = SUPPRESS_EMBEDS | EPHEMERAL | SUPPRESS_NOTIFICATIONS | IS_VOICE_MESSAGE | IS_COMPONENTS_V2
EDIT_FLAGS: Final = SUPPRESS_EMBEDS | IS_COMPONENTS_V2
CHANNEL_FLAGS: Final = NEW_FLAGS & ~EPHEMERAL
_EMBED_TEXTS: Final = (("title", 256), ("description", 4096))
_EMBED_TOTAL: Final = 6000


def answer(kind: int, data: Json) -> Faults:
    """Yield what is wrong with a first answer's data."""
    path = ("data",)
    if kind == table.MESSAGE:
        yield from message(path, data, NEW_FLAGS)
    elif kind == table.UPDATE:
        yield from message(path, data, EDIT_FLAGS)
    elif kind == table.DEFERRED_MESSAGE:
        yield from flags((*path, "flags"), data.get("flags"), EPHEMERAL)
    elif kind == table.SUGGESTIONS:
        yield from _suggestions(path, data)
    elif kind == table.MODAL:
        yield from modal(path, data)


def edit(data: Json, target: Json) -> Faults:
    """Yield what is wrong with changes to a message: what they do not name stays."""
    kept = {name: target.get(name) for name in ("content", "embeds")}
    yield from message((), kept | data, EDIT_FLAGS, had_v2=_is_v2(target))


def message(path: Path, data: Json, allowed_flags: int, *, had_v2: bool = False) -> Faults:
    """Yield what is wrong with a message; ``had_v2`` if it already carries IS_COMPONENTS_V2."""
    yield from flags((*path, "flags"), data.get("flags"), allowed_flags)
    v2 = had_v2 or _is_v2(data)
    if v2:
        for name in ("content", "embeds", "poll"):
            if data.get(name):
                yield Fault(
                    (*path, name),
                    "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                    f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
                )
    yield from text((*path, "content"), data.get("content"), 2000)
    yield from _embeds((*path, "embeds"), data.get("embeds"))
    yield from components((*path, "components"), data.get("components"), v2=v2)
    yield from array((*path, "attachments"), data.get("attachments"), 10)
    yield from text((*path, "nonce"), data.get("nonce"), 25)
    mentions = as_object(data.get("allowed_mentions"))
    for name in ("users", "roles"):
        yield from array((*path, "allowed_mentions", name), mentions.get(name), 100)


def _is_v2(data: Json) -> bool:
    given = data.get("flags")
    return isinstance(given, int) and bool(given & IS_COMPONENTS_V2)


def _suggestions(path: Path, data: Json) -> Faults:
    at = (*path, "choices")
    if "choices" not in data:
        yield Fault(at, "BASE_TYPE_REQUIRED", "This field is required")
    yield from array(at, data.get("choices"), 25)
    for index, item in enumerate(as_list(data.get("choices"))):
        choice = as_object(item)
        yield from text((*at, str(index), "name"), choice.get("name"), 100, least=1, required=True)
        value = choice.get("value")
        if not isinstance(value, int | float):
            yield from text((*at, str(index), "value"), value, 100, required=True)


def _embeds(path: Path, value: object) -> Faults:
    yield from array(path, value, 10)
    embeds = [as_object(item) for item in as_list(value)]
    for index, embed in enumerate(embeds):
        yield from _embed((*path, str(index)), embed)
    if sum(_embed_length(embed) for embed in embeds) > _EMBED_TOTAL:
        yield Fault(path, "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {_EMBED_TOTAL}")


def _embed(path: Path, embed: Json) -> Faults:
    for name, most in _EMBED_TEXTS:
        yield from text((*path, name), embed.get(name), most)
    yield from text((*path, "footer", "text"), as_object(embed.get("footer")).get("text"), 2048)
    yield from text((*path, "author", "name"), as_object(embed.get("author")).get("name"), 256)
    yield from array((*path, "fields"), embed.get("fields"), 25)
    for index, item in enumerate(as_list(embed.get("fields"))):
        field = as_object(item)
        yield from text((*path, "fields", str(index), "name"), field.get("name"), 256, least=1, required=True)
        yield from text((*path, "fields", str(index), "value"), field.get("value"), 1024, least=1, required=True)


def _embed_length(embed: Json) -> int:
    fields = [as_object(item) for item in as_list(embed.get("fields"))]
    texts = [
        embed.get("title"),
        embed.get("description"),
        as_object(embed.get("footer")).get("text"),
        as_object(embed.get("author")).get("name"),
        *(field.get(name) for field in fields for name in ("name", "value")),
    ]
    return sum(length(found) for found in texts if isinstance(found, str))
