"""One request, taken apart, and what an endpoint makes of it."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from aiohttp import BodyPartReader, web

from gpadapters.simulator.checks import as_object
from gpadapters.simulator.errors import Fault, Json, invalid_form, not_json


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadedFile:
    """A file that was sent along; its content is not kept.

    Attributes:
        name: As it was sent.
        size: Bytes.
        sha256: Of the content, in hexadecimal.
        content_type: As it was sent.
    """

    name: str
    size: int
    sha256: str
    content_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request.

    Attributes:
        params: The path's values.
        query: The query's values.
        body: The JSON body, ``None`` without one.
        files: The uploaded files.
        now: Seconds of the simulator's clock.
    """

    params: Mapping[str, str]
    query: Mapping[str, str]
    body: object
    files: tuple[UploadedFile, ...]
    now: float

    @property
    def fields(self) -> Json:
        """The JSON body's members."""
        return as_object(self.body)


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer; ``body`` is written as JSON, ``None`` as nothing."""

    status: int
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)


Endpoint = Callable[[Asked], Answered]
"""Answers at once, so that one request's effect is never seen half done by another."""


async def read_body(request: web.Request) -> tuple[object, tuple[UploadedFile, ...]]:
    """Return the JSON body and the files beside it.

    Raises:
        ApiError: 50035 for a content type that Discord refuses, 50109 for bad JSON.
    """
    if not request.body_exists:
        return None, ()
    if request.content_type == "application/json":
        return _parsed(await request.read()), ()
    if request.content_type == "multipart/form-data":
        return await _read_parts(request)
    raise invalid_form(
        Fault(("_misc",), "CONTENT_TYPE_INVALID", "Expected Content-Type application/json or multipart/form-data")
    )


async def _read_parts(request: web.Request) -> tuple[object, tuple[UploadedFile, ...]]:
    body: object = None
    files: list[UploadedFile] = []
    parts = await request.multipart()
    while (part := await parts.next()) is not None:
        if not isinstance(part, BodyPartReader):
            continue
        content = await part.read()
        if part.name == "payload_json":
            body = _parsed(bytes(content))
        elif part.name is not None and part.name.startswith("files["):
            files.append(_uploaded(part, bytes(content)))
    return body, tuple(files)


def _uploaded(part: BodyPartReader, content: bytes) -> UploadedFile:
    return UploadedFile(
        name=part.filename or "",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content_type=part.headers.get("Content-Type", "application/octet-stream"),
    )


def _parsed(content: bytes) -> object:
    try:
        value: object = json.loads(content)
    except (ValueError, RecursionError):
        raise not_json() from None
    return value
