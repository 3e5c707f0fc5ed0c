"""What a user can press, choose or fill in, read from Discord's own objects."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

Raw = dict[str, Any]
Preset = str | bool | list[str] | None

ROW: Final = 1
BUTTON: Final = 2
STRING_SELECT: Final = 3
TEXT_INPUT: Final = 4
USER_SELECT: Final = 5
ROLE_SELECT: Final = 6
MENTIONABLE_SELECT: Final = 7
CHANNEL_SELECT: Final = 8
LABEL: Final = 18
FILE_UPLOAD: Final = 19
RADIO_GROUP: Final = 21
CHECKBOX_GROUP: Final = 22
CHECKBOX: Final = 23
SELECTS: Final = frozenset({STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT})
_SINGLE: Final = frozenset({TEXT_INPUT, RADIO_GROUP, CHECKBOX})
_NESTING: Final = ("components", "accessory", "component")


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """A button or select of a message, or a field of a form.

    Attributes:
        custom_id: ``None`` for a button that opens a link.
        type: Discord's component type.
        label: What a button says, or what stands above a field; a select's placeholder.
        disabled: Whether it cannot be used.
        required: Whether a form cannot be sent without it.
        offers: The values of a string select, radio group or checkbox group.
        least, most: How many values a select takes, or how many characters a text field.
        preset: What it holds before anybody touches it: a text, a tick, or the chosen values.
    """

    custom_id: str | None
    type: int
    label: str = ""
    disabled: bool = False
    required: bool = True
    offers: tuple[str, ...] = ()
    least: int = 0
    most: int = 1
    preset: Preset = None

    @property
    def is_select(self) -> bool:
        """Whether values are chosen in it."""
        return self.type in SELECTS

    @property
    def is_text(self) -> bool:
        """Whether text is typed into it."""
        return self.type == TEXT_INPUT

    @property
    def takes_one(self) -> bool:
        """Whether a form gives it a single value, not a list."""
        return self.type in _SINGLE


def controls_of(source: Mapping[str, Any]) -> tuple[Control, ...]:
    """Return what can be used in a message or a form, in order."""
    return tuple(_controls(source.get("components") or (), ""))


def filled(form: Mapping[str, Any], answers: Mapping[str, object]) -> list[Raw]:
    """Return the components of a sent form: those of the opened one, with what was answered by custom id.

    What is not named is sent as the bot has filled it in beforehand.
    """
    return [_filled(part, answers) for part in form["components"]]


def _controls(parts: Sequence[Mapping[str, Any]], label: str) -> Iterator[Control]:
    for part in parts:
        heading = str(part.get("label") or label)
        if part["type"] == BUTTON or "custom_id" in part:
            yield _control(part, heading)
        for name in _NESTING:
            inner = part.get(name) or ()
            yield from _controls([inner] if isinstance(inner, Mapping) else inner, heading)


def _control(part: Mapping[str, Any], label: str) -> Control:
    kind = part["type"]
    text = kind == TEXT_INPUT
    least, most = ("min_length", "max_length") if text else ("min_values", "max_values")
    return Control(
        custom_id=part.get("custom_id"),
        type=kind,
        label=label or str(part.get("placeholder") or (part.get("emoji") or {}).get("name") or ""),
        disabled=bool(part.get("disabled")),
        required=part.get("required") is not False and kind != CHECKBOX,
        offers=tuple(str(line["value"]) for line in part.get("options") or ()),
        least=part.get(least, 0 if text else 1),
        most=part.get(most, len(part.get("options") or ()) if kind == CHECKBOX_GROUP else 4000 if text else 1),
        preset=_preset(part),
    )


def _preset(part: Mapping[str, Any]) -> Preset:
    kind = part["type"]
    if kind == TEXT_INPUT:
        return part.get("value")
    if kind == CHECKBOX:
        return part.get("default") is True
    chosen = [str(line["value"]) for line in part.get("options") or () if line.get("default")]
    if kind == RADIO_GROUP:
        return chosen[0] if chosen else None
    return chosen or None


def _filled(part: Mapping[str, Any], answers: Mapping[str, object]) -> Raw:
    kind = part["type"]
    if kind == LABEL:
        return {"type": LABEL, "component": _filled(part["component"], answers)}
    if "custom_id" not in part:
        inner = [_filled(child, answers) for child in part.get("components") or ()]
        return {"type": kind, "components": inner} if inner else {"type": kind}
    custom_id = part["custom_id"]
    answer = answers.get(custom_id, _preset(part))
    if kind in _SINGLE:
        return {"type": kind, "custom_id": custom_id, "value": answer}
    return {"type": kind, "custom_id": custom_id, "values": answer or []}
