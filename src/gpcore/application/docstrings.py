"""What a handler's docstring says about its parameters."""

import inspect
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

_SECTION: Final = re.compile(r"(Args|Arguments|Parameters):\s*")
_ENTRY: Final = re.compile(r"( +)\*{0,2}(\w+)(?: *\([^)]*\))?: *(.*)")


def described_arguments(function: Callable[..., Any]) -> Mapping[str, str]:
    """Return the descriptions in a docstring's ``Args:`` section by parameter, each on one line.

    Only Google's style is read: an indented ``name: text``, with further lines indented more.
    """
    lines = iter((inspect.getdoc(function) or "").splitlines())
    for line in lines:
        if _SECTION.fullmatch(line):
            break
    found: dict[str, str] = {}
    current, depth = "", 0
    for line in lines:
        if line.strip() and not line.startswith(" "):
            break
        entry = _ENTRY.fullmatch(line)
        if entry is not None and (not depth or len(entry[1]) == depth):
            current, depth = entry[2], len(entry[1])
            found[current] = entry[3]
        elif current and line.strip():
            found[current] = f"{found[current]} {line.strip()}".strip()
    return found
