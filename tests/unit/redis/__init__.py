"""The Redis adapter without a server."""
