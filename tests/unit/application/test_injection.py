"""What a bot provides for its handlers, and how it reaches them."""

import contextlib
import enum
from collections.abc import AsyncIterator, Callable, Generator
from dataclasses import dataclass
from typing import Annotated, Protocol, Self, runtime_checkable

import pytest

from gpcore import (
    AnyContext,
    AutocompleteContext,
    CallNext,
    CommandContext,
    ComponentContext,
    EventContext,
    Inject,
    InteractionContext,
    MemberJoin,
    ModalContext,
    Option,
    Refusal,
    Router,
    SlidingWindow,
    User,
)
from gpcore.application.lifespans import started
from gpcore.domain.settling import Ack
from tests.unit.application.one_command import FAILED
from tests.unit.application.worlds import Process, World


@dataclass(frozen=True)
class Pool:
    name: str = "main"


class Client:
    """A client that can be entered, but is not a provider's business to enter."""

    def __init__(self) -> None:
        self.entered = False

    async def __aenter__(self) -> Self:
        self.entered = True
        return self

    async def __aexit__(self, *exc: object) -> None: ...


class Connection:
    """What a pool lends."""


def using(router: Router, *, seen: list[object]) -> None:
    """Declare a command that takes a pool."""

    @router.command("work")
    async def work(ctx: CommandContext, pool: Pool) -> str:
        seen.append(pool)
        return "done"


async def given(world: World, router: Router, seen: list[object]) -> object:
    """Run the command and return what it was given."""
    assert await Process(world, router).handle(world.command("work")) == Ack("handled")
    return seen.pop()


async def test_an_instance_is_injected_by_its_type(world: World) -> None:
    router, seen, pool = Router(), list[object](), Pool("mine")
    router.provide(pool)
    using(router, seen=seen)

    assert await given(world, router, seen) is pool


def sync_factory() -> Pool:
    return Pool("sync")


async def async_factory() -> Pool:
    return Pool("async")


async def generator() -> AsyncIterator[Pool]:
    yield Pool("generator")


@contextlib.asynccontextmanager
async def manager() -> AsyncIterator[Pool]:
    yield Pool("manager")


class Lending:
    """What a library's pool returns: both awaitable and a context manager."""

    async def __aenter__(self) -> Pool:
        return Pool("lent")

    async def __aexit__(self, *exc: object) -> None: ...

    def __await__(self) -> Generator[None, None, Pool]:
        raise AssertionError("nobody would give it back")


@pytest.mark.parametrize(
    ("factory", "name"),
    [
        (sync_factory, "sync"),
        (async_factory, "async"),
        (generator, "generator"),
        (manager, "manager"),
        (Lending, "lent"),
        (Pool, "main"),
    ],
)
async def test_a_factory_of_any_shape_makes_one_for_each_call(
    world: World, factory: Callable[..., object], name: str
) -> None:
    router, seen = Router(), list[object]()
    router.provide(Pool, factory)
    using(router, seen=seen)

    first, second = await given(world, router, seen), await given(world, router, seen)

    assert first == second == Pool(name)
    assert first is not second


async def test_what_a_factory_opens_ends_after_the_handler_and_sees_its_exception(world: World) -> None:
    router, journal = Router(), list[str]()

    async def transaction() -> AsyncIterator[Connection]:
        journal.append("begin")
        try:
            yield Connection()
        except ZeroDivisionError:
            journal.append("rollback")
            raise
        journal.append("commit")

    router.provide(Connection, transaction)

    @router.command("work")
    async def work(ctx: CommandContext, connection: Connection, fail: bool = False) -> None:
        journal.append("work")
        if fail:
            raise ZeroDivisionError

    process = Process(world, router)
    assert await process.handle(world.command("work")) == Ack("handled")
    failing = world.command("work", options=[{"name": "fail", "type": 5, "value": True}])
    assert await process.handle(failing) == Ack("failed")

    assert journal == ["begin", "work", "commit", "begin", "work", "rollback"]


async def test_a_failing_end_is_the_handlers_failure_and_nothing_was_said_before(world: World) -> None:
    router = Router()

    async def transaction() -> AsyncIterator[Connection]:
        yield Connection()
        raise ConnectionError("the commit failed")

    router.provide(Connection, transaction)

    @router.command("work")
    async def work(ctx: CommandContext, connection: Connection) -> str:
        return "stored"

    message = world.command("work")

    assert await Process(world, router).handle(message) == Ack("failed")
    assert world.texts(message) == [FAILED]


async def test_a_provider_cannot_swallow_a_handlers_exception(world: World) -> None:
    router = Router()

    @contextlib.asynccontextmanager
    async def swallowing() -> AsyncIterator[Connection]:
        with contextlib.suppress(ZeroDivisionError):
            yield Connection()

    router.provide(Connection, swallowing)

    @router.command("work")
    async def work(ctx: CommandContext, connection: Connection) -> None:
        raise ZeroDivisionError

    assert await Process(world, router).handle(world.command("work")) == Ack("failed")


async def test_a_client_that_could_be_entered_is_not(world: World) -> None:
    router, seen, client = Router(), list[Client](), Client()
    router.provide(Client, lambda: client)

    @router.command("work")
    async def work(ctx: CommandContext, http: Client) -> None:
        seen.append(http)

    await Process(world, router).handle(world.command("work"))

    assert (seen, client.entered) == ([client], False)


class Store(Protocol):
    """A type that cannot be asked about its instances."""

    def name(self) -> str: ...


@runtime_checkable
class Named(Protocol):
    """One that can."""

    name: str


class EnteredStore(Client):
    def name(self) -> str:
        return "store"


@contextlib.asynccontextmanager
async def opened_store() -> AsyncIterator[EnteredStore]:
    yield EnteredStore()


@pytest.mark.parametrize("factory", [EnteredStore, opened_store])
async def test_an_instance_of_a_protocol_is_taken_as_it_is(world: World, factory: Callable[..., object]) -> None:
    router, seen = Router(), list[Store]()
    router.provide(Store, factory)

    @router.command("work")
    async def work(ctx: CommandContext, store: Store) -> None:
        seen.append(store)

    assert await Process(world, router).handle(world.command("work")) == Ack("handled")
    assert isinstance(seen[0], EnteredStore)
    assert not seen[0].entered


async def test_a_protocol_that_can_be_asked_is(world: World) -> None:
    router = Router()
    router.provide(Named, Connection)

    @router.command("work")
    async def work(ctx: CommandContext, named: Named) -> None: ...

    assert await Process(world, router).handle(world.command("work")) == Ack("failed")


async def test_a_factory_that_makes_something_else_is_found_out(world: World, caplog: pytest.LogCaptureFixture) -> None:
    router, seen = Router(), list[object]()
    router.provide(Pool, Connection)
    using(router, seen=seen)

    assert await Process(world, router).handle(world.command("work")) == Ack("failed")
    assert "what provides Pool made a Connection" in caplog.text


async def test_a_factory_may_need_what_others_provide_and_the_context(world: World) -> None:
    router, seen = Router(), list[object]()
    made: list[str] = []

    def connect(pool: Pool, *, size: int = 3) -> Connection:
        made.append(f"{pool.name} {size}")
        return Connection()

    async def caller(ctx: InteractionContext, connection: Connection) -> "Caller":
        return Caller(ctx.interaction.user_id or "", connection)

    @dataclass
    class Caller:
        user_id: str
        connection: Connection

    router.provide(Caller, caller)
    router.provide(Connection, connect)
    router.provide(Pool())

    @router.command("work")
    async def work(ctx: CommandContext, who: Caller, connection: Connection) -> None:
        seen.append((who.user_id, who.connection is connection))

    caller.__annotations__["return"] = Caller
    await Process(world, router).handle(world.command("work"))

    assert seen == [("430305391411331087", True)], "made once a call, whoever asks"
    assert made == ["main 3"]


async def test_an_inner_routers_provider_wins_and_an_outer_ones_is_there(world: World) -> None:
    inner, outer, seen = Router(), Router(), list[object]()
    outer.provide(Pool("outer"))
    outer.provide("a text")
    inner.provide(Pool("inner"))
    outer.include(inner)

    @inner.command("work")
    async def work(ctx: CommandContext, pool: Pool, text: Annotated[str, Inject]) -> None:
        seen.append((pool.name, text))

    @outer.command("other")
    async def other(ctx: CommandContext, pool: Pool) -> None:
        seen.append(pool.name)

    process = Process(world, outer)
    await process.handle(world.command("work"))
    await process.handle(world.command("other"))

    assert seen == [("inner", "a text"), "outer"]


async def test_a_qualified_type_is_a_type_of_its_own(world: World) -> None:
    router, seen = Router(), list[object]()
    router.provide(Pool("main"))
    router.provide(Annotated[Pool, "replica"], lambda: Pool("replica"))

    @router.command("work")
    async def work(ctx: CommandContext, main: Pool, replica: Annotated[Pool, "replica"]) -> None:
        seen.append((main.name, replica.name))

    await Process(world, router).handle(world.command("work"))

    assert seen == [("main", "replica")]


async def test_an_option_of_a_provided_type_says_which_it_is(world: World) -> None:
    router, seen = Router(), list[object]()
    router.provide("a text")

    @router.command("work")
    async def work(ctx: CommandContext, given: Annotated[str, Inject()], chosen: Annotated[str, Option()]) -> None:
        seen.append((given, chosen))

    options = [{"name": "chosen", "type": 3, "value": "mine"}]
    await Process(world, router).handle(world.command("work", options=options))

    assert seen == [("a text", "mine")]


async def test_a_parameter_with_a_default_goes_without_its_provider(world: World) -> None:
    router, seen = Router(), list[object]()

    @router.command("work")
    async def work(ctx: CommandContext, pool: Pool | None = None) -> None:
        seen.append(pool)

    await Process(world, router).handle(world.command("work"))

    assert seen == [None]


def add_surroundings(router: Router, seen: list[str]) -> None:
    @router.use
    async def middleware(ctx: AnyContext, call_next: CallNext, pool: Pool) -> object:
        assert pool == Pool()
        return await call_next()

    @router.error(ZeroDivisionError)
    async def failed(ctx: AnyContext, error: ZeroDivisionError, *, pool: Pool) -> None:
        seen.append("error")

    @router.refused
    async def refused(ctx: AnyContext, refusal: Refusal, pool: Pool) -> None:
        seen.append("refused")


def add_handlers(router: Router, seen: list[str]) -> None:
    async def check(ctx: AnyContext, pool: Pool) -> bool:
        seen.append("check")
        return True

    @router.command("work", checks=[check], limits=[SlidingWindow(1, per=60)])
    async def work(ctx: CommandContext, thing: str = "", *, pool: Pool) -> None:
        seen.append("command")

    @router.autocomplete("work", "thing")
    async def things(ctx: AutocompleteContext, typed: str, pool: Pool) -> None:
        seen.append("autocomplete")

    @router.component("press:{n:int}")
    async def press(ctx: ComponentContext, n: int, pool: Pool) -> None:
        seen.append("component")

    @router.modal("form")
    async def form(ctx: ModalContext, pool: Pool) -> None:
        seen.append("modal")

    @router.user_command("Report")
    async def report(ctx: CommandContext, pool: Pool, target: User) -> None: ...

    @router.event("member.join")
    async def join(ctx: EventContext[MemberJoin], pool: Pool) -> None:
        seen.append("event")
        raise ZeroDivisionError


async def test_every_kind_of_handler_and_what_is_around_it_is_injected(world: World) -> None:
    router, seen = Router(), list[str]()
    router.provide(Pool())
    add_surroundings(router, seen)
    add_handlers(router, seen)
    process = Process(world, router)

    for message in (
        world.command("work"),
        world.command("work"),
        world.autocomplete("work", focused="thing"),
        world.component("press:1"),
        world.modal("form"),
    ):
        await process.handle(message)
    await process.process(world.event())

    wanted = ["check", "command", "check", "refused", "autocomplete", "component", "modal", "event", "error"]
    assert seen == wanted
    [target] = [handler.target for handler in process.routes if handler.kind.value == "user_command"]
    assert target == "target"


async def test_a_provider_that_fails_is_told_like_a_handler_that_fails(world: World) -> None:
    router, seen = Router(), list[object]()

    async def refusing() -> Pool:
        raise ConnectionRefusedError

    router.provide(Pool, refusing)
    using(router, seen=seen)

    @router.error(ConnectionRefusedError)
    async def sorry(ctx: CommandContext, error: ConnectionRefusedError) -> str:
        return "The database is away."

    message = world.command("work")

    assert await Process(world, router).handle(message) == Ack("error_handled")
    assert world.texts(message) == ["The database is away."]


async def test_types_that_are_defined_in_a_function_are_found_however_annotations_are_written(world: World) -> None:
    router, seen = Router(), list[object]()

    class Local(enum.Enum):
        ONE = "one"

    class Service:
        pass

    router.provide(Service())

    @router.command("work")
    async def work(ctx: "CommandContext", choice: "Local", service: "Service") -> None:
        seen.append((choice, type(service)))

    options = [{"name": "choice", "type": 3, "value": "one"}]
    await Process(world, router).handle(world.command("work", options=options))

    assert seen == [(Local.ONE, Service)]


async def test_a_callable_that_does_not_tell_its_signature_takes_nothing(world: World) -> None:
    router, seen = Router(), list[object]()
    router.provide(dict, dict)

    @router.command("work")
    async def work(ctx: CommandContext, cache: dict) -> None:  # type: ignore[type-arg]  # the bare type is the key
        seen.append(cache)

    await Process(world, router).handle(world.command("work"))

    assert seen == [{}]


async def test_an_object_that_can_be_called_is_a_factory(world: World) -> None:
    class Maker:
        def __call__(self, client: Client, *names: str, **more: object) -> Pool:
            return Pool(type(client).__name__)

    router, seen = Router(), list[object]()
    router.provide(Client())
    router.provide(Pool, Maker())
    using(router, seen=seen)

    assert await given(world, router, seen) == Pool("Client")


async def test_a_dependency_injector_container_provides(world: World) -> None:
    from dependency_injector import containers, providers

    class Container(containers.DeclarativeContainer):
        pool = providers.Singleton(Pool, name="contained")
        client = providers.Factory(Client)

    container = Container()
    router, seen = Router(), list[object]()
    router.provide(Pool, container.pool)
    router.provide(Client, container.client)
    using(router, seen=seen)

    @router.command("other")
    async def other(ctx: CommandContext, client: Client) -> None:
        seen.append(client.entered)

    assert await given(world, router, seen) is container.pool()
    await Process(world, router).handle(world.command("other"))
    assert seen == [False]


def test_an_annotation_that_cannot_be_looked_up_is_provided_by_nobody() -> None:
    router = Router()

    @router.command("work")
    async def work(ctx: CommandContext, name: Annotated[str, ["a", "list"]]) -> None: ...

    [handler] = router.compile()
    assert [spec.name for spec in handler.options] == ["name"]


async def test_a_lifespan_may_use_what_a_factory_makes_of_an_earlier_one(world: World) -> None:
    router, seen = Router(), list[str]()

    @router.lifespan
    async def pool() -> AsyncIterator[Pool]:
        yield Pool("early")

    def connect(pool: Pool) -> Connection:
        seen.append(pool.name)
        return Connection()

    router.provide(Connection, connect)

    @router.lifespan
    async def warm_up(connection: Connection) -> AsyncIterator[None]:
        yield

    process = Process(world, router)
    async with started(process.routes.lifespans, process.resources):
        assert seen == ["early"]


def test_a_class_needs_a_factory() -> None:
    with pytest.raises(TypeError, match=r"router\.provide\(Pool\): give an instance, or a factory"):
        Router().provide(Pool)
