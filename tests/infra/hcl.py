"""Terraform files as plain values.

Quoted strings lose their quotes; what is an expression stays a string that begins with ``${``.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import hcl2

from tests.infra.files import INFRA

TERRAFORM: Final = INFRA / "terraform"
_NOISE: Final = ("__comments__", "__inline_comments__", "__is_block__")

Module = dict[str, Any]


def modules() -> dict[str, Path]:
    """Return the folders of the modules by name; the root's is empty."""
    return {"": TERRAFORM} | {path.name: path for path in sorted((TERRAFORM / "modules").iterdir())}


@cache
def text(name: str = "") -> str:
    """Return the source of a module."""
    return "\n".join(path.read_text() for path in sorted(modules()[name].glob("*.tf")))


@cache
def module(name: str = "") -> Module:
    """Return everything that a module declares: the lists of its blocks by their kind."""
    found: Module = {}
    for path in sorted(modules()[name].glob("*.tf")):
        for kind, declared in _plain(hcl2.loads(path.read_text())).items():
            found.setdefault(kind, []).extend(declared)
    return found


def values(path: Path) -> Module:
    """Return the variables that a ``.tfvars`` file sets."""
    read: Module = _plain(hcl2.loads(path.read_text()))
    return read


def named(name: str, kind: str) -> dict[str, Any]:
    """Return a module's blocks of a kind with one label, such as ``variable``, by that label."""
    return {label: body for block in module(name).get(kind, []) for label, body in block.items()}


def local_values(name: str) -> Module:
    """Return a module's locals."""
    return {key: value for block in module(name).get("locals", []) for key, value in block.items()}


def resources(kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return every resource of a type in any module, with an address to complain about."""
    for name in modules():
        for block in module(name).get("resource", []):
            for label, body in block.get(kind, {}).items():
                yield f"{name}:{kind}.{label}", body


def resource(kind: str, label: str | None = None) -> dict[str, Any]:
    """Return the only resource of a type (with a label, if one is given)."""
    [found] = [body for address, body in resources(kind) if label is None or address.endswith(f".{label}")]
    return found


def references(name: str, prefix: str) -> set[str]:
    """Return what follows ``prefix.`` anywhere in a module's code."""
    code = re.sub(r"^\s*#.*$", "", text(name), flags=re.MULTILINE)
    return set(re.findall(rf"(?<![\w.]){prefix}\.([\w.]+)", code))


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever the file holds
    if isinstance(value, dict):
        return {_plain(key): _plain(one) for key, one in value.items() if key not in _NOISE}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    quoted = isinstance(value, str) and len(value) > 1 and value[0] == value[-1] == '"'
    return value[1:-1] if quoted else value
