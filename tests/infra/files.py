"""Reads what is shipped: Dockerfile, YAML and HCL."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).parents[2]
INFRA: Final = ROOT / "infra"
_CONTINUED: Final = re.compile(r"\\\n\s*")


def instructions(dockerfile: str) -> list[tuple[str, str]]:
    """Return a Dockerfile's instructions in order, each joined to one line."""
    lines = [line for line in dockerfile.splitlines() if not line.lstrip().startswith("#")]
    joined = _CONTINUED.sub(" ", "\n".join(lines))
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in joined.splitlines()) if word]


def last_stage(dockerfile: str) -> Mapping[str, Sequence[str]]:
    """Return the instructions of the stage that is shipped, by their word."""
    found: dict[str, list[str]] = {}
    for word, rest in instructions(dockerfile):
        found = {} if word == "FROM" else found
        found.setdefault(word, []).append(rest)
    return found


def document(path: Path) -> Any:  # noqa: ANN401 - whatever the file holds
    """Return a file of one YAML document."""
    return yaml.safe_load(path.read_text())


def documents(path: Path) -> Iterator[Any]:
    """Return the documents of a YAML file."""
    yield from (one for one in yaml.safe_load_all(path.read_text()) if one is not None)


def seconds(duration: str) -> float:
    """Return a compose or Kubernetes duration such as ``30s`` or ``2m``."""
    number, unit = re.fullmatch(r"(\d+)(s|m)", duration).groups()  # type: ignore[union-attr]  # a mismatch fails the test
    return float(number) * {"s": 1, "m": 60}[unit]


def made_targets() -> set[str]:
    """Return the targets that `make` knows."""
    text = (ROOT / "Makefile").read_text() + (INFRA / "checks.mk").read_text()
    return set(re.findall(r"^([\w-]+):", text, re.MULTILINE))
