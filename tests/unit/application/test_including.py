"""What an included router keeps, and what it gets."""

import pytest

from gpcore import (
    AutocompleteContext,
    CommandContext,
    ComponentContext,
    EventContext,
    MemberJoin,
    ModalContext,
    Router,
    RoutingError,
    User,
)
from tests.unit.application.full_bot import a_bot


async def nothing(ctx: CommandContext) -> None: ...


def names(router: Router) -> set[str]:
    return {handler.label for handler in router.compile()}


def test_a_prefix_goes_before_commands_and_their_autocompletes_only() -> None:
    inner, outer = Router(), Router()

    @inner.command("ban")
    async def ban(ctx: CommandContext, why: str) -> None: ...

    @inner.autocomplete("ban", "why")
    async def reasons(ctx: AutocompleteContext, typed: str) -> None: ...

    @inner.component("undo:{case:int}")
    async def undo(ctx: ComponentContext, case: int) -> None: ...

    @inner.modal("appeal:{case:int}")
    async def appeal(ctx: ModalContext, case: int) -> None: ...

    @inner.user_command("Report user")
    async def report(ctx: CommandContext, target: User) -> None: ...

    @inner.event("member.join")
    async def joined(ctx: EventContext[MemberJoin]) -> None: ...

    outer.include(inner, prefix="mod user")

    assert names(outer) == {
        "command:mod user ban",
        "autocomplete:mod user ban:why",
        "component:undo:{case:int}",
        "modal:appeal:{case:int}",
        "user_command:Report user",
        "event:member.join",
    }
    assert undo.id(case=7) == "undo:7"


def test_prefixes_add_up() -> None:
    inner, middle, outer = Router(), Router(), Router()

    @inner.command("add")
    async def add(ctx: CommandContext) -> None: ...

    middle.include(inner, prefix="roles")
    outer.include(middle, prefix="admin")

    assert names(outer) == {"command:admin roles add"}
    assert names(middle) == {"command:roles add"}, "the included router itself stays as it is"


def test_handlers_that_come_after_the_inclusion_count() -> None:
    inner, outer = Router(), Router()
    outer.include(inner)

    @inner.command("late")
    async def late(ctx: CommandContext) -> None: ...

    assert names(outer) == {"command:late"}
    assert [registration.name for registration in outer.registrations] == ["late"]


def test_a_router_may_be_included_under_two_prefixes() -> None:
    inner, outer = Router(), Router()

    @inner.command("list")
    async def listing(ctx: CommandContext) -> None: ...

    outer.include(inner, prefix="roles")
    outer.include(inner, prefix="users")

    assert names(outer) == {"command:roles list", "command:users list"}


def test_without_a_prefix_everything_is_as_it_was() -> None:
    outer = Router()
    outer.include(a_bot())

    assert names(outer) == names(a_bot())


def mistakes(router: Router) -> list[str]:
    with pytest.raises(RoutingError) as raised:
        router.compile()
    return str(raised.value).splitlines()


def test_a_name_that_gets_too_long_names_both_lines() -> None:
    inner, outer = Router(), Router()

    @inner.command("roles add")
    async def add(ctx: CommandContext) -> None: ...

    outer.include(inner, prefix="admin server")

    [mistake] = mistakes(outer)
    assert mistake.startswith("test_including.py:")
    assert "command 'roles add' has more than 3 words with the prefix 'admin server' at test_including.py:" in mistake


@pytest.mark.parametrize("prefix", ["Admin", "a b c", "a  b", " a", "a/b"])
def test_a_prefix_is_checked_where_it_is_given(prefix: str) -> None:
    outer = Router()
    outer.include(a_bot(), prefix=prefix)

    [mistake] = mistakes(outer)
    assert f"prefix {prefix!r}: give one or two lower-case words" in mistake


def test_routers_that_include_each_other_are_found_out() -> None:
    one, other = Router(), Router()
    one.include(other)
    other.include(one)
    one.include(one)
    one.command("work")(nothing)

    assert [registration.name for registration in one.registrations] == ["work"]
    assert len(mistakes(one)) == 2
    assert all("a router cannot include itself" in mistake for mistake in mistakes(one))
