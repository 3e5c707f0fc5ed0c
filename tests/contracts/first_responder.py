import pytest

from gpcore.domain.components import Modal, TextInput
from gpcore.domain.messages import Callback, CallbackType, Choice, OutgoingMessage
from gpcore.domain.secrets import Secret
from gpcore.errors import AlreadyAcknowledgedError, InteractionExpiredError, PortRejectedError
from tests.contracts.discord_world import NOT_SNOWFLAKES, NOT_TOKENS, InteractionWorld

SECONDS = 2.0
HELLO = Callback(type=CallbackType.MESSAGE, message=OutgoingMessage(content="hello"))

ANSWERS = [
    (2, HELLO),
    (2, Callback(type=CallbackType.DEFERRED_MESSAGE, ephemeral=True)),
    (2, Callback(type=CallbackType.MODAL, modal=Modal("Form", id="form", fields=[TextInput("text", label="Say")]))),
    (3, Callback(type=CallbackType.DEFERRED_UPDATE)),
    (3, Callback(type=CallbackType.UPDATE, message=OutgoingMessage(content="changed", components=()))),
    (4, Callback(type=CallbackType.SUGGESTIONS, choices=(Choice(name="one", value=1),))),
    (4, Callback(type=CallbackType.SUGGESTIONS)),
    (5, Callback(type=CallbackType.DEFERRED_MESSAGE)),
]


class FirstResponderContract:
    """Subclasses give the fixture ``world``."""

    @pytest.mark.parametrize(("kind", "answer"), ANSWERS, ids=lambda value: getattr(value, "type", None))
    async def test_every_kind_of_answer_is_taken(self, world: InteractionWorld, kind: int, answer: Callback) -> None:
        given = world.interaction(kind=kind)

        await world.responder.respond(given.id, given.token, answer, timeout=SECONDS)

        assert world.requests() == 1

    async def test_a_message_is_shown(self, world: InteractionWorld) -> None:
        given = world.interaction()

        await world.responder.respond(given.id, given.token, HELLO, timeout=SECONDS)

        assert world.shown(given) == ["hello"]

    async def test_a_second_answer_is_refused_as_acknowledged(self, world: InteractionWorld) -> None:
        given = world.interaction()
        await world.responder.respond(given.id, given.token, HELLO, timeout=SECONDS)

        with pytest.raises(AlreadyAcknowledgedError) as caught:
            await world.responder.respond(given.id, given.token, HELLO, timeout=SECONDS)

        assert caught.value.code == 40060

    async def test_an_answer_after_three_seconds_is_too_late(self, world: InteractionWorld) -> None:
        given = world.interaction(age_ms=2_999)
        world.pass_seconds(0.002)

        with pytest.raises(InteractionExpiredError) as caught:
            await world.responder.respond(given.id, given.token, HELLO, timeout=SECONDS)

        assert caught.value.code == 10062
        assert world.requests() == 1

    @pytest.mark.parametrize("interaction_id", NOT_SNOWFLAKES)
    async def test_an_id_that_could_change_the_path_is_refused_before_any_request(
        self, world: InteractionWorld, interaction_id: str
    ) -> None:
        with pytest.raises(PortRejectedError):
            await world.responder.respond(interaction_id, world.interaction().token, HELLO, timeout=SECONDS)

        assert world.requests() == 0

    @pytest.mark.parametrize("token", NOT_TOKENS)
    async def test_a_token_that_could_change_the_path_is_refused_before_any_request(
        self, world: InteractionWorld, token: str
    ) -> None:
        with pytest.raises(PortRejectedError) as caught:
            await world.responder.respond(world.interaction().id, Secret(token), HELLO, timeout=SECONDS)

        assert world.requests() == 0
        assert len(token) < 3 or token not in str(caught.value)
