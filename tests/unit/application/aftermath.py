"""What a worker that was killed leaves behind: at Discord and in the state."""

from dataclasses import replace

from gpadapters.memory.discord import InMemoryFirstResponder
from gpadapters.wire.json_codec import JsonCodec
from gpcore.domain.claims import LEASE_US, MAX_ATTEMPTS, Progress, Verdict
from gpcore.domain.headers import retry_headers
from gpcore.domain.messages import Callback, CallbackType, OutgoingMessage
from gpcore.domain.wire_message import WireMessage
from tests.unit.application.worlds import World

THINKING = CallbackType.DEFERRED_MESSAGE


def interaction_id(message: WireMessage) -> str:
    """Return the id that the claim is made by."""
    found = JsonCodec().decode(message, received_at_ms=0).interaction_id
    assert found is not None
    return found


def a_retried(message: WireMessage, *, failures: int) -> WireMessage:
    """Return the copy that comes back from a delay queue."""
    return replace(message, headers=retry_headers(message.headers, failures=failures, now_ms=1))


async def answer_at_discord(
    world: World, message: WireMessage, kind: CallbackType = THINKING, *, ephemeral: bool = False
) -> None:
    """Let an earlier worker's first answer have arrived."""
    envelope = JsonCodec().decode(message, received_at_ms=world.now_ms)
    assert envelope.interaction_id is not None
    assert envelope.interaction_token is not None
    body = OutgoingMessage(content="hello") if kind is CallbackType.MESSAGE else None
    callback = Callback(type=kind, ephemeral=ephemeral, message=body)
    responder = InMemoryFirstResponder(world.discord)
    await responder.respond(envelope.interaction_id, envelope.interaction_token, callback, timeout=1)


async def leave_claim(
    world: World,
    message: WireMessage,
    progress: Progress,
    *,
    ephemeral: bool = False,
    attempts: int = 1,
    lease_us: int = LEASE_US,
) -> None:
    """Leave the claim as a worker leaves it that was killed in its last attempt: the lease still runs."""
    for attempt in range(attempts):
        result = await world.claims.claim(
            interaction_id(message), owner=f"killed/{attempt}", lease_us=lease_us, max_attempts=MAX_ATTEMPTS
        )
        assert result.verdict is Verdict.CLAIMED
        if progress is not Progress.NONE:
            assert await world.claims.note(result.ticket, progress, ephemeral=ephemeral)
        if attempt < attempts - 1:
            await world.claims.release(result.ticket)


async def free_claim(world: World, message: WireMessage, progress: Progress, *, ephemeral: bool = False) -> None:
    """Leave the claim free to take, as after its lease."""
    result = await world.claims.claim(
        interaction_id(message), owner="killed", lease_us=LEASE_US, max_attempts=MAX_ATTEMPTS
    )
    if progress is not Progress.NONE:
        await world.claims.note(result.ticket, progress, ephemeral=ephemeral)
    await world.claims.release(result.ticket)
