"""What surrounds the handlers of one router: its own middleware and error handlers, and its includers'."""

from typing import Final

from gpcore.application.declarations import Declarations, Declared
from gpcore.application.faults import Faults
from gpcore.application.handlers import Callee, ErrorHandler, Surroundings
from gpcore.application.providers import Providers
from gpcore.application.signatures import Declaration, check_async, parameters_of


class Scope:
    """The compiled surroundings of one router's handlers.

    Attributes:
        providers: What they can ask for.
        around: What is put around them.
    """

    def __init__(self, declarations: Declarations, parent: "Scope | None", faults: Faults) -> None:
        self.providers: Final[Providers] = Providers(
            declarations, parent.providers if parent is not None else None, faults
        )
        above = parent.around if parent is not None else Surroundings()
        self.around: Final[Surroundings] = Surroundings(
            middleware=(*above.middleware, *self._middleware(declarations, faults)),
            errors=(self._errors(declarations, faults), *above.errors),
            refused=self._refused(declarations, faults) or above.refused,
        )

    def callee(self, declaration: Declaration, passed: int, what: str) -> Callee:
        """Compile a function that is called with ``passed`` arguments by position and the rest injected.

        Raises:
            RoutingError: Its signature does not fit.
        """
        check_async(declaration)
        parameters = parameters_of(declaration)
        if len(parameters) < passed or not all(parameter.by_position for parameter in parameters[:passed]):
            raise declaration.fault(f"must take {what}")
        return Callee(
            function=declaration.function,
            name=getattr(declaration.function, "__name__", ""),
            source=declaration.source,
            injected=self.providers.inject(declaration, parameters[passed:]),
        )

    def _middleware(self, declarations: Declarations, faults: Faults) -> list[Callee]:
        compiled = []
        for declared in declarations.middleware:
            with faults.collected():
                compiled.append(self.callee(declared, 2, "the context and call_next"))
        return compiled

    def _errors(self, declarations: Declarations, faults: Faults) -> tuple[ErrorHandler, ...]:
        compiled: dict[type[Exception], ErrorHandler] = {}
        for catches, declared in declarations.errors:
            with faults.collected():
                _check_caught(catches, declared)
                callee = self.callee(declared, 2, "the context and the error")
                known = compiled.setdefault(catches, ErrorHandler(catches=catches, callee=callee))
                if known.callee is not callee:
                    raise declared.fault(f"catches {catches.__name__}, as the one at {known.callee.source} does")
        return tuple(compiled.values())

    def _refused(self, declarations: Declarations, faults: Faults) -> Callee | None:
        compiled: Callee | None = None
        for declared in declarations.refused:
            with faults.collected():
                if compiled is not None:
                    raise declared.fault(f"is the second one: the router has that at {compiled.source}")
                compiled = self.callee(declared, 2, "the context and the refusal")
        return compiled


def _check_caught(catches: object, declared: Declared) -> None:
    if not (isinstance(catches, type) and issubclass(catches, Exception)):
        raise declared.fault(f"must name a class of exceptions, not {catches!r}")
