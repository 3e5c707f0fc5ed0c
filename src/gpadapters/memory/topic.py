"""Routing keys and patterns of topic exchanges."""

from collections.abc import Sequence


def matches(pattern: str, routing_key: str) -> bool:
    """Tell whether a binding's pattern takes a routing key.

    ``*`` stands for exactly one dotted word and ``#`` for any number of words, none included; both
    only as a whole word.
    """
    return _matches(pattern.split("."), routing_key.split("."))


def _matches(pattern: Sequence[str], words: Sequence[str]) -> bool:
    if not pattern:
        return not words
    if pattern[0] == "#":
        return any(_matches(pattern[1:], words[skipped:]) for skipped in range(len(words) + 1))
    if not words:
        return False
    return pattern[0] in {"*", words[0]} and _matches(pattern[1:], words[1:])
