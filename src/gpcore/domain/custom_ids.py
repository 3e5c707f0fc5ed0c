"""Custom ids with parameters: ``confirm:{order_id:int}``.

A template is text with named parameters in braces, each ``str`` (default) or ``int``. A ``str``
takes one or more characters. Values that would be read back differently, such as one with the text
that follows it in the template, are refused, so that building and matching are inverse.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gpcore.domain.utf16 import units
from gpcore.errors import RoutingError

LARGEST_CUSTOM_ID: Final = 100
"""Characters, counted in UTF-16 units to be on the safe side of Discord's count."""

_PARAMETER: Final = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)(?::([a-z]+))?\}")
_PATTERNS: Final = {"str": r"(?s:.+?)", "int": r"0|-?[1-9][0-9]{0,18}"}

Value = str | int


@dataclass(frozen=True, slots=True)
class CustomIdTemplate:
    """A parsed template.

    Attributes:
        text: As written.
        parameters: Parameter names with ``str`` or ``int``, in order.
        literal: The length of its fixed text: the more, the more specific.
    """

    text: str
    parameters: Mapping[str, type[Value]]
    literal: int
    _pattern: re.Pattern[str]

    @classmethod
    def parse(cls, text: str) -> "CustomIdTemplate":
        """Parse a template.

        Raises:
            RoutingError: It is empty, too long, has an unknown type, a name twice, or two
                parameters with nothing between them.
        """
        pattern, parameters, position, literal = "", dict[str, type[Value]](), 0, 0
        for match in _PARAMETER.finditer(text):
            name, kind = match[1], match[2] or "str"
            between = text[position : match.start()]
            _check_parameter(text, name, kind, between, parameters, first=position == 0)
            pattern += re.escape(between) + f"(?P<{name}>{_PATTERNS[kind]})"
            parameters[name] = int if kind == "int" else str
            literal += len(between)
            position = match.end()
        rest = text[position:]
        if "{" in _PARAMETER.sub("", text) or "}" in _PARAMETER.sub("", text):
            raise RoutingError(f"custom id template {text!r}: a brace is left over; write {{name}} or {{name:int}}")
        if not text or units(text) > LARGEST_CUSTOM_ID:
            raise RoutingError(f"custom id template {text!r}: give 1 to {LARGEST_CUSTOM_ID} characters")
        return cls(text, parameters, literal + len(rest), re.compile(pattern + re.escape(rest)))

    def match(self, custom_id: str) -> dict[str, Value] | None:
        """Return the parameters in ``custom_id``, or ``None`` if it is not of this template."""
        found = self._pattern.fullmatch(custom_id)
        if found is None:
            return None
        return {name: kind(found[name]) for name, kind in self.parameters.items()}

    def build(self, parameters: Mapping[str, object]) -> str:
        """Return the custom id for these parameters.

        Raises:
            ValueError: A parameter is missing, unknown, of the wrong type, or would make an id
                that is too long or reads back differently.
        """
        if set(parameters) != set(self.parameters):
            given, wanted = sorted(parameters), sorted(self.parameters)
            raise ValueError(f"custom id {self.text!r} takes {wanted}, not {given}")
        for name, kind in self.parameters.items():
            if type(parameters[name]) is not kind:
                raise ValueError(f"custom id {self.text!r}: {name} must be {kind.__name__}")
        custom_id = _PARAMETER.sub(lambda found: str(parameters[found[1]]), self.text)
        if units(custom_id) > LARGEST_CUSTOM_ID:
            raise ValueError(f"custom id {self.text!r}: longer than {LARGEST_CUSTOM_ID} characters with these values")
        if self.match(custom_id) != dict(parameters):
            raise ValueError(f"custom id {self.text!r}: a value contains the text that follows it in the template")
        return custom_id


def _check_parameter(
    text: str, name: str, kind: str, between: str, known: Mapping[str, type[Value]], *, first: bool
) -> None:
    if kind not in _PATTERNS:
        raise RoutingError(f"custom id template {text!r}: {name} is of type {kind!r}; use str or int")
    if name in known:
        raise RoutingError(f"custom id template {text!r}: {name} appears twice")
    if not between and not first:
        raise RoutingError(f"custom id template {text!r}: put text between {{{list(known)[-1]}}} and {{{name}}}")
