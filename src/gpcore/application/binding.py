"""From a declared handler to one that is ready to run: what fills each of its parameters."""

from typing import Final

from gpcore.application.contexts import check_context
from gpcore.application.declarations import Declared, source_of
from gpcore.application.handlers import Callee, CompiledHandler, Function, HandlerKind, Registration
from gpcore.application.injection import Injected
from gpcore.application.names import check_name
from gpcore.application.options import sort_parameters
from gpcore.application.policies import check_policy
from gpcore.application.scopes import Scope
from gpcore.application.signatures import NONE_GIVEN, Parameter, check_async, parameters_of
from gpcore.domain.custom_ids import CustomIdTemplate
from gpcore.domain.entities import Member, User
from gpcore.domain.options import OptionSpec
from gpcore.errors import RoutingError

_MENUS: Final = (HandlerKind.USER_COMMAND, HandlerKind.MESSAGE_COMMAND)


def bind(registration: Registration, scope: Scope) -> CompiledHandler:
    """Compile one registration with what surrounds it.

    Raises:
        RoutingError: The signature does not fit the kind of handler.
    """
    check_name(registration)
    check_policy(registration)
    check_async(registration)
    parameters = parameters_of(registration)
    check_context(registration, parameters)
    return _Binding(registration, parameters[1:], scope).compile()


class _Binding:
    """One registration being compiled.

    Attributes:
        parameters: Those after the context.
    """

    def __init__(self, registration: Registration, parameters: list[Parameter], scope: Scope) -> None:
        self.registration: Final = registration
        self.parameters: Final = parameters
        self.scope: Final = scope

    def compile(self) -> CompiledHandler:
        kind = self.registration.kind
        if kind is HandlerKind.COMMAND:
            options, rest = sort_parameters(self.registration, self.parameters, self.scope.providers)
            return self._handler(rest, options=options)
        if kind in (HandlerKind.COMPONENT, HandlerKind.MODAL):
            return self._with_template()
        if kind in _MENUS:
            return self._with_target()
        if kind is HandlerKind.AUTOCOMPLETE:
            if not self.parameters or not self.parameters[0].by_position:
                raise self.registration.fault("must take the text typed so far after the context")
            return self._handler(self.parameters[1:], suffix=f":{self.registration.option}")
        return self._handler(self.parameters)

    def _handler(
        self,
        injected: list[Parameter],
        *,
        suffix: str = "",
        options: tuple[OptionSpec, ...] = (),
        template: CustomIdTemplate | None = None,
        target: Parameter | None = None,
    ) -> CompiledHandler:
        registration = self.registration
        return CompiledHandler(
            registration=registration,
            label=f"{registration.kind.value}:{registration.name}{suffix}",
            options=options,
            template=template,
            target=None if target is None else target.name,
            target_is_member=target is not None and target.annotation is Member,
            injected=self._inject(injected),
            checks=tuple(self._check(check) for check in registration.policy.checks),
            around=self.scope.around,
        )

    def _inject(self, parameters: list[Parameter]) -> Injected:
        return self.scope.providers.inject(self.registration, parameters)

    def _check(self, check: Function) -> Callee:
        name = getattr(check, "__name__", type(check).__name__)
        declared = Declared(what=f"check {name!r}", function=check, source=source_of(check))
        return self.scope.callee(declared, 1, "the context")

    def _with_template(self) -> CompiledHandler:
        try:
            template = CustomIdTemplate.parse(self.registration.name)
        except RoutingError as error:
            raise self.registration.fault(str(error)) from error
        given = {parameter.name: parameter for parameter in self.parameters}
        missing = sorted(set(template.parameters) - set(given))
        if missing:
            wanted = sorted(template.parameters)
            raise self.registration.fault(f"takes {sorted(given)}, but its template has {wanted}")
        for name, kind in template.parameters.items():
            if given[name].annotation not in (NONE_GIVEN, kind):
                raise self.registration.fault(f"parameter {name!r} must be {kind.__name__}, as in the template")
        rest = [parameter for parameter in self.parameters if parameter.name not in template.parameters]
        return self._handler(rest, template=template)

    def _with_target(self) -> CompiledHandler:
        providers = self.scope.providers
        targets = [
            parameter
            for parameter in self.parameters
            if not parameter.injected and providers.find(parameter.annotation) is None
        ]
        if not targets or any(parameter.required for parameter in targets[1:]):
            raise self.registration.fault("must take the target after the context")
        target = targets[0]
        if self.registration.kind is HandlerKind.USER_COMMAND and target.annotation not in (User, Member):
            raise self.registration.fault(f"parameter {target.name!r} must be User or Member")
        return self._handler([one for one in self.parameters if one not in targets], target=target)
