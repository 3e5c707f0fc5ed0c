"""The Lua scripts, put together from ``lua/*.lua``."""

from dataclasses import dataclass, field
from hashlib import sha1
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Script:
    """A script with the digest that the server knows it by.

    Attributes:
        name: Of its last part, for error texts.
        source: What ``EVAL`` sends.
        repeatable: Whether running it twice does no harm, so that a call whose reply was lost with
            its connection may be sent again.
        digest: What ``EVALSHA`` sends.
    """

    name: str
    source: str = field(repr=False)
    repeatable: bool
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        digest = sha1(self.source.encode(), usedforsecurity=False).hexdigest()
        object.__setattr__(self, "digest", digest)


def load(*parts: str, repeatable: bool) -> Script:
    """Read ``shared`` and the named parts from the package and join them."""
    folder = files("gpadapters.redis") / "lua"
    sources = [(folder / f"{part}.lua").read_text(encoding="utf-8") for part in ("shared", *parts)]
    return Script(parts[-1], "\n".join(sources), repeatable)
