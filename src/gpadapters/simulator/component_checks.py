"""Discord's rules for components and modals."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from gpadapters.simulator import form_checks
from gpadapters.simulator.checks import Faults, Path, array, as_list, as_object, choice, number, text
from gpadapters.simulator.errors import Fault, Json

_ROW: Final = 1
_BUTTON: Final = 2
_STRING_SELECT: Final = 3
_TEXT_INPUT: Final = 4
_TEXT_DISPLAY: Final = 10
_CONTAINER: Final = 17
_LABEL: Final = 18
_SELECTS: Final = frozenset({3, 5, 6, 7, 8})
_IN_ROW: Final = _SELECTS | {_BUTTON}
_LEGACY: Final = frozenset({_ROW})
_V2: Final = frozenset({_ROW, 9, _TEXT_DISPLAY, 12, 13, 14, _CONTAINER})
_IN_MODAL: Final = frozenset({_ROW, _TEXT_DISPLAY, _LABEL})
_IN_LABEL: Final = _SELECTS | form_checks.IN_LABEL | {_TEXT_INPUT}
_LINK: Final = 5
_MOST_V2: Final = 40


def components(path: Path, value: object, *, v2: bool) -> Faults:
    """Yield what is wrong with a message's components."""
    if value is None:
        return
    most = _MOST_V2 if v2 else 5
    yield from array(path, value, most)
    nested = list(_all(value))
    if v2 and len(nested) > _MOST_V2:
        yield Fault(
            path, "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", f"The total number of components is over {_MOST_V2}"
        )
    yield from _unique(path, nested)
    for index, item in enumerate(as_list(value)):
        yield from _component((*path, str(index)), as_object(item), _V2 if v2 else _LEGACY)


def modal(path: Path, data: Json) -> Faults:
    """Yield what is wrong with a modal."""
    yield from text((*path, "title"), data.get("title"), 45, least=1, required=True)
    yield from text((*path, "custom_id"), data.get("custom_id"), 100, least=1, required=True)
    found = data.get("components")
    if found is None:
        yield Fault((*path, "components"), "BASE_TYPE_REQUIRED", "This field is required")
    yield from array((*path, "components"), found, 5, least=1)
    yield from _unique((*path, "components"), list(_all(found)))
    for index, item in enumerate(as_list(found)):
        yield from _component((*path, "components", str(index)), as_object(item), _IN_MODAL)


def _all(value: object) -> Iterator[Json]:
    """Yield every component, however deep; a body this deep was parsed, so the stack holds."""
    for item in as_list(value):
        part = as_object(item)
        yield part
        yield from _all(part.get("components"))
        yield from _all([part[name] for name in ("component", "accessory") if name in part])


def _unique(path: Path, parts: list[Json]) -> Faults:
    ids = Counter(str(part["custom_id"]) for part in parts if "custom_id" in part)
    if any(count > 1 for count in ids.values()):
        yield Fault(path, "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")


def _component(path: Path, part: Json, allowed: frozenset[int]) -> Faults:
    yield from choice((*path, "type"), part.get("type"), allowed)
    kind = part.get("type")
    if kind == _ROW:
        yield from _row(path, part, in_modal=allowed is _IN_MODAL)
    elif kind == _TEXT_DISPLAY:
        yield from text((*path, "content"), part.get("content"), 4000, least=1, required=True)
    elif kind == _CONTAINER:
        yield from array((*path, "components"), part.get("components"), _MOST_V2, least=1)
        for index, child in enumerate(as_list(part.get("components"))):
            yield from _component((*path, "components", str(index)), as_object(child), _V2 - {_CONTAINER})
    elif kind == _LABEL:
        yield from _label(path, part)


def _row(path: Path, row: Json, *, in_modal: bool) -> Faults:
    children = [as_object(child) for child in as_list(row.get("components"))]
    lone = any(child.get("type") != _BUTTON for child in children)
    yield from array((*path, "components"), row.get("components"), 1 if lone else 5, least=1)
    for index, child in enumerate(children):
        yield from _control((*path, "components", str(index)), child, frozenset({_TEXT_INPUT}) if in_modal else _IN_ROW)


def _label(path: Path, label: Json) -> Faults:
    yield from text((*path, "label"), label.get("label"), 45, least=1, required=True)
    yield from text((*path, "description"), label.get("description"), 100)
    inner = as_object(label.get("component"))
    yield from _control((*path, "component"), inner, _IN_LABEL)
    yield from form_checks.field((*path, "component"), inner)


def _control(path: Path, control: Json, allowed: frozenset[int]) -> Faults:
    kind = control.get("type")
    yield from choice((*path, "type"), kind, allowed)
    linked = kind == _BUTTON and control.get("style") == _LINK
    yield from text((*path, "custom_id"), control.get("custom_id"), 100, least=1, required=not linked)
    if kind == _BUTTON:
        yield from choice((*path, "style"), control.get("style"), frozenset(range(1, 7)))
        yield from text((*path, "label"), control.get("label"), 80)
        yield from text((*path, "url"), control.get("url"), 512, least=1, required=linked)
    elif kind in _SELECTS:
        yield from _select(path, control)
    elif kind == _TEXT_INPUT:
        yield from _text_input(path, control)


def _select(path: Path, select: Json) -> Faults:
    yield from text((*path, "placeholder"), select.get("placeholder"), 150)
    yield from number((*path, "min_values"), select.get("min_values"), 25)
    yield from number((*path, "max_values"), select.get("max_values"), 25, least=1)
    if select.get("type") != _STRING_SELECT:
        return
    yield from array((*path, "options"), select.get("options", []), 25, least=1)
    for index, item in enumerate(as_list(select.get("options"))):
        for name in ("label", "value"):
            at = (*path, "options", str(index), name)
            yield from text(at, as_object(item).get(name), 100, least=1, required=True)


def _text_input(path: Path, field: Json) -> Faults:
    yield from choice((*path, "style"), field.get("style"), frozenset({1, 2}))
    yield from number((*path, "min_length"), field.get("min_length"), 4000)
    yield from number((*path, "max_length"), field.get("max_length"), 4000, least=1)
    yield from text((*path, "placeholder"), field.get("placeholder"), 100)
    yield from text((*path, "value"), field.get("value"), 4000)
