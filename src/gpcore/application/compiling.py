"""From a router and those it includes to the table of handlers."""

import re
from dataclasses import replace
from typing import Final

from gpcore.application.binding import bind
from gpcore.application.declarations import Declarations, Group, Inclusion
from gpcore.application.declared_commands import define_commands
from gpcore.application.faults import Faults
from gpcore.application.handlers import HandlerKind, Registration
from gpcore.application.routes import Routes
from gpcore.application.scopes import Scope
from gpcore.application.texts import Wordings
from gpcore.domain.locales import LOCALES
from gpcore.domain.options import NAME_PATTERN
from gpcore.errors import RoutingError

MOST_WORDS: Final = 3
_PREFIX: Final = re.compile(rf"{NAME_PATTERN}( {NAME_PATTERN})?")
_PREFIXED: Final = (HandlerKind.COMMAND, HandlerKind.AUTOCOMPLETE)


def compile_routes(declarations: Declarations, texts: Wordings) -> Routes:
    """Check everything that was declared.

    Raises:
        RoutingError: Every mistake found, a line each, with file and line.
    """
    return _Compilation(declarations, texts).compile()


class _Compilation:
    """One walk over a tree of routers."""

    def __init__(self, root: Declarations, texts: Wordings) -> None:
        self._root: Final = root
        self._faults: Final = Faults()
        self._routes: Final = Routes(texts)
        self._scopes: Final[dict[tuple[int, int], Scope]] = {}
        self._groups: Final[list[Group]] = []

    def compile(self) -> Routes:
        self._check_languages()
        self._walk(self._root, None, ())
        self._faults.add(*self._routes.loose_ends())
        defined = define_commands(self._routes, self._groups)
        self._faults.add(*defined.faults)
        self._routes.commands.extend(defined.commands)
        self._faults.check()
        return self._routes

    def _check_languages(self) -> None:
        for locale in self._routes.texts.by_locale.keys() - LOCALES:
            self._faults.add(f"Router(texts=…): {locale!r} is none of Discord's locales, such as de or en-GB")

    def _walk(self, declarations: Declarations, parent: Scope | None, above: tuple[Inclusion, ...]) -> None:
        scope = self._scope(declarations, parent)
        prefixes = [inclusion.prefix for inclusion in above if inclusion.prefix]
        self._groups.extend(replace(one, name=" ".join([*prefixes, one.name])) for one in declarations.groups)
        for item in declarations.items:
            with self._faults.collected():
                if isinstance(item, Registration):
                    self._routes.add(bind(_prefixed(item, above), scope))
                    continue
                if item.declarations in (self._root, *(one.declarations for one in above)):
                    raise RoutingError(f"{item.source}: a router cannot include itself")
                _check_prefix(item)
                self._walk(item.declarations, scope, (*above, item))

    def _scope(self, declarations: Declarations, parent: Scope | None) -> Scope:
        """Return a router's scope; one that the same router includes twice has its lifespans once."""
        key = (id(declarations), id(parent))
        if key not in self._scopes:
            self._scopes[key] = scope = Scope(declarations, parent, self._faults)
            self._routes.lifespans.extend(scope.providers.lifespans)
        return self._scopes[key]


def _prefixed(registration: Registration, above: tuple[Inclusion, ...]) -> Registration:
    """Put the words of the inclusions before a command's name; nothing else has words to put them before."""
    prefixes = [inclusion for inclusion in above if inclusion.prefix]
    if registration.kind not in _PREFIXED or not prefixes:
        return registration
    name = " ".join([*(inclusion.prefix for inclusion in prefixes), registration.name])
    if len(name.split()) > MOST_WORDS:
        where = ", ".join(f"{inclusion.prefix!r} at {inclusion.source}" for inclusion in prefixes)
        raise registration.fault(f"has more than {MOST_WORDS} words with the prefix {where}")
    return replace(registration, name=name)


def _check_prefix(inclusion: Inclusion) -> None:
    prefix = inclusion.prefix
    if prefix and (not _PREFIX.fullmatch(prefix) or prefix != prefix.lower()):
        raise RoutingError(
            f"{inclusion.source}: prefix {prefix!r}: give one or two lower-case words of letters, digits, - and _"
        )
