"""What the twin of Discord refuses to an interaction of which it was told what it is."""

import pytest

from gpadapters.memory.discord import InMemoryDiscord, InMemoryFirstResponder, InMemoryFollowups
from gpadapters.memory.discord_rules import MOST_FOLLOWUPS, KnownInteraction
from gpcore.domain.interactions import InteractionKind
from gpcore.domain.messages import Callback, CallbackType, OutgoingMessage
from gpcore.domain.secrets import Secret
from gpcore.errors import PortRejectedError
from tests.settable_clock import SettableClock

HELLO = OutgoingMessage(content="hello")
NOTHING = OutgoingMessage(content="")
BLANK = OutgoingMessage(content=" \n")
ANSWERS = set(CallbackType)
NEW = {CallbackType.MESSAGE, CallbackType.DEFERRED_MESSAGE}
IN_PLACE = {CallbackType.UPDATE, CallbackType.DEFERRED_UPDATE}


class Answering:
    def __init__(self, known: KnownInteraction) -> None:
        self.discord = InMemoryDiscord(SettableClock())
        self.responder = InMemoryFirstResponder(self.discord)
        self.followups = InMemoryFollowups(self.discord)
        self.token = Secret("token")
        self.discord.announce(self.token, known)

    async def respond(self, callback: Callback) -> None:
        await self.responder.respond(self.discord.new_id(), self.token, callback, timeout=1.0)


@pytest.mark.parametrize(
    ("kind", "from_message", "legal"),
    [
        (InteractionKind.COMMAND, False, NEW | {CallbackType.MODAL}),
        (InteractionKind.COMPONENT, True, NEW | IN_PLACE | {CallbackType.MODAL}),
        (InteractionKind.AUTOCOMPLETE, False, {CallbackType.SUGGESTIONS}),
        (InteractionKind.MODAL, False, NEW),
        (InteractionKind.MODAL, True, NEW | IN_PLACE),
    ],
)
async def test_only_the_answers_of_its_kind_are_taken(
    kind: InteractionKind, from_message: bool, legal: set[CallbackType]
) -> None:
    taken, refused = set(), set()
    for answer in ANSWERS:
        answering = Answering(KnownInteraction(kind=kind, from_message=from_message))
        try:
            await answering.respond(Callback(type=answer, message=HELLO))
        except PortRejectedError as error:
            refused.add(error.code)
        else:
            taken.add(answer)

    assert (taken, refused) == (legal, {50035})


async def test_an_empty_answer_is_refused() -> None:
    answering = Answering(KnownInteraction(kind=InteractionKind.COMMAND))

    for message in (NOTHING, BLANK, None):
        with pytest.raises(PortRejectedError, match="empty"):
            await answering.respond(Callback(type=CallbackType.MESSAGE, message=message))
    await answering.respond(Callback(type=CallbackType.MESSAGE, message=HELLO))
    for message in (NOTHING, BLANK):
        with pytest.raises(PortRejectedError, match="empty"):
            await answering.followups.create(answering.token, message)
        with pytest.raises(PortRejectedError, match="empty"):
            await answering.followups.edit(answering.token, message)
    assert answering.discord.answered(answering.token).messages["@original"] == HELLO  # type: ignore[union-attr]  # there is


async def test_the_message_of_a_component_may_lose_its_text() -> None:
    answering = Answering(KnownInteraction(kind=InteractionKind.COMPONENT, from_message=True))
    await answering.respond(Callback(type=CallbackType.DEFERRED_UPDATE))

    await answering.followups.edit(answering.token, NOTHING)


async def test_an_application_of_the_user_alone_sends_few_followups() -> None:
    answering = Answering(KnownInteraction(kind=InteractionKind.COMMAND, user_install_only=True))
    await answering.respond(Callback(type=CallbackType.MESSAGE, message=HELLO))

    for _ in range(MOST_FOLLOWUPS):
        await answering.followups.create(answering.token, HELLO)
    with pytest.raises(PortRejectedError) as caught:
        await answering.followups.create(answering.token, HELLO)

    assert caught.value.code == 40094


async def test_of_a_stranger_nothing_is_known() -> None:
    answering = Answering(KnownInteraction(kind=InteractionKind.AUTOCOMPLETE))
    answering.token = Secret("another")

    await answering.respond(Callback(type=CallbackType.MESSAGE, message=NOTHING))
