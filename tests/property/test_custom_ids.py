"""Building a custom id and matching it are inverse to each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpcore.domain.custom_ids import CustomIdTemplate
from gpcore.errors import RoutingError

pytestmark = pytest.mark.property

NAMES = ["order", "user", "page"]
LITERALS = st.text(st.characters(exclude_characters="{}", exclude_categories=["Cs"]), min_size=1, max_size=8)
VALUES = {
    "int": st.integers(-(10**19), 10**19),
    "str": st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
}


@st.composite
def templates(draw: st.DrawFn) -> tuple[str, dict[str, object]]:
    """Return a template and values for its parameters, which may not fit."""
    text, values = draw(st.just("") | LITERALS), dict[str, object]()
    for name in NAMES[: draw(st.integers(0, len(NAMES)))]:
        kind = draw(st.sampled_from(["int", "str"]))
        text += f"{{{name}:{kind}}}" + draw(LITERALS)
        values[name] = draw(VALUES[kind])
    return text, values


@given(case=templates())
def test_a_custom_id_reads_back_as_it_was_built_or_is_not_built(case: tuple[str, dict[str, object]]) -> None:
    text, values = case
    try:
        template = CustomIdTemplate.parse(text)
    except RoutingError:
        assert not text
        return
    try:
        custom_id = template.build(values)
    except ValueError:
        return
    assert 1 <= len(custom_id) <= 100
    assert template.match(custom_id) == values


@given(case=templates(), tail=st.text(max_size=20))
def test_a_custom_id_that_matches_is_the_one_that_its_parameters_build(
    case: tuple[str, dict[str, object]], tail: str
) -> None:
    text, values = case
    if not text:
        return
    template = CustomIdTemplate.parse(text)
    naive = text
    for name, value in values.items():
        naive = naive.replace(f"{{{name}:{'int' if template.parameters[name] is int else 'str'}}}", f"{value}{tail}")
    found = template.match(naive)
    if found is not None and len(naive.encode("utf-16-le", "surrogatepass")) // 2 <= 100:
        assert template.build(found) == naive


@given(value=st.integers())
def test_every_number_that_is_built_is_read_back(value: int) -> None:
    template = CustomIdTemplate.parse("page:{number:int}")
    try:
        custom_id = template.build({"number": value})
    except ValueError:
        assert abs(value) >= 10**19
        return
    assert template.match(custom_id) == {"number": value}
