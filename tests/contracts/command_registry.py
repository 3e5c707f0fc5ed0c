import pytest

from gpcore.errors import PortRejectedError
from gpcore.ports.command_registry import CommandRegistry

GUILD = "849255963033731074"
PING = {"name": "ping", "description": "Answer at once."}
BADGE = {"name": "badge", "description": "Give a badge."}


class CommandRegistryContract:
    """Subclasses give the fixture ``registry``."""

    async def test_nothing_is_registered_at_first(self, registry: CommandRegistry) -> None:
        assert list(await registry.registered()) == []

    async def test_replacing_makes_the_whole_set(self, registry: CommandRegistry) -> None:
        await registry.replace([PING, BADGE])
        made = await registry.replace([BADGE])

        assert [command["name"] for command in made] == ["badge"]
        assert list(await registry.registered()) == list(made)

    async def test_a_guild_has_its_own_set(self, registry: CommandRegistry) -> None:
        await registry.replace([PING])
        await registry.replace([BADGE], guild_id=GUILD)

        assert [command["name"] for command in await registry.registered()] == ["ping"]
        assert [command["name"] for command in await registry.registered(guild_id=GUILD)] == ["badge"]

    async def test_replacing_is_all_or_nothing(self, registry: CommandRegistry) -> None:
        await registry.replace([PING])

        with pytest.raises(PortRejectedError) as caught:
            await registry.replace([BADGE, {"description": "nameless"}])

        assert caught.value.code == 50035
        assert [command["name"] for command in await registry.registered()] == ["ping"]

    async def test_the_words_of_other_languages_are_there(self, registry: CommandRegistry) -> None:
        await registry.replace([PING | {"name_localizations": {"de": "pingen"}}])

        [ping] = await registry.registered()
        assert ping["name_localizations"] == {"de": "pingen"}
