"""A string that does not print itself."""

import copy
import traceback

import pytest

from gpcore.domain.secrets import Secret

VALUE = "aW50ZXJhY3Rpb246MTIzNDU2"


def test_a_secret_shows_itself_only_when_it_is_told_to() -> None:
    secret = Secret(VALUE)

    shown = [repr(secret), str(secret), f"{secret}", f"{secret!r}", f"{secret!s}", "%s" % secret, repr([secret])]  # noqa: UP031 - one more way to print

    assert all(VALUE not in text for text in shown)
    assert secret.reveal() == VALUE


def test_a_secret_has_no_dictionary_to_print() -> None:
    assert not hasattr(Secret(VALUE), "__dict__")


def test_a_secret_in_an_error_stays_hidden() -> None:
    with pytest.raises(ValueError, match="Secret") as raised:
        raise ValueError(Secret(VALUE))

    assert VALUE not in "".join(traceback.format_exception(raised.value))


def test_secrets_are_equal_by_value_and_only_to_secrets() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a"), Secret("b")}) == 2


def test_an_empty_secret_is_false() -> None:
    assert not Secret("")
    assert Secret("a")


def test_a_secret_can_be_copied() -> None:
    assert copy.deepcopy(Secret(VALUE)) == Secret(VALUE)


def test_a_secret_takes_no_new_attributes() -> None:
    with pytest.raises(AttributeError):
        Secret(VALUE).note = VALUE  # type: ignore[attr-defined]  # that is the point
