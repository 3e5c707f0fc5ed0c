"""A headless Chromium that speaks to nobody but this machine."""

import asyncio
import shutil
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--window-size=900,1000",
)
PATIENCE = 60.0


def binary() -> str:
    """Return the browser's path; a missing browser is a failure that says what to install."""
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    assert found is not None, "no Chromium: `make browser` installs it on Debian and Ubuntu"
    return found


async def run(profile: Path, *options: str) -> str:
    """Start the browser with a profile of its own, and return what it writes."""
    process = await asyncio.create_subprocess_exec(
        *(binary(), *_QUIET, f"--user-data-dir={profile}", *options),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        out, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return out.decode()
