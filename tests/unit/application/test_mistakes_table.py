"""Every mistake a bot's author can make in declaring handlers, with the very words that it is answered with."""

import functools
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, Literal

import pytest

from gpcore import (
    AnyContext,
    AutocompleteContext,
    CallNext,
    Channel,
    CommandContext,
    ComponentContext,
    Cooldown,
    Defer,
    EventContext,
    InteractionContext,
    Localization,
    MemberJoin,
    MemberLeave,
    Modal,
    ModalContext,
    Option,
    Permission,
    Refusal,
    Role,
    Router,
    RoutingError,
    SlidingWindow,
    TextInput,
    Texts,
    User,
)

Declare = Callable[[Router], object]
TABLE: list[tuple[Declare, str]] = []


class Pool:
    """Something that nobody provides."""


class Client:
    """Something that needs a pool."""


async def work(ctx: CommandContext) -> None:
    """Work."""


def mistake(message: str) -> Callable[[Declare], Declare]:
    """Keep a declaration with what its error says; ``HERE`` stands for a line of this file."""

    def keep(declare: Declare) -> Declare:
        TABLE.append((declare, message))
        return declare

    return keep


# Names.


@mistake("HERE: command name 'Work': one to three lower-case words of letters, digits, - and _")
def _(router: Router) -> None:
    router.command("Work")(work)


@mistake("HERE: command 'work' is registered already at HERE")
def _(router: Router) -> None:
    router.command("work")(work)
    router.command("work")(work)


@mistake("HERE: command 'work' has subcommands, so Discord cannot invoke it by itself")
def _(router: Router) -> None:
    router.command("work")(work)
    router.command("work hard")(work)


@mistake("HERE: user command name '': give 1 to 32 characters")
def _(router: Router) -> None:
    @router.user_command("")
    async def report(ctx: CommandContext, target: User) -> None: ...


@mistake(
    "HERE: event 'member.joined': give one of member.join, member.leave, member.update, guild.join, guild.available,"
    " guild.leave, guild.outage, message.create, or a dispatch by Discord's name"
)
def _(router: Router) -> None:
    @router.event("member.joined")
    async def joined(ctx: EventContext[MemberJoin]) -> None: ...


@mistake("HERE: event 'GUILD_MEMBER_REMOVE' never comes: every event type behind it has a handler already")
def _(router: Router) -> None:
    @router.event("member.leave")
    async def left(ctx: EventContext[MemberLeave]) -> None: ...

    @router.event("GUILD_MEMBER_REMOVE")
    async def removed(ctx: EventContext[Any]) -> None: ...


@mistake(
    "HERE: component 'confirm:{order' custom id template 'confirm:{order': a brace is left over;"
    " write {name} or {name:int}"
)
def _(router: Router) -> None:
    @router.component("confirm:{order")
    async def confirm(ctx: ComponentContext) -> None: ...


@mistake("HERE: autocomplete for 'work', but there is no such command")
def _(router: Router) -> None:
    @router.autocomplete("work", "thing")
    async def things(ctx: AutocompleteContext, typed: str) -> None: ...


@mistake("HERE: autocomplete for option 'thing', which 'work' does not have")
def _(router: Router) -> None:
    router.command("work")(work)

    @router.autocomplete("work", "thing")
    async def things(ctx: AutocompleteContext, typed: str) -> None: ...


# Signatures.


@mistake("HERE: command 'work' must be an async def")
def _(router: Router) -> None:
    @router.command("work")  # type: ignore[type-var]  # the mistake
    def forgotten(ctx: CommandContext) -> None: ...


@mistake("HERE: command 'work' is a functools.partial, which hides annotations: write an async def that calls it")
def _(router: Router) -> None:
    async def say(ctx: CommandContext, text: str) -> str:
        return text

    router.command("work")(functools.partial(say, text="hello"))


@mistake("HERE: command 'work' must take the context as its first parameter")
def _(router: Router) -> None:
    @router.command("work")
    async def nothing() -> None: ...


@mistake("HERE: command 'work' takes a ComponentContext as its context, but gets a CommandContext")
def _(router: Router) -> None:
    @router.command("work")
    async def pressed(ctx: ComponentContext) -> None: ...


@mistake("HERE: event 'member.join' takes a MemberLeave, but gets a MemberJoin")
def _(router: Router) -> None:
    @router.event("member.join")
    async def left(ctx: EventContext[MemberLeave]) -> None: ...


@mistake(
    "HERE: command 'work' has an annotation that cannot be resolved: name 'Missing' is not defined;"
    " import it at run time too, not only for type checkers"
)
def _(router: Router) -> None:
    @router.command("work")
    async def lost(ctx: CommandContext, value: "Missing") -> None: ...  # type: ignore[name-defined]  # noqa: F821 - the mistake


@mistake("HERE: command 'work' takes *values: name each parameter")
def _(router: Router) -> None:
    @router.command("work")
    async def many(ctx: CommandContext, *values: str) -> None: ...


@mistake("HERE: command 'work' parameter 'value' has no annotation, so its option has no type")
def _(router: Router) -> None:
    @router.command("work")
    async def bare(ctx: CommandContext, value) -> None: ...  # type: ignore[no-untyped-def]  # noqa: ANN001 - the mistake


@mistake(
    "HERE: command 'work' parameter 'value' is of a type that no option can hold and nobody provides: bytes;"
    " call router.provide(bytes, …) if it is a dependency"
)
def _(router: Router) -> None:
    @router.command("work")
    async def raw(ctx: CommandContext, value: bytes) -> None: ...


@mistake("HERE: command 'work' has an option 'userId': 1 to 32 lower-case letters, digits, - and _")
def _(router: Router) -> None:
    @router.command("work")
    async def camel(ctx: CommandContext, userId: str) -> None: ...  # noqa: N803 - the mistake


@mistake("HERE: command 'work' has two options named 'same'")
def _(router: Router) -> None:
    @router.command("work")
    async def twice(ctx: CommandContext, same: str, other: Annotated[str, Option(name="same")]) -> None: ...


@mistake("HERE: component 'confirm:{order:int}' parameter 'order' must be int, as in the template")
def _(router: Router) -> None:
    @router.component("confirm:{order:int}")
    async def confirm(ctx: ComponentContext, order: str) -> None: ...


@mistake("HERE: modal 'form:{ticket}' takes [], but its template has ['ticket']")
def _(router: Router) -> None:
    @router.modal("form:{ticket}")
    async def form(ctx: ModalContext) -> None: ...


@mistake("HERE: user command 'Report' parameter 'target' must be User or Member")
def _(router: Router) -> None:
    @router.user_command("Report")
    async def report(ctx: CommandContext, target: Role) -> None: ...


@mistake("HERE: message command 'Report' must take the target after the context")
def _(router: Router) -> None:
    @router.message_command("Report")
    async def report(ctx: CommandContext) -> None: ...


@mistake("HERE: autocomplete 'work' must take the text typed so far after the context")
def _(router: Router) -> None:
    @router.command("work")
    async def thing(ctx: CommandContext, thing: str) -> None: ...

    @router.autocomplete("work", "thing")
    async def things(ctx: AutocompleteContext) -> None: ...


# Policies.


@mistake(
    "HERE: command 'work' has two limits of the same kind, scope and period, which would count as one;"
    " functions are told apart by their names"
)
def _(router: Router) -> None:
    router.command("work", limits=[SlidingWindow(5, per=60), SlidingWindow(50, per=60)])(work)


@mistake("HERE: command 'work' has more than 10 limits")
def _(router: Router) -> None:
    limits = [SlidingWindow(5, per=seconds) for seconds in range(1, 11)]
    router.command("work", cooldown=Cooldown(1), limits=limits)(work)


@mistake("HERE: command 'work' has timeout=0: give seconds above 0")
def _(router: Router) -> None:
    router.command("work", timeout=0)(work)


@mistake(
    "HERE: autocomplete 'work' has timeout=20: Discord takes suggestions for 3 seconds only,"
    " give at most 3, or leave it out for 2.5"
)
def _(router: Router) -> None:
    @router.command("work")
    async def thing(ctx: CommandContext, thing: str) -> None: ...

    @router.autocomplete("work", "thing", timeout=20)
    async def things(ctx: AutocompleteContext, typed: str) -> None: ...


@mistake("HERE: event 'member.join' has concurrency=0: give 1 or more")
def _(router: Router) -> None:
    @router.event("member.join", concurrency=0)
    async def joined(ctx: EventContext[MemberJoin]) -> None: ...


@mistake(
    "HERE: command 'ask' calls show_modal, but is always deferred, and a modal must be the first answer:"
    " declare it with defer=Defer.never()"
)
def _(router: Router) -> None:
    @router.command("ask", defer=Defer.always())
    async def ask(ctx: CommandContext) -> None:
        await ctx.show_modal(Modal("Form", id="form", fields=[TextInput("text", label="What?")]))


@mistake("HERE: check 'is_admin' must be an async def")
def _(router: Router) -> None:
    def is_admin(ctx: InteractionContext) -> bool:
        return True

    router.command("work", checks=[is_admin])(work)  # type: ignore[list-item]  # the mistake


@mistake("HERE: check 'is_admin' must take the context")
def _(router: Router) -> None:
    async def is_admin() -> bool:
        return True

    router.command("work", checks=[is_admin])(work)


# What is around handlers.


@mistake("HERE: middleware 'timing' must take the context and call_next")
def _(router: Router) -> None:
    @router.use  # type: ignore[type-var]  # the mistake
    async def timing(ctx: AnyContext) -> None: ...


@mistake("HERE: error handler 'second' catches KeyError, as the one at HERE does")
def _(router: Router) -> None:
    @router.error(KeyError)
    async def first(ctx: AnyContext, error: KeyError) -> None: ...

    @router.error(KeyError)
    async def second(ctx: AnyContext, error: KeyError) -> None: ...


@mistake("HERE: error handler 'handle' must name a class of exceptions, not 'KeyError'")
def _(router: Router) -> None:
    @router.error("KeyError")  # type: ignore[arg-type]  # the mistake
    async def handle(ctx: AnyContext, error: KeyError) -> None: ...


@mistake("HERE: error handler 'handle' must take the context and the error")
def _(router: Router) -> None:
    @router.error(KeyError)
    async def handle(ctx: AnyContext) -> None: ...


@mistake("HERE: refused handler 'second' is the second one: the router has that at HERE")
def _(router: Router) -> None:
    @router.refused
    async def first(ctx: AnyContext, refusal: Refusal) -> None: ...

    @router.refused
    async def second(ctx: AnyContext, refusal: Refusal) -> None: ...


@mistake("HERE: a router cannot include itself")
def _(router: Router) -> None:
    router.include(router)


@mistake("HERE: prefix 'Admin': give one or two lower-case words of letters, digits, - and _")
def _(router: Router) -> None:
    router.include(Router(), prefix="Admin")


@mistake("HERE: command 'roles add' has more than 3 words with the prefix 'admin server' at HERE")
def _(router: Router) -> None:
    inner = Router()
    inner.command("roles add")(work)
    router.include(inner, prefix="admin server")


@mistake("Router(texts=…): 'xx' is none of Discord's locales, such as de or en-GB")
def _(router: Router) -> Router:
    return Router(texts={"xx": Texts()})


# What is provided.


@mistake(
    "HERE: event 'member.join' parameter 'pool' is a Pool, which nothing provides:"
    " call router.provide(Pool, …) or yield one from a lifespan"
)
def _(router: Router) -> None:
    @router.event("member.join")
    async def joined(ctx: EventContext[MemberJoin], pool: Pool) -> None: ...


@mistake(
    "HERE: command 'work' parameter 'name' could be an option, and its type is provided too:"
    " mark it with Annotated[…, Inject] or Annotated[…, Option()]"
)
def _(router: Router) -> None:
    router.provide("a text")

    @router.command("work")
    async def named(ctx: CommandContext, name: str) -> None: ...


@mistake("HERE: Pool is provided already at HERE")
def _(router: Router) -> None:
    router.provide(Pool())
    router.provide(Pool, Pool)


@mistake("HERE: provider 'make_client' parameter 'pool' has no annotation, so nothing can fill it")
def _(router: Router) -> None:
    def make_client(pool) -> Client:  # type: ignore[no-untyped-def]  # noqa: ANN001 - the mistake
        return Client()

    router.provide(Client, make_client)


@mistake(
    "HERE: provider 'make_pool' needs itself: Pool → Client → Pool\n"
    "HERE: provider 'make_client' needs itself: Client → Pool → Client"
)
def _(router: Router) -> None:
    def make_pool(client: Client) -> Pool:
        return Pool()

    def make_client(pool: Pool) -> Client:
        return Client()

    router.provide(Pool, make_pool)
    router.provide(Client, make_client)


@mistake("HERE: lifespan 'pool' must be an async generator: an async def with one yield")
def _(router: Router) -> None:
    @router.lifespan
    async def pool() -> Pool:
        return Pool()


@mistake("HERE: lifespan 'pool' must say what it yields: -> AsyncIterator[Pool], or AsyncIterator[None] for nothing")
def _(router: Router) -> None:
    @router.lifespan
    async def pool():  # type: ignore[no-untyped-def]  # noqa: ANN202 - the mistake
        yield Pool()


@mistake("HERE: lifespan 'pool' yields Pool, which is provided already at HERE")
def _(router: Router) -> None:
    for _number in range(2):

        @router.lifespan
        async def pool() -> AsyncIterator[Pool]:
            yield Pool()


@mistake("HERE: lifespan 'client' parameter 'pool' needs what a later lifespan yields: declare that one first")
def _(router: Router) -> None:
    @router.lifespan
    async def client(pool: Pool) -> AsyncIterator[Client]:
        yield Client()

    @router.lifespan
    async def pool() -> AsyncIterator[Pool]:
        yield Pool()


@mistake("HERE: lifespan 'client' parameter 'pool' is made from a handler's context, which a lifespan has not")
def _(router: Router) -> None:
    def make_pool(ctx: InteractionContext) -> Pool:
        return Pool()

    router.provide(Pool, make_pool)

    @router.lifespan
    async def client(pool: Pool) -> AsyncIterator[Client]:
        yield Client()


@mistake("HERE: middleware 'timing' takes 'pool' by position only, but it is passed by name")
def _(router: Router) -> None:
    router.provide(Pool())

    @router.use
    async def timing(ctx: AnyContext, call_next: CallNext, pool: Pool, /) -> None: ...


# What Discord would refuse to register.


@mistake(
    "HERE: command 'work' has a description of 101 characters; Discord takes 1 to 100:"
    " shorten the docstring's first line or give description="
)
def _(router: Router) -> None:
    router.command("work", description="x" * 101)(work)


@mistake("HERE: user command 'Report' has a description, which a context menu does not show: leave it out")
def _(router: Router) -> None:
    @router.user_command("Report", description="Report somebody.")
    async def report(ctx: CommandContext, target: User) -> None: ...


@mistake("HERE: command 'work' is localized for 'deutsch', which is none of Discord's locales, such as de or en-GB")
def _(router: Router) -> None:
    router.command("work", localizations={"deutsch": Localization(name="arbeiten")})(work)


@mistake("HERE: command 'work' is called 'Arbeiten' in 'de', which is no name that Discord takes")
def _(router: Router) -> None:
    router.command("work", localizations={"de": Localization(name="Arbeiten")})(work)


@mistake("HERE: command 'work' has words for choices, which belong to an Option(localizations=…)")
def _(router: Router) -> None:
    router.command("work", localizations={"de": Localization(choices={"high": "hoch"})})(work)


@mistake("HERE: command 'work' has a description of 0 characters in 'de'; Discord takes 1 to 100")
def _(router: Router) -> None:
    router.command("work", localizations={"de": Localization(description="")})(work)


@mistake(
    "HERE: command 'work' has contexts=['dm']: choose one or more of guild, bot_dm, private_channel, or leave it out"
)
def _(router: Router) -> None:
    router.command("work", contexts=["dm"])(work)  # type: ignore[list-item]  # the mistake


@mistake("HERE: command 'work' has installs=[]: choose one or more of guild, user, or leave it out")
def _(router: Router) -> None:
    router.command("work", installs=())(work)


@mistake("HERE: command 'work' has permissions=-1: combine Permission values with |")
def _(router: Router) -> None:
    router.command("work", permissions=-1)(work)


@mistake(
    f"HERE: command 'mod kick' has permissions={Permission.KICK_MEMBERS!r}, but 'mod ban' at HERE has"
    f" {Permission.BAN_MEMBERS!r}, and they are one command: say it once, with router.group('mod', …)"
)
def _(router: Router) -> None:
    router.command("mod ban", permissions=Permission.BAN_MEMBERS)(work)
    router.command("mod kick", permissions=Permission.KICK_MEMBERS)(work)


@mistake("HERE: command 'work' option 'size' has min=9 above max=1")
def _(router: Router) -> None:
    @router.command("work")
    async def sized(ctx: CommandContext, size: Annotated[int, Option(min=9, max=1)]) -> None: ...


@mistake("HERE: command 'work' option 'size' has the bound 0.5, but is a whole number")
def _(router: Router) -> None:
    @router.command("work")
    async def sized(ctx: CommandContext, size: Annotated[int, Option(min=0.5)]) -> None: ...


@mistake("HERE: command 'work' option 'size' has the bound 1e+300, beyond 2**53")
def _(router: Router) -> None:
    @router.command("work")
    async def sized(ctx: CommandContext, size: Annotated[float, Option(max=1e300)]) -> None: ...


@mistake("HERE: command 'work' option 'name' has min or max, but is no number: a text has min_length and max_length")
def _(router: Router) -> None:
    @router.command("work")
    async def named(ctx: CommandContext, name: Annotated[str, Option(max=20)]) -> None: ...


@mistake("HERE: command 'work' option 'size' has min_length or max_length, but is no text")
def _(router: Router) -> None:
    @router.command("work")
    async def sized(ctx: CommandContext, size: Annotated[int, Option(max_length=2)]) -> None: ...


@mistake(
    "HERE: command 'work' option 'name' has lengths None to 6001:"
    " Discord takes 0 to 6000, and a max_length of at least 1"
)
def _(router: Router) -> None:
    @router.command("work")
    async def named(ctx: CommandContext, name: Annotated[str, Option(max_length=6001)]) -> None: ...


@mistake("HERE: command 'work' option 'name' has min_length=9 above max_length=1")
def _(router: Router) -> None:
    @router.command("work")
    async def named(ctx: CommandContext, name: Annotated[str, Option(min_length=9, max_length=1)]) -> None: ...


@mistake("HERE: command 'work' option 'name' has channel_types, but is no channel")
def _(router: Router) -> None:
    @router.command("work")
    async def named(ctx: CommandContext, name: Annotated[str, Option(channel_types=(0,))]) -> None: ...


class Level(Enum):
    HIGH = ""


@mistake("HERE: command 'work' option 'level' has a choice of the value '': give 1 to 100 characters")
def _(router: Router) -> None:
    @router.command("work")
    async def levelled(ctx: CommandContext, level: Level = Level.HIGH) -> None: ...


@mistake(
    "HERE: command 'work' option 'level' has a choice named 'xxxxxxxxxxxxxxxxxxxx': give 1 to 100 characters\n"
    "HERE: command 'work' option 'level' has a choice of the value 'xxxxxxxxxxxxxxxxxxxx': give 1 to 100 characters"
)
def _(router: Router) -> None:
    long = "x" * 101

    @router.command("work")
    async def levelled(ctx: CommandContext, level: Literal[long]) -> None: ...  # type: ignore[valid-type]  # made up


@mistake(
    "HERE: command 'work' option 'level' has words in 'de' for a choice 'hgih', which it does not offer\n"
    "HERE: command 'work' option 'level' has a choice named '' in 'de': give 1 to 100 characters"
)
def _(router: Router) -> None:
    words = {"de": Localization(choices={"hgih": "hoch", "low": ""})}

    @router.command("work")
    async def levelled(
        ctx: CommandContext, level: Annotated[Literal["high", "low"], Option(localizations=words)]
    ) -> None: ...


@mistake("HERE: command 'work' option 'level' has a choice of the value 9007199254740993, beyond 2**53")
def _(router: Router) -> None:
    @router.command("work")
    async def levelled(ctx: CommandContext, level: Literal[9007199254740993]) -> None: ...


@mistake("HERE: command 'work' option 'level' has fixed choices and an autocomplete: Discord takes one of them")
def _(router: Router) -> None:
    @router.command("work")
    async def levelled(ctx: CommandContext, level: Literal["high", "low"]) -> None: ...

    @router.autocomplete("work", "level")
    async def levels(ctx: AutocompleteContext, typed: str) -> None: ...


@mistake("HERE: command 'work' option 'where' cannot have an autocomplete: only texts and numbers can")
def _(router: Router) -> None:
    @router.command("work")
    async def placed(ctx: CommandContext, where: Channel) -> None: ...

    @router.autocomplete("work", "where")
    async def places(ctx: AutocompleteContext, typed: str) -> None: ...


@mistake("HERE: command 'work' has 8108 characters in all; Discord takes 8000")
def _(router: Router) -> None:
    @dataclass
    class Chosen:
        names: tuple[str, ...] = tuple(f"{number:03}{'x' * 97}" for number in range(20))

    names = Chosen().names

    @router.command("work", description="y" * 100)
    async def chosen(
        ctx: CommandContext,
        a: Literal[names],  # type: ignore[valid-type]  # made up
        b: Literal[names],  # type: ignore[valid-type]  # likewise
    ) -> None: ...

    # Each choice has its value as its name: 2 × 20 × 200, and the names and descriptions of command and options.


@mistake("HERE: command 'many n25' is one of 26 subcommands and groups in 'many'; Discord allows 25")
def _(router: Router) -> None:
    for number in range(26):
        router.command(f"many n{number}")(work)


@mistake("HERE: command 'n100' is one of 101 chat input commands; Discord allows 100")
def _(router: Router) -> None:
    for number in range(101):
        router.command(f"n{number}")(work)


@mistake("HERE: group 'wallet' has no subcommands: declare them with router.command, or leave it out")
def _(router: Router) -> None:
    router.group("wallet", description="Everything about wallets.")


@mistake("HERE: group 'a b c' is no name of a group: give one or two lower-case words")
def _(router: Router) -> None:
    router.group("a b c")


@mistake("HERE: group 'mod' is described already at HERE")
def _(router: Router) -> None:
    router.command("mod ban")(work)
    router.group("mod")
    router.group("mod")


@mistake("HERE: group 'mod user' has permissions, contexts, installs or nsfw, which belong to 'mod'")
def _(router: Router) -> None:
    router.command("mod user ban")(work)
    router.group("mod user", nsfw=True)


HERE = re.compile(r"test_mistakes_table\.py:\d+")


@pytest.mark.parametrize(("declare", "message"), TABLE, ids=[message[:70] for _, message in TABLE])
def test_a_mistake_says_where_it_is_and_what_is_wrong(declare: Declare, message: str) -> None:
    router = Router()
    other = declare(router)

    with pytest.raises(RoutingError) as raised:
        (other if isinstance(other, Router) else router).compile()

    assert HERE.sub("HERE", str(raised.value)) == message


def test_the_table_is_long_and_no_mistake_is_in_it_twice() -> None:
    messages = [message for _, message in TABLE]

    assert len(messages) >= 30
    assert len(set(messages)) == len(messages)


def test_all_mistakes_of_a_router_are_reported_at_once() -> None:
    router, inner = Router(), Router()
    for declare, message in TABLE:
        if not message.startswith(("Router", "HERE: provider 'make_pool'")):
            inner = Router()
            declare(inner)
            router.include(inner)

    with pytest.raises(RoutingError) as raised:
        router.compile()

    assert len(str(raised.value).splitlines()) >= 60


def test_a_policy_that_a_kind_does_not_know_is_a_type_error() -> None:
    router = Router()

    with pytest.raises(TypeError, match="event takes no 'defer'; it takes concurrency, if_state_down, timeout"):
        router.event("member.join", defer=Defer.never())  # type: ignore[call-arg]  # the mistake

    with pytest.raises(TypeError, match="component takes no 'permissions'"):
        router.component("press", permissions=Permission.BAN_MEMBERS)  # type: ignore[call-arg]  # likewise


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("slow_down", "Again {wann}."),
        ("slow_down", "{"),
        ("slow_down", "{when.x}"),
        ("slow_down", "{when[x]}"),
        ("bad_option", "{} {problem}"),
        ("bad_option", 5),
    ],
)
def test_a_text_with_other_braces_is_refused(name: str, text: str) -> None:
    words: dict[str, Any] = {name: text}
    with pytest.raises(ValueError, match=rf"Texts\({name}="):
        Texts(**words)


def test_the_context_may_go_without_annotation_or_be_any_base() -> None:
    router = Router()

    @router.command("one")
    async def one(ctx) -> None: ...  # type: ignore[no-untyped-def]  # noqa: ANN001 - it may

    @router.command("two")
    async def two(ctx: InteractionContext) -> None: ...

    @router.command("three")
    async def three(ctx: CommandContext | AutocompleteContext) -> None: ...

    @router.command("four")
    async def four(ctx: Any) -> None: ...  # noqa: ANN401 - it may

    @router.event("member.join")
    async def five(ctx: EventContext[MemberJoin | MemberLeave]) -> None: ...

    @router.event("member.leave")
    async def six(ctx: EventContext) -> None: ...  # type: ignore[type-arg]  # it may

    assert len(router.compile()) == 6
