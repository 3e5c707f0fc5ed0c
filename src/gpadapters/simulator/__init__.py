"""A stand-in Discord REST server, for demos, tests and load."""
