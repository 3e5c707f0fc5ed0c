"""Sessions whose value is a dataclass or a pydantic model."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from gpadapters.memory.telemetry import InMemoryTelemetry
from gpcore import CommandContext, EventContext, GpError, GuildOutage, MemberJoin, Router
from gpcore.application.sessions import Sessions
from gpcore.domain import metrics
from gpcore.domain.session_values import decode_session, encode_session
from gpcore.domain.settling import Ack
from gpcore.domain.wire_message import WireMessage
from tests.builders import an_event_message
from tests.unit.application.worlds import Process, World

USER = "430305391411331087"


class Step(Enum):
    ADDRESS = "address"
    PROOF = "proof"


class Level(Enum):
    LOW = 1
    HIGH = 2.5


@dataclass(frozen=True)
class Chain:
    name: str
    depth: int = 1


@dataclass(frozen=True)
class Wizard:
    step: Step
    started: datetime
    day: date
    patience: timedelta
    chain: Chain | None = None
    levels: tuple[Level, ...] = ()
    pair: tuple[int, str] = (1, "a")
    tags: frozenset[str] = frozenset()
    notes: dict[str, list[Chain]] = field(default_factory=dict, hash=False)
    ratio: float = 0.5
    sure: bool = False
    mode: Literal["fast", "slow", 3] = "fast"
    either: int | str | None = None
    marked: Annotated[int, "meaning"] = 0
    computed: str = field(init=False, default="not stored")


TEXTS = st.text(max_size=5)
MOMENTS = st.datetimes(timezones=st.just(UTC)) | st.datetimes()
CHAINS = st.builds(Chain, name=TEXTS, depth=st.integers())
WIZARDS = st.builds(
    Wizard,
    step=st.sampled_from(Step),
    started=MOMENTS,
    day=st.dates(),
    patience=st.timedeltas(timedelta(0), timedelta(days=9)),
    chain=st.none() | CHAINS,
    levels=st.lists(st.sampled_from(Level), max_size=3).map(tuple),
    pair=st.tuples(st.integers(), TEXTS),
    tags=st.frozensets(TEXTS, max_size=3),
    notes=st.dictionaries(TEXTS, st.lists(CHAINS, max_size=2), max_size=2),
    ratio=st.floats(allow_nan=False),
    sure=st.booleans(),
    mode=st.sampled_from(["fast", "slow", 3]),
    either=st.none() | st.integers() | TEXTS,
    marked=st.integers(),
)
START = Wizard(
    step=Step.ADDRESS, started=datetime(2026, 11, 23, tzinfo=UTC), day=date(2026, 11, 23), patience=timedelta(minutes=5)
)


@pytest.mark.property
@given(wizard=WIZARDS)
def test_every_dataclass_comes_back_as_it_was(wizard: Wizard) -> None:
    assert decode_session(Wizard, encode_session(wizard)) == wizard


@dataclass
class Tree:
    """One that has itself in a field."""

    name: str
    children: "list[Tree]" = field(default_factory=list)


def test_a_class_may_have_itself_in_a_field() -> None:
    tree = Tree("root", [Tree("leaf"), Tree("branch", [Tree("leaf")])])

    assert decode_session(Tree, encode_session(tree)) == tree


class Form(BaseModel):
    """A pydantic model, which gp knows by its methods only."""

    name: str
    step: int = 1


@pytest.fixture
def telemetry() -> InMemoryTelemetry:
    return InMemoryTelemetry()


@pytest.fixture
def sessions(world: World, telemetry: InMemoryTelemetry) -> Sessions:
    return Sessions(world.sessions, USER, world.clock, telemetry)


async def test_a_session_is_of_the_class_that_it_was_created_with(sessions: Sessions) -> None:
    await sessions.create(START, ttl=60)

    assert await sessions.get(Wizard) == START
    changed = await sessions.update(Wizard, lambda wizard: replace(wizard, step=Step.PROOF))
    assert changed == replace(START, step=Step.PROOF) == await sessions.get(Wizard)
    assert await sessions.delete(Wizard)
    assert await sessions.get(Wizard) is None
    assert await sessions.update(Wizard, lambda wizard: wizard) is None


async def test_an_update_keeps_the_time_to_live(world: World, sessions: Sessions) -> None:
    await sessions.create(START, ttl=60)
    await world.clock.advance(50)
    await sessions.update(Wizard, lambda wizard: wizard)
    await world.clock.advance(11)

    assert await sessions.get(Wizard) is None


async def test_two_sessions_of_one_class_have_kinds_of_their_own(sessions: Sessions) -> None:
    await sessions.create(Chain("main"), ttl=60)
    await sessions.create(Chain("test"), ttl=60, kind="second")

    assert await sessions.get(Chain) == Chain("main")
    assert await sessions.get(Chain, kind="second") == Chain("test")
    assert await sessions.update(Chain, lambda chain: replace(chain, depth=2), kind="second") == Chain("test", 2)
    assert await sessions.delete(Chain, kind="second")
    assert await sessions.get(Chain) == Chain("main")


async def test_a_pydantic_model_is_kept_by_its_own_rules(sessions: Sessions, telemetry: InMemoryTelemetry) -> None:
    await sessions.create(Form(name="keeper"), ttl=60)

    assert await sessions.get(Form) == Form(name="keeper", step=1)
    assert await sessions.update(Form, lambda form: form.model_copy(update={"step": 2})) == Form(name="keeper", step=2)
    await sessions.create("Form", {"step": "none"}, ttl=60)
    assert await sessions.get(Form) is None
    assert telemetry.counted(metrics.UNREADABLE_SESSIONS) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"nonsense",
        b"[1]",
        b"\xff",
        b"[" * 10_000,
        b"{}",
        b'{"name":1}',
        b'{"name":"a","depth":"1"}',
        b'{"name":"a","depth":true}',
        b'{"name":"a","depth":1.0}',
    ],
)
async def test_what_is_not_of_the_class_counts_as_missing_and_is_counted(
    world: World, sessions: Sessions, telemetry: InMemoryTelemetry, data: bytes
) -> None:
    await world.sessions.create("Chain", USER, data, ttl_us=60_000_000)

    assert await sessions.get(Chain) is None
    assert await sessions.update(Chain, lambda chain: chain) is None
    assert telemetry.counted(metrics.UNREADABLE_SESSIONS) == 2


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"step": "lost"}, "Wizard.step: none of its values"),
        ({"started": "yesterday"}, "Wizard.started: "),
        ({"day": 3}, "Wizard.day: not str"),
        ({"patience": 1e300}, "Wizard.patience: "),
        ({"patience": "1"}, "Wizard.patience: not float"),
        ({"chain": {"name": 1}}, "Wizard.chain: none of its types"),
        ({"levels": [3]}, "Wizard.levels: none of its values"),
        ({"levels": {}}, "Wizard.levels: not list"),
        ({"pair": [1]}, "Wizard.pair: "),
        ({"notes": {"a": [{"depth": 1}]}}, "Wizard.notes: Chain: "),
        ({"ratio": "1"}, "Wizard.ratio: not float"),
        ({"mode": True}, "Wizard.mode: none of its values"),
        ({"either": 1.5}, "Wizard.either: none of its types"),
    ],
)
def test_a_field_that_does_not_fit_is_named(changes: dict[str, Any], where: str) -> None:
    import json

    stored = json.dumps(json.loads(encode_session(START)) | changes).encode()

    with pytest.raises(ValueError, match=where):
        decode_session(Wizard, stored)


def test_fields_that_the_class_no_longer_has_are_ignored_and_new_ones_take_their_defaults() -> None:
    assert decode_session(Chain, b'{"name":"main","colour":"red"}') == Chain("main", 1)


@dataclass
class Unfit:
    data: bytes


@dataclass
class UnfitKeys:
    by_number: dict[int, str]


class Odd(Enum):
    ONE = (1,)


@dataclass
class UnfitEnum:
    odd: Odd


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (Unfit(b"x"), "bytes.* cannot be stored in a session"),
        (UnfitKeys({1: "a"}), "keys of <class 'int'> cannot be stored"),
        (UnfitEnum(Odd.ONE), "Odd cannot be stored"),
        (42, "a session is a dict, a dataclass or a pydantic model, not 42"),
        (Chain, "a session is a dict, a dataclass or a pydantic model"),
    ],
)
async def test_a_value_that_cannot_be_stored_is_refused_when_it_is_written(
    sessions: Sessions, value: object, problem: str
) -> None:
    with pytest.raises(TypeError, match=problem):
        await sessions.create(value, ttl=60)


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (Chain(name=1), "Chain.name: not str"),  # type: ignore[arg-type]  # the mistake
        (replace(START, chain=Tree("x")), "Wizard.chain: none of its types"),  # type: ignore[arg-type]  # likewise
        (replace(START, levels=[Level.LOW]), "Wizard.levels: not tuple"),  # type: ignore[arg-type]  # likewise
        (replace(START, step="proof"), "Wizard.step: not Step"),  # type: ignore[arg-type]  # likewise
    ],
)
async def test_a_field_that_breaks_its_annotation_is_refused_when_it_is_written(
    sessions: Sessions, value: object, problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        await sessions.create(value, ttl=60)


async def test_a_handler_of_an_event_has_the_sessions_of_its_user(world: World) -> None:
    router, seen = Router(), list[object]()

    @router.command("start")
    async def start(ctx: CommandContext) -> None:
        await ctx.sessions.create(Chain("main"), ttl=60)

    @router.event("member.join")
    async def join(ctx: EventContext[MemberJoin]) -> None:
        await ctx.sessions.create(Chain(ctx.event.user_id), ttl=60)
        seen.append(await ctx.sessions.get(Chain))

    @router.event("guild.outage")
    async def outage(ctx: EventContext[GuildOutage]) -> None:
        with pytest.raises(GpError, match="names no user"):
            _ = ctx.sessions
        seen.append("nobody")

    process = Process(world, router)
    await process.handle(world.command("start"))

    assert await process.process(world.event()) == Ack("handled")
    assert await process.process(an_outage(world)) == Ack("handled")
    assert seen == [Chain("1055998240358531089"), "nobody"]


def an_outage(world: World) -> WireMessage:
    return an_event_message("32-guild-delete-kick", wire_format="v2", now_ms=world.now_ms, unavailable=True)
