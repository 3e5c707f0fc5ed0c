import json
from collections.abc import Mapping
from decimal import Decimal
from urllib.parse import quote, quote_plus

import pytest

from gpadapters.observability.redaction import Redactor
from gpcore.domain.secrets import Secret
from tests.builders import a_v1_body

BOT_TOKEN = "MTU3NDM5NDgxNzQ2NTkxMzQ1.GabcdE.q0-abcdefghijklmnopqrstuvwxyz_0123456"
TOKEN = str(a_v1_body("01-command-no-options")["interactionToken"])
UNISSUED = "A_UNIQUE_TOKEN"
"""As Discord's documents write it: neither long nor with a known beginning."""

SHAPED = [
    (f"a token {TOKEN} in a sentence", "a token [redacted] in a sentence"),
    (f"<{TOKEN}/callback", "<[redacted]/callback"),
    (f"bot {BOT_TOKEN}!", "bot [redacted]!"),
    (f"{'x' * 20}.abcdef.Nz{BOT_TOKEN}!", "[redacted]!"),
    (f"({'tok3n-_' * 20})", "([redacted])"),
    (
        f"POST https://discord.com/api/v10/interactions/1574394817465913458/{UNISSUED}/callback?with_response=true",
        "POST https://discord.com/api/v10/interactions/1574394817465913458/[redacted]/callback?with_response=true",
    ),
    (
        f"PATCH /webhooks/849255963033731074/{UNISSUED}/messages/@original",
        "PATCH /webhooks/849255963033731074/[redacted]/messages/@original",
    ),
    (f"url=%2Fwebhooks%2F849255963033731074%2F{UNISSUED}", "url=%2Fwebhooks%2F849255963033731074%2F[redacted]"),
    (f"target=b'/webhooks/1/{UNISSUED}'", "target=b'/webhooks/1/[redacted]'"),
    (f"Authorization: Bot {UNISSUED}", "Authorization: [redacted]"),
    ("token: blue", "token: [redacted]"),
    ("{'token': b'blue'}", "{'token': b'[redacted]'}"),
    (f"[(b'Authorization', b'Bot {UNISSUED}')]", "[(b'Authorization', b'[redacted]')]"),
    ("Bearer abcdefghijklmnopqrstu is no more", "Bearer [redacted] is no more"),
    (f"{{'interactionToken': '{UNISSUED}', 'id': '1'}}", "{'interactionToken': '[redacted]', 'id': '1'}"),
    (f'{{"token": "{UNISSUED}", "id": "1"}}', '{"token": "[redacted]", "id": "1"}'),
    (f'"{{\\"token\\": \\"{UNISSUED}\\", \\"id\\"}}"', '"{\\"token\\": \\"[redacted]\\", \\"id\\"}"'),
    ('{"password": "a\\"b c", "id": 1}', '{"password": "[redacted]", "id": 1}'),
    ('{"password": "cut off in the mid', '{"password": "[redacted]'),
    ('{"password": "cut\nnext line', '{"password": "[redacted]\nnext line'),
    ('{"secret": "amqp://u:pw@h and more"}', '{"secret": "[redacted]"}'),
    ("?api_key=abc&id=1", "?api_key=[redacted]&id=1"),
    ("f(secret=abc, id=1)", "f(secret=[redacted], id=1)"),
    ("amqp://guest:guest@127.0.0.1:5672/vhost", "amqp://guest:[redacted]@127.0.0.1:5672/vhost"),
    ("redis://:p%40ss@[::1]:6379/0", "redis://:[redacted]@[::1]:6379/0"),
    ("amqp://u:a/b@c#d?@host/v", "amqp://u:[redacted]@host/v"),
    ("amqp://u@x:pw@host and amqps://v:w@host", "amqp://u@x:[redacted]@host and amqps://v:[redacted]@host"),
]

HARMLESS = [
    "",
    "ok",
    "lane interactions: the connection to 127.0.0.1:5672 was lost; next attempt in 1.2 s",
    "POST /interactions/{interaction_id}/{interaction_token}/callback answered 404 (10062)",
    "PATCH http://127.0.0.1:8080/api/v10/channels/849255963033731074/messages/@me",
    "50027: Invalid Webhook Token",
    '{"token": "", "id": 1}',
    "DISCORD_BOT_TOKEN is missing; a secret Bot has no password",
    "amqp://guest@127.0.0.1:5672/",
    "gp.rabbitmq.connection_supervisor.reconnects.after_the_broker_closed_it",
    "sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
]


@pytest.mark.parametrize(("text", "expected"), SHAPED)
def test_finds_a_secret_by_its_shape(text: str, expected: str) -> None:
    assert Redactor().text(text) == expected


@pytest.mark.parametrize(("text", "expected"), SHAPED)
def test_leaves_a_redacted_text_as_it_is(text: str, expected: str) -> None:
    assert Redactor().text(expected) == expected


@pytest.mark.parametrize("text", HARMLESS)
def test_leaves_a_text_without_secrets_as_it_is(text: str) -> None:
    redactor = Redactor([Secret("amqp://guest@127.0.0.1:5672/"), Secret("redis://127.0.0.1/0"), Secret("")])

    assert redactor.text(text) == text


@pytest.mark.parametrize("secret", ["p/ß 'q\"+\\n%", "plain-secret", "it's a secret", "new\nline", "caf\udce9 au lait"])
def test_finds_a_known_secret_however_it_is_written(secret: str) -> None:
    spellings = (
        secret,
        quote(secret, errors="surrogatepass"),
        quote(secret, safe="", errors="surrogatepass"),
        quote_plus(secret, errors="surrogatepass"),
        quote(secret, safe="", errors="surrogatepass").replace("%C3%9F", "%c3%9f"),
        repr(secret)[1:-1],
        ascii(secret)[1:-1],
        repr(secret + "\"'")[1:-4],
        repr(secret.encode(errors="surrogatepass"))[2:-1],
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
    )
    redactor = Redactor([Secret(secret)])

    assert {spelling: redactor.text(f"<{spelling}>") for spelling in spellings} == dict.fromkeys(
        spellings, "<[redacted]>"
    )


def test_of_a_known_url_the_password_is_the_secret_and_not_the_host() -> None:
    redactor = Redactor([Secret("amqps://worker:s%2Fcret%21@broker.example/v")])

    assert (
        redactor.text("s/cret! or s%2Fcret%21 for worker at broker.example")
        == "[redacted] or [redacted] for worker at broker.example"
    )


def test_a_known_secret_of_five_characters_is_not_searched_for() -> None:
    redactor = Redactor([Secret("amqp://guest:guest@127.0.0.1")])

    assert redactor.text("the guest at amqp://guest:guest@h") == "the guest at amqp://guest:[redacted]@h"


def test_one_secret_that_contains_another_goes_as_a_whole() -> None:
    assert (
        Redactor([Secret("abcdef"), Secret("abcdefgh")]).text("x abcdefgh y abcdef z") == "x [redacted] y [redacted] z"
    )


def test_secrets_side_by_side_go_as_one() -> None:
    assert Redactor([Secret("abcdef"), Secret("ghijkl")]).text("x abcdefghijkl y") == "x [redacted] y"


def test_a_known_secret_that_is_an_ordinary_word_hides_no_token() -> None:
    redactor = Redactor([Secret("webhooks"), Secret("interactions")])

    assert UNISSUED not in redactor.text(f"/webhooks/1/{UNISSUED} and /interactions/1/{UNISSUED}/callback")


@pytest.mark.parametrize(
    "name",
    [
        "token",
        "tokens",
        "interactionToken",
        "interaction_token",
        "X-Auth-Token",
        "Authorization",
        "password",
        "client-secret",
        "token_secret",
        "api_key",
        "apiKey",
        "body",
    ],
)
def test_a_field_whose_name_says_so_is_redacted(name: str) -> None:
    assert Redactor().fields({name: "abc", "id": "abc"}) == {name: "[redacted]", "id": "abc"}
    assert Redactor().fields({"outer": [{name: {"x": 1}}]}) == {"outer": [{name: "[redacted]"}]}


@pytest.mark.parametrize(
    "name", ["handler", "interaction_id", "event_id", "token_age", "secretary", "bodyguard", "url"]
)
def test_a_field_with_another_name_is_kept(name: str) -> None:
    assert Redactor().fields({name: "abc"}) == {name: "abc"}


class Strange:
    def __str__(self) -> str:
        return f"strange {TOKEN}"


def test_fields_become_plain_values_for_json() -> None:
    fields: Mapping[str, object] = {
        "none": None,
        "yes": True,
        "count": 3,
        "seconds": 0.5,
        "nan": float("nan"),
        "number": Decimal("1.5"),
        "octets": TOKEN.encode(),
        "error": ValueError(TOKEN),
        "strange": Strange(),
        "secret value": Secret(TOKEN),
        "url": "amqp://u:pw@h",
        "pair": (1, {"a"}),
        TOKEN: 1,
    }

    plain = Redactor().fields(fields)

    assert plain == {
        "none": None,
        "yes": True,
        "count": 3,
        "seconds": 0.5,
        "nan": "nan",
        "number": "1.5",
        "octets": f"<{len(TOKEN)} bytes>",
        "error": "ValueError: [redacted]",
        "strange": "strange [redacted]",
        "secret value": "Secret(***)",
        "url": "amqp://u:[redacted]@h",
        "pair": [1, ["a"]],
        "[redacted]": 1,
    }
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain


def test_a_container_that_holds_itself_ends() -> None:
    endless: list[object] = []
    endless.append(endless)

    assert json.dumps(Redactor().fields({"x": endless}), ensure_ascii=False) == '{"x": [[[[[[["…"]]]]]]]}'


def test_a_redactor_does_not_print_what_it_knows() -> None:
    assert "plain-secret" not in repr(vars(Redactor([Secret("plain-secret")])).keys())
    assert "plain-secret" not in repr(Redactor([Secret("plain-secret")]))


HOSTILE = [
    *(
        piece * (400_000 // len(piece))
        for piece in ("a", "a.", "token:", 'token:"', "://a:b", "bot ", "webhooks/1/", "\\")
    ),
    *(
        start + piece * 400_000
        for start in ("token", "bot", "token:\\", "://a:", "webhooks/", "webhooks/1/")
        for piece in (" ", "\\", "@", "/", ":")
    ),
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:16]))
def test_a_hostile_text_does_not_hold_up_the_log(text: str) -> None:
    """A pattern whose time grows with the square of the text would take minutes here, and the run would be killed."""
    assert len(Redactor([Secret("plain-secret")]).text(text)) <= 2 * len(text)
