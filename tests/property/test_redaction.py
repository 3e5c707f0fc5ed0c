import json
import logging
import string
from collections.abc import Callable, Iterator

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gpadapters.observability.logging import JsonFormatter, TextFormatter
from gpadapters.observability.redaction import REDACTED, Redactor
from gpcore.domain.secrets import Secret

pytestmark = pytest.mark.property

BASE64URL = string.ascii_letters + string.digits + "-_"


def run(shortest: int, longest: int) -> st.SearchStrategy[str]:
    return st.text(alphabet=BASE64URL, min_size=shortest, max_size=longest)


TRICKY = [
    *(
        "token",
        "password: ",
        '"token": "',
        "'secret', b'",
        "Authorization: ",
        "Bot ",
        "api_key=",
        "://",
        "amqp://u:",
        "@",
    ),
    *("/interactions/1/", "/webhooks/{id}/", "%2F", "aW50ZXJhY3Rpb24", "x" * 25 + ".", "abcdef.", "\\", '"', "'", "\n"),
    *("é", "\ud800", REDACTED, " ", ":", "/"),
]
surroundings = st.lists(
    st.one_of(st.sampled_from(TRICKY), st.text(alphabet=st.characters(codec=None), max_size=5)), max_size=8
).map("".join)

issued_tokens = run(20, 200).map(lambda tail: "aW50ZXJhY3Rpb246" + tail)
opaque_tokens = run(120, 220)
bot_tokens = st.tuples(run(24, 28), run(6, 6), run(27, 38)).map(".".join)
tokens = st.one_of(issued_tokens, opaque_tokens, bot_tokens)
short_tokens = st.text(alphabet=BASE64URL + ".", min_size=12, max_size=100)
url_passwords = st.text(alphabet=BASE64URL + ".~%!$&'()*+,;=:", min_size=8, max_size=60)
known_values = st.text(alphabet=st.characters(codec=None, exclude_characters="[]"), min_size=6, max_size=40).filter(
    lambda value: "://" not in value and value not in REDACTED
)
printable_values = st.text(
    alphabet=sorted(set(string.printable) - set(string.whitespace) - set("[]\\")), min_size=6, max_size=40
).filter(lambda value: "://" not in value and value not in REDACTED)


@given(before=surroundings, token=tokens, after=surroundings)
def test_a_token_never_survives_in_any_text(before: str, token: str, after: str) -> None:
    assert token not in Redactor().text(before + token + after)


@given(before=surroundings, token=tokens, after=surroundings)
def test_no_part_of_a_token_survives_that_could_serve_to_guess_it(before: str, token: str, after: str) -> None:
    assert token[-12:] not in Redactor().text(f"{before} {token} {after}")


@given(
    before=surroundings,
    path=st.sampled_from(
        ["/interactions/1574394817465913458/{}/callback", "/webhooks/849255963033731074/{}?wait=true"]
    ),
    token=short_tokens,
    after=surroundings,
)
def test_a_token_in_a_path_never_survives(before: str, path: str, token: str, after: str) -> None:
    assume(token not in before + path + after)

    assert token not in Redactor().text(before + path.format(token) + after)


@given(
    before=surroundings,
    start=st.sampled_from(["amqp://worker:", "redis://:", "https://a%40b:"]),
    password=url_passwords,
    after=surroundings,
)
def test_a_urls_password_never_survives(before: str, start: str, password: str, after: str) -> None:
    assume(password not in before + start + after)

    assert password not in Redactor().text(f"{before}{start}{password}@host:5672/{after}")


@given(
    before=surroundings,
    name=st.sampled_from(["token", "interactionToken", "password", "client_secret", "Authorization"]),
    write=st.sampled_from([json.dumps, repr, str]),
    token=short_tokens,
)
def test_a_value_never_survives_beside_its_name(
    before: str, name: str, write: Callable[[object], str], token: str
) -> None:
    assume(token not in before)

    assert token not in Redactor().text(f"{before} {write({'id': 1, name: token, 'more': [2]})}")
    assert token not in Redactor().text(f"{before} {name}={token}")


@given(before=surroundings, values=st.lists(known_values, min_size=1, max_size=4), after=surroundings)
def test_a_known_secret_never_survives_in_any_text(before: str, values: list[str], after: str) -> None:
    redacted = Redactor(map(Secret, values)).text(before + after.join(values) + after)

    assert [value for value in values if value in redacted] == []


@given(text=surroundings)
def test_what_is_left_is_the_text_itself_in_its_order(text: str) -> None:
    remaining = iter(text)

    for piece in Redactor([Secret("abcdef")]).text(text.replace(REDACTED, "")).split(REDACTED):
        assert all(character in remaining for character in piece)


class Planted(Exception):  # noqa: N818 - neither an error of the product nor of the test
    """Carries a secret in its arguments, its notes and its causes."""


def chained(text: str, secret: str) -> BaseException:
    """Return an error with a cause, a context, a group and notes, all of which hold the secret."""
    try:
        try:
            try:
                raise KeyError(text)
            except KeyError:
                raise Planted({"nested": [secret, text]})  # noqa: B904 - the context is the point
        except Planted as planted:
            planted.add_note(f"noted {text}")
            raise ExceptionGroup(text, [ValueError(text), OSError(2, text, secret)]) from planted
    except ExceptionGroup as outermost:
        return outermost


def records(text: str, secret: str) -> Iterator[logging.LogRecord]:
    def record(message: object, *args: object, **extras: object) -> logging.LogRecord:
        made = logging.LogRecord("anybody", logging.ERROR, "file.py", 1, message, args, None)
        vars(made).update(extras)
        return made

    yield record("%d " + text.replace("%", "%%"), 1)
    yield record("%s %r %a", text, secret, [text])
    yield record("%(it)s", {"it": text})
    yield record("%s", Planted(text, {secret: secret}))
    yield record(
        "extras", handler=text, seen={"deep": [{"er": (text, secret)}], text: 1}, raw=text.encode("utf-8", "replace")
    )
    yield record("a field's name is enough", token=secret, outer={"password": secret}, body=text)
    error = chained(text, secret)
    failed = record("an exception")
    failed.exc_info = (type(error), error, error.__traceback__)
    yield failed
    kept = record("texts made elsewhere")
    kept.exc_text, kept.stack_info = text, text
    yield kept


def strings_within(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from strings_within(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings_within(inner)
    else:
        yield str(value)


@given(before=surroundings, secret=st.one_of(tokens, printable_values), after=surroundings)
def test_a_secret_never_survives_in_a_log_line(before: str, secret: str, after: str) -> None:
    redactor = Redactor([Secret(secret)] if len(secret) <= 40 else [])
    as_json, as_text = JsonFormatter(redactor), TextFormatter(redactor)

    for record in records(before + secret + after, secret):
        line = as_json.format(record)
        assert line.isascii()
        assert "\n" not in line
        assert [text for text in strings_within(json.loads(line)) if secret in text] == []
        assert secret not in as_text.format(record)
