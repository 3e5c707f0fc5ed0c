"""Going on with an interaction where an earlier attempt stopped."""

from gpcore.application.conversation import Conversation
from gpcore.application.routes import Found
from gpcore.domain.claims import ClaimResult, Progress
from gpcore.domain.defer import DeferMode
from gpcore.domain.interactions import InteractionKind
from gpcore.domain.settling import Ack, Disposition
from gpcore.errors import PortError


async def pick_up(
    conversation: Conversation, found: Found | None, result: ClaimResult | None, *, late: bool, again: bool
) -> Disposition | None:
    """Find out what Discord was told before; ``None`` means: answer now.

    A handler runs again only if the user was told nothing but a defer: one that has answered may
    have done anything before that.

    Args:
        conversation: Nothing was said in it yet; if there was a defer it goes on after that.
        found: The handler, if there is one.
        result: The claim; ``None`` if the state is down.
        late: Whether Discord takes no first answer any more.
        again: Whether an earlier attempt has ended and asked for this one.

    Raises:
        PortError: Discord does not tell.
    """
    if result is None or result.progress is Progress.NONE:
        if again and await _was_deferred(conversation, found):
            return None
        return Ack("late") if late else None
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
    """Tell whether an attempt of which the state knows nothing, because it was down, has deferred."""
    ephemeral = found is not None and found[0].policy.defer.ephemeral
    try:
        return await conversation.resume_if_thinking(ephemeral=ephemeral)
    except PortError:
        # Nothing was answered, it is too late for anything, or Discord is down: what follows will find out which.
        return False


def _may_defer(conversation: Conversation, found: Found | None) -> bool:
    if conversation.state.kind is InteractionKind.AUTOCOMPLETE or found is None:
        return False
    return found[0].policy.defer.mode is not DeferMode.NEVER
