"""Events by Discord's own names."""

from typing import Any

import pytest

from gpcore import Dispatch, EventContext, MemberJoin, Router, RoutingError
from gpcore.domain.events import EVENT_CLASSES
from gpcore.domain.settling import Ack
from tests.builders import WireFormat, an_event_message, fixture_names
from tests.unit.application.worlds import Process, World


def keeping(*names: str) -> tuple[Router, list[object]]:
    """Return a bot that keeps what its handlers get."""
    router, seen = Router(), list[object]()

    async def keep(ctx: EventContext[Any]) -> None:
        seen.append(ctx.event)

    for name in names:
        router.event(name)(keep)
    return router, seen


@pytest.mark.parametrize("wire_format", ["v2", "frame"])
async def test_a_handler_by_discords_name_gets_the_dispatch_even_of_what_is_modelled(
    world: World, wire_format: WireFormat
) -> None:
    router, seen = keeping("GUILD_MEMBER_ADD")
    message = an_event_message(wire_format=wire_format, now_ms=world.now_ms)

    assert await Process(world, router).process(message) == Ack("handled")

    [event] = seen
    assert isinstance(event, Dispatch)
    assert (event.name, event.guild_id) == ("GUILD_MEMBER_ADD", event.data["guild_id"])


async def test_gps_name_goes_before_discords_for_what_it_covers(world: World) -> None:
    router, seen = keeping("guild.outage", "GUILD_DELETE")
    process = Process(world, router)
    gone = an_event_message("32-guild-delete-kick", wire_format="v2", now_ms=world.now_ms)
    away = an_event_message("32-guild-delete-kick", wire_format="v2", now_ms=world.now_ms, unavailable=True)

    for message in (gone, away):
        assert await process.process(message) == Ack("handled")

    assert [type(event).__name__ for event in seen] == ["Dispatch", "GuildOutage"]


@pytest.mark.parametrize("wire_format", ["v1", "v2", "frame"])
async def test_every_modelled_event_comes_as_its_own_class(world: World, wire_format: WireFormat) -> None:
    router, seen = keeping(*EVENT_CLASSES)
    process = Process(world, router)
    fixtures = [name for name in fixture_names() if name[:2] in {"25", "26", "27", "29", "30", "31", "32", "34"}]
    for fixture in fixtures:
        if wire_format == "v1" and fixture[:2] in {"27", "30", "31"}:
            continue  # what the original ingestor publishes for these is nothing, or another event
        await process.process(an_event_message(fixture, wire_format=wire_format, now_ms=world.now_ms))

    kinds = {type(event) for event in seen}
    assert kinds <= set(EVENT_CLASSES.values())
    assert MemberJoin in kinds
    assert len(kinds) >= 5


def test_a_name_whose_event_types_all_have_handlers_never_comes() -> None:
    router, _ = keeping("member.join", "GUILD_MEMBER_ADD")

    with pytest.raises(RoutingError, match="event 'GUILD_MEMBER_ADD' never comes"):
        router.compile()


def test_a_name_of_which_something_is_left_comes() -> None:
    router, _ = keeping("guild.join", "GUILD_CREATE")

    assert router.compile().dispatches == {"GUILD_CREATE"}
