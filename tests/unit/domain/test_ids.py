"""Snowflakes, and the event ids that gp derives."""

from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpcore.domain.ids import (
    GP_NAMESPACE,
    created_at_ms,
    dispatch_event_id,
    interaction_event_id,
    is_snowflake,
    snowflake_at,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("430305391411331087", True),
        ("1574394140928778273", True),
        (str(2**64 - 1), True),
        (str(2**64), False),
        ("0", False),
        ("1234567890123456", False),
        ("043030539141133108", False),
        ("٤٣٠٣٠٥٣٩١٤١١٣٣١٠٨٧", False),
        ("430305391411331087\n", False),
        (" 430305391411331087", False),
        ("../4303053914113310", False),
        ("", False),
    ],
)
def test_only_discords_ids_are_snowflakes(text: str, expected: bool) -> None:
    assert is_snowflake(text) is expected


def test_a_snowflake_tells_when_it_was_made() -> None:
    # The example of Discord's own reference.
    assert created_at_ms("175928847299117063") == 1_462_015_105_796


@pytest.mark.parametrize("sequence", [0, 1, 2**22 - 1])
def test_a_minted_snowflake_tells_its_moment_whatever_its_sequence(sequence: int) -> None:
    minted = snowflake_at(1_795_435_207_405, sequence)

    assert is_snowflake(minted)
    assert created_at_ms(minted) == 1_795_435_207_405


def test_the_derived_ids_never_change() -> None:
    """Two publishers, and a fleet that is half updated, must agree on them."""
    assert interaction_event_id("1574394140928778273") == "5c0249ad-5f4a-55ae-a524-cb78938ec6f2"
    assert dispatch_event_id("GUILD_MEMBER_ADD", 0, 42, "ab" * 32) == "df504ab9-41a1-5c1d-99e6-540fe241a266"


def test_derived_ids_are_uuids_that_tell_their_sources_apart() -> None:
    made = [
        interaction_event_id("1"),
        interaction_event_id("2"),
        dispatch_event_id("A", 0, 1, "00"),
        dispatch_event_id("B", 0, 1, "00"),
        dispatch_event_id("A", 1, 1, "00"),
        dispatch_event_id("A", 0, 2, "00"),
        dispatch_event_id("A", 0, 1, "01"),
    ]

    assert len(set(made)) == len(made)
    assert {UUID(each).version for each in made} == {5}


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_derived_id_is_the_named_uuid_that_everybody_else_makes(name: str) -> None:
    assert interaction_event_id(name) == str(uuid5(GP_NAMESPACE, f"interaction:{name}"))
