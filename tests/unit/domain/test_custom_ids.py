"""Templates of custom ids; that building and matching are inverse is a property of its own."""

import pytest

from gpcore.domain.custom_ids import CustomIdTemplate
from gpcore.errors import RoutingError


@pytest.mark.parametrize(
    ("template", "custom_id", "parameters"),
    [
        ("close", "close", {}),
        ("close", "closed", None),
        ("close", "", None),
        ("confirm:{order_id:int}", "confirm:7", {"order_id": 7}),
        ("confirm:{order_id:int}", "confirm:-7", {"order_id": -7}),
        ("confirm:{order_id:int}", "confirm:0", {"order_id": 0}),
        ("confirm:{order_id:int}", "confirm:-0", None),
        ("confirm:{order_id:int}", "confirm:07", None),
        ("confirm:{order_id:int}", "confirm:x", None),
        ("confirm:{order_id:int}", "confirm:\u0667", None),
        ("confirm:{order_id:int}", "confirm:" + "9" * 20, None),
        ("page:{list}:{n:int}", "page:a:b:3", {"list": "a:b", "n": 3}),
        ("page:{list:str}", "page:", None),
        ("page:{list:str}", "page:two\nlines", {"list": "two\nlines"}),
        ("{all}", "anything at all", {"all": "anything at all"}),
        ("a.b{x}", "aXb1", None),
    ],
)
def test_a_custom_id_matches_its_template_or_does_not(
    template: str, custom_id: str, parameters: dict[str, object] | None
) -> None:
    assert CustomIdTemplate.parse(template).match(custom_id) == parameters


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("", "give 1 to 100 characters"),
        ("x" * 101, "give 1 to 100 characters"),
        ("😀" * 51, "give 1 to 100 characters"),
        ("{a:float}", "a is of type 'float'; use str or int"),
        ("{a}:{a}", "a appears twice"),
        ("{a}{b}", "put text between {a} and {b}"),
        ("{", "a brace is left over"),
        ("x}", "a brace is left over"),
        ("{1a}", "a brace is left over"),
        ("{a:}", "a brace is left over"),
    ],
)
def test_a_template_that_cannot_work_is_refused(template: str, words: str) -> None:
    with pytest.raises(RoutingError, match=words):
        CustomIdTemplate.parse(template)


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({}, r"takes \['n', 'name'\], not \[\]"),
        ({"n": 1, "name": "a", "more": 1}, r"not \['more', 'n', 'name'\]"),
        ({"n": "1", "name": "a"}, "n must be int"),
        ({"n": True, "name": "a"}, "n must be int"),
        ({"n": 1, "name": 5}, "name must be str"),
        ({"n": 1, "name": ""}, "a value contains the text that follows it"),
        ({"n": 10**19, "name": "a"}, "a value contains the text that follows it"),
        ({"n": 1, "name": "x" * 97}, "longer than 100 characters"),
        ({"n": 1, "name": "😀" * 49}, "longer than 100 characters"),
    ],
)
def test_an_id_that_would_not_come_back_is_not_built(parameters: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        CustomIdTemplate.parse("p:{name}:{n:int}").build(parameters)


def test_a_value_that_would_be_cut_elsewhere_is_refused_and_one_that_would_not_is_taken() -> None:
    with pytest.raises(ValueError, match="a value contains the text that follows it"):
        CustomIdTemplate.parse("p:{name}:{more}").build({"name": "a:b", "more": "c"})

    assert CustomIdTemplate.parse("p:{name}:{n:int}").build({"name": "a:7", "n": 1}) == "p:a:7:1"


def test_the_fixed_text_is_counted() -> None:
    assert CustomIdTemplate.parse("confirm:{a}:{b}.").literal == len("confirm::.")
