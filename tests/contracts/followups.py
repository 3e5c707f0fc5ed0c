import pytest

from gpcore.domain.messages import Callback, CallbackType, OutgoingMessage
from gpcore.domain.secrets import Secret
from gpcore.errors import InteractionExpiredError, PortRejectedError
from tests.contracts.discord_world import NOT_SNOWFLAKES, NOT_TOKENS, Given, InteractionWorld

UNKNOWN = "1574393956270211197"


def a_message(content: str) -> OutgoingMessage:
    return OutgoingMessage(content=content)


class FollowupsContract:
    """Subclasses give the fixture ``world``."""

    @pytest.fixture
    async def answered(self, world: InteractionWorld) -> Given:
        given = world.interaction()
        hello = Callback(type=CallbackType.MESSAGE, message=a_message("hello"))
        await world.responder.respond(given.id, given.token, hello, timeout=2.0)
        return given

    async def test_an_edit_changes_the_original(self, world: InteractionWorld, answered: Given) -> None:
        await world.followups.edit(answered.token, a_message("changed"))

        assert world.shown(answered) == ["changed"]

    async def test_an_edit_fills_a_deferred_original(self, world: InteractionWorld) -> None:
        given = world.interaction()
        later = Callback(type=CallbackType.DEFERRED_MESSAGE, ephemeral=True)
        await world.responder.respond(given.id, given.token, later, timeout=2.0)

        await world.followups.edit(given.token, a_message("done"))

        assert world.shown(given) == ["done"]

    @pytest.mark.parametrize("ephemeral", [False, True])
    async def test_a_defer_shows_thinking_until_something_is_said(
        self, world: InteractionWorld, ephemeral: bool
    ) -> None:
        given = world.interaction()
        later = Callback(type=CallbackType.DEFERRED_MESSAGE, ephemeral=ephemeral)
        await world.responder.respond(given.id, given.token, later, timeout=2.0)

        before = await world.followups.thinking(given.token)
        await world.followups.edit(given.token, a_message("done"))

        assert (before, await world.followups.thinking(given.token)) == (True, False)

    async def test_an_answer_shows_no_thinking(self, world: InteractionWorld, answered: Given) -> None:
        assert not await world.followups.thinking(answered.token)

    async def test_a_message_that_is_gone_shows_no_thinking(self, world: InteractionWorld) -> None:
        given = world.interaction()
        later = Callback(type=CallbackType.DEFERRED_MESSAGE)
        await world.responder.respond(given.id, given.token, later, timeout=2.0)

        await world.followups.delete(given.token)

        assert not await world.followups.thinking(given.token)

    async def test_nobody_tells_of_thinking_before_the_first_answer(self, world: InteractionWorld) -> None:
        with pytest.raises(InteractionExpiredError):
            await world.followups.thinking(world.interaction().token)

    async def test_a_follow_up_is_one_more_message(self, world: InteractionWorld, answered: Given) -> None:
        first = await world.followups.create(answered.token, a_message("one"))
        second = await world.followups.create(answered.token, a_message("two"))

        assert first.id != second.id
        assert world.shown(answered) == ["hello", "one", "two"]

    async def test_a_follow_up_can_be_edited_and_deleted_by_its_id(
        self, world: InteractionWorld, answered: Given
    ) -> None:
        first = await world.followups.create(answered.token, a_message("one"))
        second = await world.followups.create(answered.token, a_message("two"))

        await world.followups.edit(answered.token, a_message("changed"), message_id=second.id)
        await world.followups.delete(answered.token, message_id=first.id)

        assert world.shown(answered) == ["hello", "changed"]

    async def test_what_an_edit_does_not_name_stays(self, world: InteractionWorld, answered: Given) -> None:
        await world.followups.edit(answered.token, OutgoingMessage(components=()))

        assert world.shown(answered) == ["hello"]

    async def test_a_message_that_is_gone_counts_as_deleted(self, world: InteractionWorld, answered: Given) -> None:
        await world.followups.delete(answered.token)
        await world.followups.delete(answered.token)

        assert world.shown(answered) == []

    async def test_editing_a_message_that_does_not_exist_is_refused(
        self, world: InteractionWorld, answered: Given
    ) -> None:
        with pytest.raises(PortRejectedError) as caught:
            await world.followups.edit(answered.token, a_message("x"), message_id=UNKNOWN)

        assert caught.value.code == 10008

    async def test_nothing_is_possible_before_the_first_answer(self, world: InteractionWorld) -> None:
        given = world.interaction()

        with pytest.raises(InteractionExpiredError) as caught:
            await world.followups.edit(given.token, a_message("x"))

        assert caught.value.code == 10015

    async def test_nothing_is_possible_after_fifteen_minutes(self, world: InteractionWorld, answered: Given) -> None:
        world.pass_seconds(900)

        with pytest.raises(InteractionExpiredError) as caught:
            await world.followups.create(answered.token, a_message("x"))

        assert caught.value.code == 50027

    @pytest.mark.parametrize("token", NOT_TOKENS)
    async def test_a_token_that_could_change_the_path_is_refused_before_any_request(
        self, world: InteractionWorld, token: str
    ) -> None:
        with pytest.raises(PortRejectedError):
            await world.followups.create(Secret(token), a_message("x"))

        assert world.requests() == 0

    @pytest.mark.parametrize("message_id", NOT_SNOWFLAKES)
    async def test_an_id_that_could_change_the_path_is_refused_before_any_request(
        self, world: InteractionWorld, message_id: str
    ) -> None:
        with pytest.raises(PortRejectedError):
            await world.followups.delete(world.interaction().token, message_id=message_id)

        assert world.requests() == 0
