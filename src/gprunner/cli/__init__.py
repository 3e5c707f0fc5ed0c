"""The ``gp`` command."""

from gprunner.cli.app import main

__all__ = ["main"]
