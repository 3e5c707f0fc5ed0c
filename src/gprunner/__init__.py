"""The runner: the one place where settings, adapters and the core meet."""
