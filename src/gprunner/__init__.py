"""Runs a worker: settings, container, lifecycle, command line.

``Worker`` and ``Settings`` are loaded when they are asked for, so that ``gp --help`` is quick.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gprunner.settings import Settings
    from gprunner.worker import Worker

__all__ = ["Settings", "Worker"]

_HOMES = {"Settings": "gprunner.settings", "Worker": "gprunner.worker"}


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'gprunner' has no attribute {name!r}")
