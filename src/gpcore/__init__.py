"""The core of gp: what interactions, events and replies mean, and how they are handled."""
