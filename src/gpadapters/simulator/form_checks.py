"""Discord's rules for what only a modal holds, and for selects in one."""

from typing import Final

from gpadapters.simulator.checks import Faults, Path, array, as_list, as_object, number, text
from gpadapters.simulator.errors import Fault, Json

FILE_UPLOAD: Final = 19
RADIO_GROUP: Final = 21
CHECKBOX_GROUP: Final = 22
CHECKBOX: Final = 23
IN_LABEL: Final = frozenset({FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX})
_VALUES: Final = 10


def field(path: Path, part: Json) -> Faults:
    """Yield what is wrong with the component of a label, beyond what is wrong with it anywhere."""
    kind = part.get("type")
    if part.get("disabled"):
        yield Fault((*path, "disabled"), "MODAL_COMPONENT_DISABLED", "Modals cannot have disabled components")
    if part.get("min_values") == 0 and part.get("required") is not False:
        yield Fault((*path, "min_values"), "MODAL_MIN_VALUES_REQUIRED", "Must be at least 1 if required")
    if kind == FILE_UPLOAD:
        yield from _counts(path, part)
    elif kind == RADIO_GROUP:
        yield from _options(path, part, least=2)
    elif kind == CHECKBOX_GROUP:
        yield from _counts(path, part)
        yield from _options(path, part, least=1)


def _counts(path: Path, part: Json) -> Faults:
    yield from number((*path, "min_values"), part.get("min_values"), _VALUES)
    yield from number((*path, "max_values"), part.get("max_values"), _VALUES, least=1)


def _options(path: Path, part: Json, *, least: int) -> Faults:
    yield from array((*path, "options"), part.get("options", []), _VALUES, least=least)
    for index, item in enumerate(as_list(part.get("options"))):
        option, at = as_object(item), (*path, "options", str(index))
        for name in ("label", "value"):
            yield from text((*at, name), option.get(name), 100, least=1, required=True)
        yield from text((*at, "description"), option.get("description"), 100)
