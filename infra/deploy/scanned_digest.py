"""Finds what the registry scans: of an index the image for linux/amd64, since an index itself is never scanned.

``docker buildx imagetools inspect --raw IMAGE | python3 scanned_digest.py DIGEST``; DIGEST is that of IMAGE.
"""

import json
import sys
from typing import Any


def scanned(manifest: dict[str, Any], digest: str) -> str:
    """Return the digest of the image inside an index, or the one given if it is an image itself."""
    if "manifests" not in manifest:
        return digest
    # What an image was made of lies beside it, for a platform that is unknown.
    [image] = [one["digest"] for one in manifest["manifests"] if _is_run(one.get("platform", {}))]
    return str(image)


def _is_run(platform: dict[str, str]) -> bool:
    return (platform.get("os"), platform.get("architecture")) == ("linux", "amd64")


if __name__ == "__main__":
    print(scanned(json.load(sys.stdin), sys.argv[1]))
