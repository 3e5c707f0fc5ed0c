"""The models' ids are the ids of the domain."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from gpadapters.wire.scalars import UNKNOWN_USER, Snowflake, UserIdOrUnknown
from gpcore.domain.ids import is_snowflake

NEAR = (
    st.integers(0, 2 * 10**20).map(str)
    | st.integers(2**64 - 300, 2**64 + 300).map(str)
    | st.text("0189 x\n", max_size=22)
)
SNOWFLAKE, USER = TypeAdapter(Snowflake), TypeAdapter(UserIdOrUnknown)


def accepts(adapter: TypeAdapter[str], text: str) -> bool:
    try:
        return adapter.validate_python(text, strict=True) == text
    except ValidationError:
        return False


@given(NEAR)
@example(str(2**64 - 1))
@example(str(2**64))
@example(f"{10**17}\n")
@example("\uff11" * 18)
def test_exactly_the_snowflakes_of_the_domain_are_taken(text: str) -> None:
    assert accepts(SNOWFLAKE, text) == accepts(USER, text) == is_snowflake(text)


@pytest.mark.parametrize(("text", "taken"), [(UNKNOWN_USER, True), ("unknown1", False), (f"{UNKNOWN_USER}\n", False)])
def test_a_user_may_be_unknown(text: str, taken: bool) -> None:
    assert accepts(USER, text) is taken
    assert not accepts(SNOWFLAKE, text)


@given(st.integers(0, 19), st.integers(0, 9))
def test_every_digit_of_the_bound_counts(at: int, digit: int) -> None:
    bound = str(2**64 - 1)
    text = f"{bound[:at]}{digit}{'0' * (19 - at)}"

    assert accepts(SNOWFLAKE, text) == is_snowflake(text)
