"""Noticing changed source files, for development."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_INTERVAL: Final = 0.5


async def source_changed(folder: Path) -> None:
    """Wait until a Python file below a folder was changed, added or removed.

    Looks twice a second; hidden folders, such as a virtual environment, are left out.
    """
    before = await asyncio.to_thread(_stamps, folder)
    while await asyncio.to_thread(_stamps, folder) == before:  # noqa: ASYNC110 - a file system sets no event
        await asyncio.sleep(_INTERVAL)


def _stamps(folder: Path) -> Mapping[Path, tuple[int, int]]:
    found = {}
    for path in folder.rglob("*.py"):
        if any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue
        try:
            status = path.stat()
        except OSError:  # removed meanwhile
            continue
        found[path] = (status.st_mtime_ns, status.st_size)
    return found
