"""The in-memory twins keep the ports' contracts."""
