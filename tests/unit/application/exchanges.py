"""One interaction's exchange with Discord, with everything around it in sight."""

from collections.abc import Sequence

from gpadapters.memory.claim_store import InMemoryClaimStore
from gpadapters.memory.discord import InMemoryFirstResponder, InMemoryFollowups
from gpadapters.memory.telemetry import InMemoryTelemetry
from gpcore.application.claiming import Claims
from gpcore.application.conversation import Conversation
from gpcore.domain.claims import Progress, Ticket
from gpcore.domain.deadlines import Deadlines
from gpcore.domain.interactions import Interaction, InteractionKind
from gpcore.domain.messages import OutgoingMessage
from gpcore.domain.modals import Modal, TextInput
from gpcore.domain.secrets import Secret
from gpcore.domain.wire_message import Lane
from tests.builders import a_fresh_snowflake, a_fresh_token
from tests.unit.application.pacing import Pace, PacedResponder
from tests.unit.application.worlds import World

HELLO = OutgoingMessage(content="hello")
LONG = OutgoingMessage(content="x" * 2001)
FORM = Modal("Form", id="form", fields=[TextInput("text", label="What?")])


class NotedClaims(InMemoryClaimStore):
    """Remembers what was noted."""

    def __init__(self, world: World) -> None:
        super().__init__(world.clock)
        self.noted: list[tuple[Progress, bool]] = []

    async def note(self, ticket: Ticket, progress: Progress, *, ephemeral: bool = False, lease_us: int = 0) -> bool:
        self.noted.append((progress, ephemeral))
        return await super().note(ticket, progress, ephemeral=ephemeral, lease_us=lease_us)


class Exchange:
    """A conversation with its surroundings."""

    def __init__(self, world: World, kind: InteractionKind, paces: Sequence[Pace], *, from_message: bool) -> None:
        interaction_id = a_fresh_snowflake(world.now_ms)
        self.interaction = Interaction(
            id=interaction_id,
            token=Secret(a_fresh_token(interaction_id)),
            kind=kind,
            opened_from_message=from_message,
        )
        self.store = NotedClaims(world)
        self.responder = PacedResponder(InMemoryFirstResponder(world.discord), world.clock, paces)
        self._world = world

    async def begin(self) -> Conversation:
        claims = Claims(self.store, self._world.clock, InMemoryTelemetry())
        hold = claims.hold(await claims.claim(Lane.INTERACTIONS, self.interaction.id), Lane.INTERACTIONS)
        return Conversation(
            self.interaction,
            Deadlines.of(self.interaction.id, self._world.now_ms),
            responder=self.responder,
            followups=InMemoryFollowups(self._world.discord),
            clock=self._world.clock,
            telemetry=InMemoryTelemetry(),
            hold=hold,
        )

    async def turn(self) -> None:
        """Let the event loop go on, so that what was to be written soon is written."""
        await self._world.clock.advance(0)

    @property
    def noted(self) -> list[Progress]:
        return [progress for progress, _ in self.store.noted]


def an_exchange(
    world: World,
    kind: InteractionKind = InteractionKind.COMMAND,
    *,
    paces: Sequence[Pace] = (),
    from_message: bool | None = None,
) -> Exchange:
    component = kind is InteractionKind.COMPONENT
    return Exchange(world, kind, paces, from_message=component if from_message is None else from_message)
