"""Scenes for the rows."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.e2e.conftest import Start, World, start, world
from tests.faults.scene import Scene

__all__ = ["scene", "start", "world"]


@pytest.fixture
async def scene(world: World, start: Start, tmp_path: Path) -> AsyncIterator[Scene]:
    """Give a world of the test's own, and its bot's diary."""
    scene = Scene(world, start, tmp_path / "effects")
    yield scene
    await scene.sandbox.disconnect()
