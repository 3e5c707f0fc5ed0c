"""Faults on demand."""

import random
from dataclasses import dataclass, field
from typing import Final, Literal, cast, get_args

from aiohttp import web

FaultKind = Literal[
    "429_user",
    "429_shared",
    "429_global",
    "429_edge_html",
    "429_edge_text",
    "429_edge_json",
    "error",
    "error_after",
    "slow",
    "hang",
    "disconnect",
    "disconnect_after",
]
KINDS: Final[tuple[str, ...]] = get_args(FaultKind)
AFTER: Final = frozenset({"error_after", "disconnect_after"})
"""The request has its effect first."""


@dataclass(slots=True, kw_only=True)
class InjectedFault:
    """What goes wrong, when and how often.

    Attributes:
        kind: ``429_…``: a refusal of that scope or of the edge in front of Discord. ``error``:
            ``status`` with ``code`` and ``message``; ``error_after`` likewise, once the request had
            its effect. ``slow``: an answer after ``seconds``. ``hang``: no answer at all.
            ``disconnect``: the connection is dropped; ``disconnect_after`` once the request had its
            effect.
        times: How many requests it meets; ``None`` for no end.
        method: Only requests of this method.
        template: Only requests whose path template contains this, such as ``/callback``.
        interaction_id: Only requests for this interaction.
        share: Chance of each matching request to be met, 0 to 1.
        seconds: For ``slow``, and what a 429 asks to wait.
        status: For errors.
        code: Discord's code in the error's body; 0 with an empty message sends an empty HTML body.
        message: Discord's message in the error's body.
        text: The error's whole body as it stands, in place of Discord's.
        content_type: Of ``text``.
    """

    kind: FaultKind
    times: int | None = 1
    method: str | None = None
    template: str | None = None
    interaction_id: str | None = None
    share: float = 1.0
    seconds: float = 1.0
    status: int = 500
    code: int = 0
    message: str = field(default="", repr=False)
    text: str | None = field(default=None, repr=False)
    content_type: str = "text/html"

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"a fault's kind is one of {', '.join(KINDS)}")

    def answer(self) -> web.Response:
        """Return the refusal or error that it stands for."""
        if self.kind.startswith("429_edge"):
            return self._edge()
        if self.kind.startswith("429_"):
            return self._throttled(self.kind.removeprefix("429_"))
        if self.text is not None:
            return web.Response(status=self.status, text=self.text, content_type=self.content_type)
        if not self.code and not self.message:
            return web.Response(status=self.status, body=b"", content_type="text/html", charset="UTF-8")
        return web.json_response({"message": self.message, "code": self.code}, status=self.status)

    def _throttled(self, scope: str) -> web.Response:
        headers = {
            "X-RateLimit-Scope": scope,
            "Retry-After": str(-int(-self.seconds // 1)),
            "Via": "1.1 google",
        }
        is_global = scope == "global"
        if is_global:
            headers["X-RateLimit-Global"] = "true"
        text = "The resource is being rate limited." if scope == "shared" else "You are being rate limited."
        body = {"message": text, "retry_after": self.seconds, "global": is_global}
        return web.json_response(body, status=429, headers=headers)

    def _edge(self) -> web.Response:
        headers = {"Retry-After": str(-int(-self.seconds // 1)), "Server": "cloudflare"}
        if self.kind == "429_edge_json":
            text = "You are being blocked from accessing our API temporarily due to exceeding our rate limits."
            return web.json_response({"message": text, "code": 0}, status=429, headers={"Server": "cloudflare"})
        if self.kind == "429_edge_text":
            return web.Response(status=429, text="error code: 1015", headers=headers)
        page = "<!doctype html><html><head><title>Access denied</title></head><body><h1>Error 1015</h1></body></html>"
        return web.Response(status=429, text=page, content_type="text/html", headers=headers)


def chosen_fault(text: str) -> InjectedFault:
    """Return the fault that ``KIND`` or ``KIND=SHARE`` describes; it meets that share of all requests, for ever.

    Raises:
        ValueError: There is no such kind, or the share is no number above 0 and up to 1.
    """
    kind, given, share = text.partition("=")
    if kind not in KINDS:
        raise ValueError(f"{kind} is none of {', '.join(KINDS)}")
    part = float(share) if given else 1.0
    if not 0 < part <= 1:
        raise ValueError(f"{share} is no share above 0 and up to 1")
    return InjectedFault(kind=cast("FaultKind", kind), times=None, share=part)


class FaultPlan:
    """The faults that are waiting for their requests, first come first served."""

    def __init__(self, seed: int = 0) -> None:
        self._random = random.Random(seed)
        self._waiting: list[InjectedFault] = []

    def add(self, fault: InjectedFault) -> None:
        """Put a fault behind those already waiting."""
        self._waiting.append(fault)

    def clear(self) -> None:
        """Forget every fault."""
        self._waiting.clear()

    def draw(self, method: str, template: str, interaction_id: str | None) -> InjectedFault | None:
        """Return the first fault that meets this request, if any."""
        for fault in self._waiting:
            if not _matches(fault, method, template, interaction_id) or self._random.random() >= fault.share:
                continue
            if fault.times is not None:
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
            return fault
        return None


def _matches(fault: InjectedFault, method: str, template: str, interaction_id: str | None) -> bool:
    return (
        fault.method in (None, method)
        and (fault.template is None or fault.template in template)
        and fault.interaction_id in (None, interaction_id)
    )
