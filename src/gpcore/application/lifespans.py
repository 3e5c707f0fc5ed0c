"""Lifespans: what a bot opens before its worker consumes, and closes after the drain."""

import inspect
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, get_args, get_origin

from gpcore.application.boundary import Raised, contain
from gpcore.application.declarations import Declared
from gpcore.application.injection import Injected, Provider
from gpcore.application.signatures import annotations_of
from gpcore.application.supplying import Resources, Supply
from gpcore.errors import LifespanError

_LOG: Final = logging.getLogger("gp.lifespan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifespan:
    """A compiled lifespan.

    Attributes:
        declared: The generator function.
        injected: Parameters that earlier lifespans and providers fill.
        providers: What it yields, in order.
    """

    declared: Declared
    injected: Injected
    providers: tuple[Provider, ...]

    def describe(self) -> Mapping[str, object]:
        """Return what ``gp routes`` shows."""
        return {
            "kind": "lifespan",
            "name": self.declared.function.__name__,
            "provides": [provider.name for provider in self.providers],
            "injected": [f"{name}: {provider.name}" for name, provider in self.injected],
            "source": self.declared.source,
        }


def yielded_types(declared: Declared) -> tuple[object, ...]:
    """Return the types that a lifespan yields, as its return annotation says: ``AsyncIterator[Pool]``.

    ``AsyncIterator[tuple[Pool, Client]]`` yields two, ``AsyncIterator[None]`` none.

    Raises:
        RoutingError: It is no async generator, or does not say what it yields.
    """
    if not inspect.isasyncgenfunction(declared.function):
        raise declared.fault("must be an async generator: an async def with one yield")
    annotation = annotations_of(declared).get("return")
    yielded = get_args(annotation)[:1]
    if not yielded:
        raise declared.fault("must say what it yields: -> AsyncIterator[Pool], or AsyncIterator[None] for nothing")
    if yielded[0] in (None, type(None)):
        return ()
    return get_args(yielded[0]) if get_origin(yielded[0]) is tuple else yielded


@asynccontextmanager
async def started(lifespans: Sequence[Lifespan], resources: Resources) -> AsyncIterator[None]:
    """Start the lifespans in order, and end them in the opposite one, whatever fails.

    One that fails to end is logged: nothing can be done about it, and the others still have to end.

    Raises:
        LifespanError: One did not start; those before it have ended again.
    """
    async with AsyncExitStack() as stack:
        for lifespan in lifespans:
            await stack.enter_async_context(_alive(lifespan, resources, stack))
        yield


@asynccontextmanager
async def _alive(lifespan: Lifespan, resources: Resources, stack: AsyncExitStack) -> AsyncIterator[None]:
    declared = lifespan.declared
    generators: list[AsyncIterator[object]] = []

    async def start() -> tuple[Any, ...]:
        arguments = await Supply(resources, None, stack).arguments(lifespan.injected)
        generators.append(declared.function(**arguments))
        return _values(lifespan, await anext(generators[0]))

    begun = await contain(start())
    if isinstance(begun, Raised):
        _LOG.error("%s did not start", declared.what, exc_info=begun.error)
        # The error's own text may hold an address with a password; the log is redacted.
        reason = type(begun.error).__name__
        raise LifespanError(f"{declared.source}: {declared.what} did not start: {reason}") from begun.error
    for provider, value in zip(lifespan.providers, begun.value, strict=True):
        resources.hold(provider, value)
    try:
        yield
    finally:
        for provider in lifespan.providers:
            resources.drop(provider)
        ended = await contain(_finish(declared, generators[0]))
        if isinstance(ended, Raised):
            _LOG.error("%s failed while it ended", declared.what, exc_info=ended.error)


def _values(lifespan: Lifespan, yielded: object) -> tuple[Any, ...]:
    if len(lifespan.providers) == 1:
        return (yielded,)
    if not lifespan.providers:
        return ()
    values = yielded if isinstance(yielded, tuple) else ()
    if len(values) != len(lifespan.providers):
        wanted = ", ".join(provider.name for provider in lifespan.providers)
        raise TypeError(f"it did not yield what it says: ({wanted})")
    return values


async def _finish(declared: Declared, generator: AsyncIterator[object]) -> None:
    async for _ in generator:
        _LOG.error("%s yields twice; it must yield once", declared.what)
