"""Discord's locales, and which one stands in for which."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_ALL: Final = """
ar bg cs da de el en-GB en-US es-419 es-ES fi fr he hi hr hu id it ja ko lt nl no pl pt-BR ro ru sv-SE th tr uk vi
zh-CN zh-TW
"""
LOCALES: Final = frozenset(_ALL.split())

_STAND_INS: Final[Mapping[str, str]] = MappingProxyType({"en-US": "en-GB", "en-GB": "en-US", "es-419": "es-ES"})


def candidates(locale: str | None) -> tuple[str, ...]:
    """Return the locales to look for, best first: the locale itself, then the one that Discord falls back to."""
    if locale is None:
        return ()
    stand_in = _STAND_INS.get(locale)
    return (locale,) if stand_in is None else (locale, stand_in)
