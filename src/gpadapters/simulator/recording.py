"""What was asked of the simulator, without any token."""

from collections import Counter, deque
from dataclasses import asdict, dataclass, field
from typing import Final

from gpadapters.simulator.asking import UploadedFile
from gpadapters.simulator.errors import Json

_MOST_KEPT: Final = 20_000


@dataclass(slots=True, kw_only=True)
class RecordedRequest:
    """One request.

    Attributes:
        at: Seconds of the simulator's clock when it came in.
        method: HTTP method.
        template: Path with names in place of values, below the API's base.
        interaction_id: Which interaction it is for, if that is known.
        headers: Names of the headers, lower case, sorted.
        user_agent: The User-Agent.
        body: The JSON body, ``None`` without one.
        uploads: The uploaded files.
        status: Of the answer; 0 if the connection was dropped or nothing was ever answered.
        fault: The kind of the injected fault that it met.
    """

    at: float
    method: str
    template: str
    interaction_id: str | None = None
    headers: tuple[str, ...] = ()
    user_agent: str = ""
    body: object = None
    uploads: tuple[UploadedFile, ...] = ()
    status: int = 0
    fault: str | None = None

    @property
    def files(self) -> tuple[str, ...]:
        """Names of the uploaded files."""
        return tuple(upload.name for upload in self.uploads)

    def as_json(self) -> Json:
        """Return the request as a JSON object."""
        return asdict(self) | {"files": self.files}


@dataclass(slots=True)
class Recorder:
    """The latest requests, and counts of all.

    Attributes:
        requests: The latest twenty thousand.
        counts: All, by method, template and status.
    """

    requests: deque[RecordedRequest] = field(default_factory=lambda: deque(maxlen=_MOST_KEPT))
    counts: Counter[tuple[str, str, int]] = field(default_factory=Counter)

    def done(self, request: RecordedRequest, status: int) -> None:
        """Note how a request ended."""
        request.status = status
        self.counts[request.method, request.template, status] += 1

    def clear(self) -> None:
        """Forget all."""
        self.requests.clear()
        self.counts.clear()
