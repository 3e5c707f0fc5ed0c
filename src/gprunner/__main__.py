"""``python -m gprunner`` is ``gp``."""

from gprunner.cli import main

main()
