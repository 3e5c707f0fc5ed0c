"""Clients that are not ours against the stand-in Discord as a program: `make interop`."""
