"""A bot that counts who joined, and messages in the states that it meets them in."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from itertools import count

from gpcore import EventContext, MemberJoin, Router
from gpcore.domain.claims import LEASE_US, MAX_ATTEMPTS, Verdict
from gpcore.domain.headers import retry_headers
from gpcore.domain.wire_message import WireMessage
from tests.unit.application.worlds import World

KILLED = count(1)
Body = Callable[[EventContext[MemberJoin]], Awaitable[None]]


class Joins:
    """A bot that counts who joined and then does as told."""

    def __init__(self, body: Body | None = None, *, if_state_down: str = "run") -> None:
        self.router = Router()
        self.starts: list[EventContext[MemberJoin]] = []

        @self.router.event("member.join", if_state_down=if_state_down)  # type: ignore[arg-type]  # one of the two
        async def welcome(ctx: EventContext[MemberJoin]) -> None:
            self.starts.append(ctx)
            if body is not None:
                await body(ctx)


def raising(error: Exception) -> Body:
    async def body(ctx: EventContext[MemberJoin]) -> None:
        raise error

    return body


def failed(message: WireMessage, failures: int) -> WireMessage:
    return replace(message, headers=retry_headers(message.headers, failures=failures, now_ms=1))


async def claim_for_another(world: World, message: WireMessage) -> None:
    """Claim as a worker does that is killed then; each is another one."""
    assert message.message_id is not None
    result = await world.claims.claim(
        message.message_id, owner=f"killed/{next(KILLED)}", lease_us=LEASE_US, max_attempts=MAX_ATTEMPTS
    )
    assert result.verdict is Verdict.CLAIMED
