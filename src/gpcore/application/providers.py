"""What the handlers of one router can ask for by type: its own providers and its includers'."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from gpcore.application.context import AutocompleteContext, InteractionContext
from gpcore.application.declarations import Declarations, Declared, Provision
from gpcore.application.event_context import EventContext
from gpcore.application.faults import Faults
from gpcore.application.injection import CONTEXT, Injected, Origin, Provider, type_name
from gpcore.application.lifespans import Lifespan, yielded_types
from gpcore.application.signatures import NONE_GIVEN, Declaration, Parameter, bare, classes_of, parameters_of

_CONTEXTS: Final = (InteractionContext, AutocompleteContext, EventContext)


class Providers:
    """Compiles a router's ``provide`` and ``lifespan``, and finds what fills a parameter.

    Attributes:
        lifespans: The router's own, in order.
    """

    def __init__(self, declarations: Declarations, parent: "Providers | None", faults: Faults) -> None:
        self._parent: Final = parent
        self._provisions: Final[dict[Any, Provision]] = {}
        self._compiled: Final[dict[Any, Provider]] = {}
        self._in_progress: Final[list[Any]] = []
        self.lifespans: Final[list[Lifespan]] = []
        yielding = list(self._take_lifespans(declarations.lifespans, faults))
        self._take_provisions(declarations.provisions, faults)
        for declared, providers in yielding:
            with faults.collected():
                injected = self._startable(declared, providers)
                self.lifespans.append(Lifespan(declared=declared, injected=injected, providers=providers))

    def inject(self, declaration: Declaration, parameters: Iterable[Parameter]) -> Injected:
        """Return what fills these parameters; one with a default may go without.

        Raises:
            RoutingError: Nothing provides a type, or a parameter has none.
        """
        found = [(parameter.name, self._filling(declaration, parameter)) for parameter in parameters]
        return tuple((name, provider) for name, provider in found if provider is not None)

    def find(self, key: object) -> Provider | None:
        """Return the way to a value of a type: this router's, or else the nearest includer's."""
        if not _is_hashable(key):
            return None
        if key in self._compiled:
            return self._compiled[key]
        if key in self._provisions:
            return self._compile(key, self._provisions[key])
        return self._parent.find(key) if self._parent is not None else None

    def _filling(self, declaration: Declaration, parameter: Parameter) -> Provider | None:
        if parameter.annotation is NONE_GIVEN:
            raise declaration.fault(f"parameter {parameter.name!r} has no annotation, so nothing can fill it")
        if not parameter.by_name:
            raise declaration.fault(f"takes {parameter.name!r} by position only, but it is passed by name")
        wanted = key_of(parameter)
        provider = self.find(wanted)
        if provider is None and parameter.required:
            name = type_name(wanted)
            raise declaration.fault(
                f"parameter {parameter.name!r} is a {name}, which nothing provides:"
                f" call router.provide({name}, …) or yield one from a lifespan"
            )
        return provider

    def _take_lifespans(
        self, lifespans: Iterable[Declared], faults: Faults
    ) -> Iterator[tuple[Declared, tuple[Provider, ...]]]:
        for declared in lifespans:
            with faults.collected():
                types = yielded_types(declared)
                providers = tuple(Provider(type=key, origin=Origin.LIFESPAN, source=declared.source) for key in types)
                for provider in providers:
                    known = self._compiled.setdefault(provider.type, provider)
                    if known is not provider:
                        raise declared.fault(f"yields {provider.name}, which is provided already at {known.source}")
                yield declared, providers

    def _take_provisions(self, provisions: Iterable[Provision], faults: Faults) -> None:
        for provision in provisions:
            known = self._compiled.get(provision.type) or self._provisions.setdefault(provision.type, provision)
            if known is not provision:
                name = type_name(provision.type)
                faults.add(f"{provision.source}: {name} is provided already at {known.source}")
        for key, provision in self._provisions.items():
            with faults.collected():
                self._compile(key, provision)

    def _compile(self, key: object, provision: Provision) -> Provider:
        if key not in self._compiled:
            declared = provision.factory
            self._compiled[key] = Provider(
                type=key,
                origin=Origin.INSTANCE if declared is None else Origin.FACTORY,
                source=provision.source,
                value=provision.instance,
                factory=None if declared is None else declared.function,
                needs=() if declared is None else self._needs(key, declared),
            )
        return self._compiled[key]

    def _needs(self, key: object, declared: Declared) -> tuple[tuple[str, Provider | str], ...]:
        if key in self._in_progress:
            ring = [*self._in_progress[self._in_progress.index(key) :], key]
            raise declared.fault(f"needs itself: {' → '.join(map(type_name, ring))}")
        self._in_progress.append(key)
        try:
            needs: list[tuple[str, Provider | str]] = []
            for parameter in parameters_of(declared, variadic=True):
                if any(issubclass(kind, _CONTEXTS) for kind in classes_of(parameter.annotation)):
                    needs.append((parameter.name, CONTEXT))
                elif parameter.required:
                    needs.extend(self.inject(declared, [parameter]))
            return tuple(needs)
        finally:
            self._in_progress.pop()

    def _startable(self, declared: Declared, own: tuple[Provider, ...]) -> Injected:
        """Return what fills a lifespan's parameters: only what is there when it starts."""
        injected = self.inject(declared, parameters_of(declared))
        later = {provider for provider in self._compiled.values() if provider.origin is Origin.LIFESPAN}
        later -= {provider for lifespan in self.lifespans for provider in lifespan.providers}
        for name, provider in injected:
            behind = set(_behind(provider))
            if CONTEXT in behind:
                raise declared.fault(f"parameter {name!r} is made from a handler's context, which a lifespan has not")
            if behind & (later | set(own)):
                raise declared.fault(f"parameter {name!r} needs what a later lifespan yields: declare that one first")
        return injected


def key_of(parameter: Parameter) -> Any:  # noqa: ANN401 - any annotation can be a key
    """Return the type that a parameter asks for."""
    return bare(parameter.annotation) if parameter.injected else parameter.annotation


def _behind(provider: Provider) -> Iterator[Provider | str]:
    yield provider
    for _, need in provider.needs:
        if isinstance(need, str):
            yield need
        else:
            yield from _behind(need)


def _is_hashable(key: object) -> bool:
    """Tell whether an annotation can be looked up; one with a list in its ``Annotated`` cannot."""
    try:
        hash(key)
    except TypeError:
        return False
    return True
