"""Finding a bot's router by ``MODULE:ATTR``."""

import importlib
import sys
from pathlib import Path

from gpcore.application.routes import Routes
from gpcore.application.routing import Router
from gpcore.errors import ConfigurationError, RoutingError


def load_router(target: str, *, app_dir: str = ".") -> Router:
    """Import a module and return its router.

    Args:
        target: ``package.module:attribute``; the attribute may have dots.
        app_dir: Put first on the import path, so that a bot need not be installed.

    Raises:
        ConfigurationError: It cannot be found, or is no ``Router``.
    """
    module_name, separator, attribute = target.partition(":")
    if not separator or not module_name or not attribute:
        raise ConfigurationError(f"{target!r} names no bot: give MODULE:ATTR, such as bot:router")
    folder = str(Path(app_dir).resolve())
    if folder not in sys.path:
        sys.path.insert(0, folder)
    try:
        found: object = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is not None and (module_name == error.name or module_name.startswith(f"{error.name}.")):
            hint = f"there is no module {error.name!r} in {app_dir!r} or on the import path; see --app-dir"
            raise ConfigurationError(f"cannot load {target!r}: {hint}") from error
        raise
    for part in attribute.split("."):
        found = getattr(found, part, None)
    if not isinstance(found, Router):
        raise ConfigurationError(f"cannot load {target!r}: {module_name} has no Router named {attribute!r}")
    return found


def compile_router(router: Router) -> Routes:
    """Compile a router, turning its mistakes into a configuration error.

    Raises:
        ConfigurationError: Every mistake, each with file and line.
    """
    try:
        return router.compile()
    except RoutingError as error:
        raise ConfigurationError(str(error).splitlines()) from error
