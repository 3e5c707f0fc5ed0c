"""Topic patterns mean what they mean to the real broker."""

import pytest

from gpadapters.memory.topic import matches


@pytest.mark.parametrize(
    ("pattern", "routing_key", "taken"),
    [
        ("interaction.#", "interaction.command.ping", True),
        ("interaction.#", "interaction", True),
        ("interaction.#", "interactions.button", False),
        ("INTERACTION_CREATE", "INTERACTION_CREATE", True),
        ("GUILD_MEMBER_*", "GUILD_MEMBER_ADD", False),
        ("member.*", "member.join", True),
        ("member.*", "member", False),
        ("member.*", "member.join.late", False),
        ("#", "", True),
        ("#", "a.b.c", True),
        ("*", "", True),
        ("#.b.#", "a.b.c", True),
        ("#.b.#", "b", True),
        ("#.b.#", "a.c", False),
        ("a.#.b", "a.b", True),
        ("a.#.b", "a.x.y.b", True),
        ("a.#.b", "a.x.y", False),
    ],
)
def test_a_pattern_takes_a_routing_key(pattern: str, routing_key: str, taken: bool) -> None:
    assert matches(pattern, routing_key) is taken
