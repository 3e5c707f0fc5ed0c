"""Asking a worker's health endpoint, with the standard library alone."""

import http.client
import json
from typing import Final

_SECONDS: Final = 5.0
_LARGEST: Final = 64 * 1024
_OK: Final = 200


def ask(host: str, port: str, path: str = "/health") -> tuple[bool, str]:
    """Return whether the worker says yes on one of its pages, and what it says or what went wrong."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - the worker's bind address
    if not port.isdecimal() or port == "0":
        return False, f"PORT={port}: set PORT to the port that the worker logged"
    connection = http.client.HTTPConnection(reachable, int(port), timeout=_SECONDS)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read(_LARGEST).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException) as error:
        return False, f"no worker answers on {reachable}:{port}: {error}"
    finally:
        connection.close()
    return response.status == _OK, _pretty(body)


def _pretty(body: str) -> str:
    try:
        return json.dumps(json.loads(body), indent=2)
    except ValueError:
        return body
