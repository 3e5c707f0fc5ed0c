"""What a bot provides for its handlers, by type."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final


class Inject:
    """Marks a parameter that a provider fills although its type could be an option: ``Annotated[str, Inject]``."""


class Origin(StrEnum):
    """Where a provided value comes from."""

    INSTANCE = "instance"
    """One object, given to ``router.provide``."""
    FACTORY = "factory"
    """Made anew for each call of a handler."""
    LIFESPAN = "lifespan"
    """Yielded by a lifespan, which lives as long as the worker."""


CONTEXT: Final = "context"
"""Stands for the context in a factory's needs."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Provider:
    """A way to a value of some type; compared by identity.

    Attributes:
        type: What it provides: the annotation that asks for it.
        origin: How the value comes about.
        source: ``file:line`` of its declaration.
        value: The object, for an instance.
        factory: Makes the value, for a factory.
        needs: The factory's own parameters, each with what fills it: a provider or ``CONTEXT``.
    """

    type: Any
    origin: Origin
    source: str
    value: object = None
    factory: Callable[..., object] | None = None
    needs: tuple[tuple[str, "Provider | str"], ...] = ()

    @property
    def name(self) -> str:
        """The type as a reader knows it."""
        return type_name(self.type)


Injected = tuple[tuple[str, Provider], ...]
"""Parameters of a function with what fills them."""


def type_name(annotation: object) -> str:
    """Return an annotation as a reader would write it."""
    return annotation.__qualname__.rpartition("<locals>.")[2] if isinstance(annotation, type) else str(annotation)
