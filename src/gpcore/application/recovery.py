"""Going on with an interaction where an earlier attempt stopped."""

from enum import Enum, auto

from gpcore.application.conversation import Conversation
from gpcore.application.routes import Found
from gpcore.domain.claims import ClaimResult, Progress
from gpcore.domain.defer import DeferMode
from gpcore.domain.interactions import InteractionKind
from gpcore.domain.settling import Ack, Disposition
from gpcore.errors import PortError


class Past(Enum):
    """What a delivery itself tells, whatever the state says."""

    NONE = auto()
    """Nobody had it before."""
    REDELIVERED = auto()
    """Somebody may have had it, and may have done anything."""
    RETRIED = auto()
    """An earlier attempt has ended and asked for this one."""


async def pick_up(
    conversation: Conversation, found: Found | None, result: ClaimResult | None, *, late: bool, past: Past
) -> Disposition | None:
    """Find out what Discord was told before; ``None`` means: answer now.

    A handler runs again only if the user was told nothing but a defer: one that has answered may
    have done anything before that.

    Args:
        conversation: Nothing was said in it yet; if there was a defer it goes on after that.
        found: The handler, if there is one.
        result: The claim; ``None`` if the state is down.
        late: Whether Discord takes no first answer any more.
        past: What the delivery itself tells about earlier attempts.

    Raises:
        PortError: Discord does not tell.
    """
    if result is None or result.progress is Progress.NONE:
        return await _from_nothing(conversation, found, result, late=late, past=past)
    if result.progress is Progress.DEFERRING:
        await conversation.recover(ephemeral=result.ephemeral)
        return None
    if result.progress is Progress.ANSWERING:
        if not _may_defer(conversation, found):
            return Ack("interrupted")
        if not late and await conversation.defer_unless_answered(ephemeral=result.ephemeral):
            return None
    return None if await waits(conversation, result) else Ack("interrupted")


async def waits(conversation: Conversation, result: ClaimResult) -> bool:
    """Tell whether the user waits for an answer after a defer, and let the conversation go on after it.

    Whatever was on its way when a worker was killed may not have arrived, and what arrived may be
    the defer by which another worker tried to find out: only Discord knows.

    Raises:
        InteractionExpiredError: Nothing was ever answered, or the token is over.
        PortError: Discord does not tell.
    """
    if result.progress is Progress.DEFERRED:
        await conversation.resume_deferred(ephemeral=result.ephemeral)
        return True
    if result.progress in (Progress.NONE, Progress.ANSWERED):
        return False
    return await conversation.resume_if_thinking(ephemeral=result.ephemeral)


async def _was_deferred(conversation: Conversation, found: Found | None) -> bool:
    """Tell whether an attempt of which the state knows nothing, because it was down or forgot, has deferred."""
    ephemeral = found is not None and found[0].policy.defer.ephemeral
    try:
        return await conversation.resume_if_thinking(ephemeral=ephemeral)
    except PortError:
        # Nothing was answered, it is too late for anything, or Discord is down: what follows will find out which.
        return False


async def _from_nothing(
    conversation: Conversation, found: Found | None, result: ClaimResult | None, *, late: bool, past: Past
) -> Disposition | None:
    """Go on where the claim tells of no progress; whether there was none depends on the delivery."""
    if past is Past.RETRIED or (past is Past.REDELIVERED and late):
        if await _was_deferred(conversation, found):
            return None
    elif past is Past.REDELIVERED and _forgotten(result):
        return await _start_over(conversation, found)
    return Ack("late") if late else None


def _forgotten(result: ClaimResult | None) -> bool:
    """Tell whether the state says nothing: it is down, or it counts this claim as the first one ever."""
    return result is None or result.ticket.fence == 1


async def _start_over(conversation: Conversation, found: Found | None) -> Disposition | None:
    """Answer in time what somebody may have answered of whom the state has forgotten everything.

    A defer costs nobody anything and is refused if there was an answer; whoever still looks at an earlier
    defer would wait for ever.
    """
    if found is None or not _may_defer(conversation, found):
        return None
    ephemeral = found[0].policy.defer.ephemeral
    if await conversation.defer_unless_answered(ephemeral=ephemeral):
        return None
    return None if await conversation.resume_if_thinking(ephemeral=ephemeral) else Ack("interrupted")


def _may_defer(conversation: Conversation, found: Found | None) -> bool:
    if conversation.state.kind is InteractionKind.AUTOCOMPLETE or found is None:
        return False
    return found[0].policy.defer.mode is not DeferMode.NEVER
