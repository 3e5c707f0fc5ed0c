"""What the test kit raises when a test asks for something that cannot be."""

from collections.abc import Iterable
from difflib import get_close_matches

from gpcore.errors import GpError


class KitError(GpError, AssertionError):
    """The test asked for something that is not there, or that Discord's client would not let anybody do.

    It is an ``AssertionError`` too, so that a test fails by it instead of breaking.
    """


def near(wanted: str, known: Iterable[str]) -> str:
    """Return the end of a sentence that names what was perhaps meant."""
    names = sorted(set(known))
    if not names:
        return "there is none"
    close = get_close_matches(wanted, names, n=3, cutoff=0.6)
    if close:
        return f"did you mean {' or '.join(map(repr, close))}?"
    return f"there is {', '.join(map(repr, names))}"
