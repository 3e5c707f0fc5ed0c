"""Reading the signature of a function that a bot declared.

Annotations are resolved once, when the router is compiled, so forward references and lazy
annotations work; every mistake names the function's file and line.
"""

import functools
import inspect
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Protocol, Union, get_args, get_origin, get_type_hints

from gpcore.application.injection import Inject
from gpcore.errors import RoutingError

NONE_GIVEN = inspect.Parameter.empty
"""The default of a parameter that has none, and the annotation of one without."""

_BY_POSITION = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


class Declaration(Protocol):
    """Something declared with a function."""

    @property
    def function(self) -> Callable[..., Any]:
        """The function."""
        ...

    @property
    def source(self) -> str:
        """``file:line`` of it."""
        ...

    @property
    def names(self) -> Mapping[str, object]:
        """What its annotations may name beside the globals of its module."""
        ...

    def fault(self, problem: str) -> RoutingError:
        """Return what is wrong with it as an error."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter with its resolved annotation.

    Attributes:
        annotation: ``NONE_GIVEN`` if there is none.
        default: ``NONE_GIVEN`` if there is none.
        by_position: Whether it can be passed by position.
        by_name: Whether it can be passed by name.
    """

    name: str
    annotation: object = NONE_GIVEN
    default: object = NONE_GIVEN
    by_position: bool = True
    by_name: bool = True

    @property
    def required(self) -> bool:
        """Whether it has no default."""
        return self.default is NONE_GIVEN

    @property
    def injected(self) -> bool:
        """Whether it is marked with ``Inject``."""
        return any(extra is Inject or isinstance(extra, Inject) for extra in extras_of(self.annotation))


def parameters_of(declaration: Declaration, *, variadic: bool = False) -> list[Parameter]:
    """Return the parameters of a declared function.

    Args:
        declaration: The function.
        variadic: Whether parameters that take any number of values may be left out of account.

    Raises:
        RoutingError: An annotation cannot be resolved, or a parameter takes any number of values.
    """
    try:
        signature = inspect.signature(declaration.function)
    except ValueError:
        # A callable that does not tell, such as a container's provider, takes nothing.
        return []
    hints = annotations_of(declaration)
    found = []
    for parameter in signature.parameters.values():
        if parameter.kind in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD):
            if variadic:
                continue
            raise declaration.fault(f"takes *{parameter.name}: name each parameter")
        found.append(
            Parameter(
                name=parameter.name,
                annotation=hints.get(parameter.name, NONE_GIVEN),
                default=parameter.default,
                by_position=parameter.kind in _BY_POSITION,
                by_name=parameter.kind is not inspect.Parameter.POSITIONAL_ONLY,
            )
        )
    return found


def annotations_of(declaration: Declaration) -> Mapping[str, Any]:
    """Return a declared function's resolved annotations, ``return`` among them.

    Raises:
        RoutingError: One cannot be resolved.
    """
    function: Any = declaration.function
    # The parameters of a class are those of its constructor, those of an object that can be called its method's.
    annotated: Any = inspect.getattr_static(function, "__init__") if isinstance(function, type) else function
    if not hasattr(annotated, "__annotations__"):
        annotated = type(annotated).__call__
        if not hasattr(annotated, "__annotations__"):
            return {}
    try:
        return get_type_hints(annotated, localns=dict(declaration.names), include_extras=True)
    except (NameError, AttributeError, TypeError, SyntaxError) as error:
        hint = "; import it at run time too, not only for type checkers" if isinstance(error, NameError) else ""
        raise declaration.fault(f"has an annotation that cannot be resolved: {error}{hint}") from error


def check_async(declaration: Declaration) -> None:
    """Refuse a function that is not an ``async def``.

    Raises:
        RoutingError: It is not.
    """
    if isinstance(declaration.function, functools.partial):
        raise declaration.fault("is a functools.partial, which hides annotations: write an async def that calls it")
    if not inspect.iscoroutinefunction(declaration.function):
        raise declaration.fault("must be an async def")


def extras_of(annotation: object) -> tuple[object, ...]:
    """Return what ``Annotated`` adds to a type."""
    return get_args(annotation)[1:] if get_origin(annotation) is Annotated else ()


def bare(annotation: object) -> object:
    """Return a type without what ``Annotated`` adds."""
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def classes_of(annotation: object) -> tuple[type, ...]:
    """Return the classes that an annotation names: each of a union, without their own parameters."""
    inner = bare(annotation)
    origin = get_origin(inner)
    if origin in (Union, types.UnionType):
        return tuple(kind for member in get_args(inner) for kind in classes_of(member))
    found = inner if origin is None else origin
    return (found,) if isinstance(found, type) and found not in (NONE_GIVEN, Any) else ()
