"""Filling parameters with what a bot provides, for one call of a handler at a time."""

import contextlib
import inspect
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncContextDecorator, AsyncExitStack
from typing import Final, TypeVar, cast

from gpcore.application.injection import Injected, Origin, Provider
from gpcore.errors import ConfigurationError

Value = TypeVar("Value")


class Resources:
    """What the lifespans of one worker have yielded."""

    def __init__(self) -> None:
        self._held: Final[dict[Provider, object]] = {}

    def hold(self, provider: Provider, value: object) -> None:
        """Keep a lifespan's value for the handlers."""
        self._held[provider] = value

    def drop(self, provider: Provider) -> None:
        """Forget a value whose lifespan ends."""
        self._held.pop(provider, None)

    def of(self, provider: Provider) -> object:
        """Return a lifespan's value.

        Raises:
            ConfigurationError: The lifespan was not started.
        """
        if provider not in self._held:
            raise ConfigurationError(f"{provider.source}: the lifespan that provides {provider.name} was not started")
        return self._held[provider]


class Supply:
    """The provided values of one call; each factory is asked at most once."""

    def __init__(self, resources: Resources, context: object, stack: AsyncExitStack) -> None:
        self._resources: Final = resources
        self._context: Final = context
        self._stack: Final = stack
        self._made: Final[dict[Provider, object]] = {}

    async def arguments(self, injected: Injected) -> dict[str, object]:
        """Return the values of these parameters by name; raises whatever a factory raises."""
        return {name: await self._value(provider) for name, provider in injected}

    async def _value(self, provider: Provider) -> object:
        if provider.origin is Origin.INSTANCE:
            return provider.value
        if provider.origin is Origin.LIFESPAN:
            return self._resources.of(provider)
        if provider not in self._made:
            self._made[provider] = await self._make(provider)
        return self._made[provider]

    async def _make(self, provider: Provider) -> object:
        needed: dict[str, object] = {}
        for name, need in provider.needs:
            needed[name] = self._context if isinstance(need, str) else await self._value(need)
        factory = cast("Callable[..., object]", provider.factory)
        made = factory(**needed)
        if _is_wanted(provider, made) is not True:
            made = await self._finish(provider, made)
        if _is_wanted(provider, made) is False:
            raise TypeError(f"{provider.source}: what provides {provider.name} made a {type(made).__name__}")
        return made

    async def _finish(self, provider: Provider, made: object) -> object:
        """Turn what a factory returned into the value: enter a context manager, await what can be awaited."""
        if inspect.isasyncgen(made):
            generator = made
            made = contextlib.asynccontextmanager(lambda: generator)()
        # Whether a client that can be entered is itself the value cannot be known where the type cannot be asked.
        entered = AbstractAsyncContextManager if _is_wanted(provider, made) is False else AsyncContextDecorator
        if isinstance(made, entered) and isinstance(made, AbstractAsyncContextManager):
            return await self._stack.enter_async_context(made)
        return await made if isinstance(made, Awaitable) else made


async def supplied(resources: Resources, context: object, work: Callable[[Supply], Awaitable[Value]]) -> Value:
    """Do the work with a supply, and end what its factories opened whatever happens.

    Raises:
        RuntimeError: A factory's context manager has swallowed an exception of the work.
    """
    async with AsyncExitStack() as stack:
        return await work(Supply(resources, context, stack))
    raise RuntimeError("something that was provided swallowed an exception: let it pass on")


def _is_wanted(provider: Provider, value: object) -> bool | None:
    """Tell whether a value is of the provided type; ``None`` where the type cannot be asked (a protocol, a generic).

    A client may well be a context manager too: one that is of the type itself is never entered.
    """
    try:
        return isinstance(value, provider.type)
    except TypeError:
        return None
