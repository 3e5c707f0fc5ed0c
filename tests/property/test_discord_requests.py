"""What leaves for Discord, whatever a bot says: paths, headers, mentions, flags, and files byte for byte."""

import email.policy
import json
from collections.abc import Callable
from email.parser import BytesParser
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpadapters.discord import bot_routes, payloads, routes
from gpadapters.discord.bot_api import BotApi
from gpadapters.discord.brake import Brake
from gpadapters.discord.channels import HttpChannels
from gpadapters.discord.command_registry import HttpCommandRegistry
from gpadapters.discord.exchange import DiscordExchange
from gpadapters.discord.fleet_gate import FleetGate
from gpadapters.discord.followups import HttpFollowups
from gpadapters.discord.members import HttpMembers
from gpadapters.discord.messages import HttpMessages
from gpadapters.discord.probe import DiscordProbe
from gpadapters.discord.responder import HttpFirstResponder
from gpadapters.discord.routes import Route
from gpadapters.discord.settings import DiscordSettings
from gpadapters.discord.transport import DiscordTransport
from gpadapters.memory.request_limiter import InMemoryRequestLimiter
from gpadapters.memory.telemetry import InMemoryTelemetry
from gpcore.domain.components import Button, Component, Container, Modal, Raw, Row, TextDisplay
from gpcore.domain.embeds import Embed
from gpcore.domain.files import File
from gpcore.domain.messages import Callback, CallbackType, Choice, OutgoingMessage
from gpcore.domain.secrets import Secret
from gpcore.errors import PortRejectedError
from tests.contracts.discord_world import NOT_SNOWFLAKES, NOT_TOKENS
from tests.settable_clock import SettableClock

pytestmark = pytest.mark.property

BASE = "https://discord.invalid/api/v10"
APPLICATION = "1214497633075331073"
LONG = 12
"""Characters; what is shorter may be in a sentence by chance."""
BOT_TOKEN = "bot-token.of-nobody_0123456789"

IDS = st.integers(min_value=10**16, max_value=2**64 - 1).map(str)
HOSTILE = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [*NOT_SNOWFLAKES, *NOT_TOKENS, "@original", "@me", "%2e%2e", "1574394111514120223\n", "1" * 17 + "/"]
    ),
    st.builds(lambda snowflake, tail: snowflake + tail, IDS, st.text(min_size=1, max_size=5)),
)
TOKENS = st.from_regex(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,200}", fullmatch=True)
NAMES = st.text(
    alphabet=st.characters(exclude_categories=("C", "Z"), exclude_characters="/\\"), min_size=1, max_size=40
)
FILES = st.lists(
    st.builds(
        File,
        NAMES | st.sampled_from(['a "b".png', "naïve – 文.txt", "semi;colon=1.txt", "a b.png", "%22.txt"]),
        st.binary(max_size=300),
    ),
    min_size=1,
    max_size=4,
)
CONTENTS = st.none() | st.text(max_size=30)
CLASSIC: st.SearchStrategy[Component] = st.just(Row(Button("Go", id="go")))
LAYOUT: st.SearchStrategy[Component] = st.sampled_from(
    [TextDisplay("hi"), Container(TextDisplay("hi")), Raw({"type": 14}), Raw({"type": 12, "items": []})]
)
MESSAGES = st.builds(
    OutgoingMessage,
    content=CONTENTS,
    embeds=st.none() | st.just((Embed("Title"),)) | st.just(()),
    components=st.none() | st.lists(CLASSIC | LAYOUT, max_size=3).map(tuple),
    files=st.just(()) | FILES.map(tuple),
    ephemeral=st.booleans(),
    suppress_embeds=st.booleans(),
)
CALLBACKS = st.one_of(
    st.builds(Callback, type=st.sampled_from([CallbackType.MESSAGE, CallbackType.UPDATE]), message=MESSAGES),
    st.builds(
        Callback,
        type=st.sampled_from([CallbackType.DEFERRED_MESSAGE, CallbackType.DEFERRED_UPDATE]),
        ephemeral=st.booleans(),
    ),
    st.just(Callback(type=CallbackType.SUGGESTIONS, choices=(Choice(name="one", value=1),))),
    st.just(Callback(type=CallbackType.MODAL, modal=Modal("Form", id="form", fields=[]))),
)

ROUTES: dict[str, Callable[..., Route]] = {
    "callback": lambda one, _two, _three, token: routes.callback(one, token),
    "create_followup": lambda one, _two, _three, token: routes.create_followup(one, token),
    "edit_followup": lambda one, two, _three, token: routes.edit_followup(one, token, two),
    "delete_followup": lambda one, two, _three, token: routes.delete_followup(one, token, two),
    "fetch_original": lambda one, _two, _three, token: routes.fetch_original(one, token),
    "member": lambda one, two, _three, _token: bot_routes.member(one, two),
    "member_role": lambda one, two, three, _token: bot_routes.member_role("PUT", one, two, three),
    "channel": lambda one, _two, _three, _token: bot_routes.channel(one),
    "create_message": lambda one, _two, _three, _token: bot_routes.create_message(one),
    "message": lambda one, two, _three, _token: bot_routes.message("PATCH", one, two),
    "threads": lambda one, two, _three, _token: bot_routes.threads(one, two),
    "commands": lambda one, two, _three, _token: bot_routes.commands("PUT", one, two),
}


@given(
    route=st.sampled_from(sorted(ROUTES)),
    ids=st.tuples(IDS | HOSTILE, IDS | HOSTILE, IDS | HOSTILE),
    token=TOKENS | HOSTILE,
)
def test_whatever_an_id_or_token_is_a_request_goes_where_its_template_says(
    route: str, ids: tuple[str, str, str], token: str
) -> None:
    made = _made(route, ids, token)
    if isinstance(made, PortRejectedError):
        assert all(part not in str(made) for part in (*ids, token) if len(part) > LONG)
        return

    url = httpx.URL(BASE + made.path)
    segments = url.raw_path.decode().split("/")
    expected = (urlsplit(BASE).path + made.template).split("/")
    assert (url.host, url.query, url.fragment) == ("discord.invalid", b"", "")
    assert len(segments) == len(expected)
    for got, wanted in zip(segments, expected, strict=True):
        if wanted.startswith("{"):
            assert unquote(got) in {*ids, token}
            assert got.strip(".")
        else:
            assert got == wanted


def _made(route: str, ids: tuple[str, str, str], token: str) -> Route | PortRejectedError:
    try:
        return ROUTES[route](*ids, Secret(token))
    except PortRejectedError as refused:
        return refused


class Recorded:
    """Every port over a transport that only takes notes."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        clock, limiter = SettableClock(), InMemoryRequestLimiter(SettableClock())
        chosen = DiscordSettings(application_id=APPLICATION, api_url=BASE, bot_token=Secret(BOT_TOKEN))
        self.transport = DiscordTransport(chosen, transport=httpx.MockTransport(self._take))
        exchange = DiscordExchange(self.transport, Brake(clock), InMemoryTelemetry())
        gate = FleetGate(limiter, limiter)
        api = BotApi(exchange, gate, chosen, clock)
        self.responder = HttpFirstResponder(exchange)
        self.followups = HttpFollowups(exchange, chosen, clock)
        self.members, self.messages, self.channels = HttpMembers(api), HttpMessages(api), HttpChannels(api)
        self.commands = HttpCommandRegistry(api, chosen)
        self.probe = DiscordProbe(exchange, gate, chosen, clock)

    def _take(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(200, json={"id": APPLICATION, "flags": 0})


@given(callback=CALLBACKS, message=MESSAGES, interaction_id=IDS, token=TOKENS)
async def test_no_interaction_call_ever_carries_the_bot_token(
    callback: Callback, message: OutgoingMessage, interaction_id: str, token: str
) -> None:
    world, secret = Recorded(), Secret(token)
    await world.responder.respond(interaction_id, secret, callback, timeout=1.0)
    await world.followups.create(secret, message)
    await world.followups.edit(secret, message)
    await world.followups.edit(secret, message, message_id=interaction_id)
    await world.followups.thinking(secret)
    await world.followups.delete(secret)
    await world.followups.delete(secret, message_id=interaction_id)

    assert len(world.requests) == 7
    for request in world.requests:
        assert "authorization" not in request.headers
        assert "cookie" not in request.headers
        assert BOT_TOKEN.encode() not in request.content
        assert BOT_TOKEN not in str(request.headers) + str(request.url)


@given(one=IDS, two=IDS, three=IDS, message=MESSAGES)
async def test_every_call_as_the_bot_carries_the_token_in_one_header_only(
    one: str, two: str, three: str, message: OutgoingMessage
) -> None:
    world, shown = Recorded(), OutgoingMessage(content=message.content, files=message.files)
    await world.members.fetch(one, two)
    await world.members.add_role(one, two, three, reason="why")
    await world.members.remove_role(one, two, three)
    await world.messages.send(one, shown, nonce=two)
    await world.messages.edit(one, two, message)
    await world.messages.delete(one, two)
    await world.channels.fetch(one)
    await world.channels.open_dm(one)
    await world.channels.start_thread(one, "more", message_id=two)
    await world.commands.registered(guild_id=one)
    await world.commands.replace([])
    await world.probe.check()

    assert len(world.requests) == 12
    for request in world.requests:
        assert request.headers["authorization"] == f"Bot {BOT_TOKEN}"
        assert BOT_TOKEN.encode() not in request.content
        assert BOT_TOKEN not in str(request.url)


@given(message=MESSAGES)
def test_nobody_is_pinged_and_the_flags_are_discords_unless_the_bot_asks(message: OutgoingMessage) -> None:
    layout = any(not isinstance(part, Row) for part in message.components or ())
    for made, payload in ((True, payloads.new_message(message)), (False, payloads.changed_message(message))):
        flags = payload.get("flags", 0)
        assert isinstance(flags, int)
        assert payload["allowed_mentions"] == {"parse": []}
        assert bool(flags & payloads.IS_COMPONENTS_V2) is layout
        # An edit cannot change who sees a message: Discord refuses the flag there.
        assert bool(flags & payloads.EPHEMERAL) is (made and message.ephemeral)
        assert bool(flags & payloads.SUPPRESS_EMBEDS) is message.suppress_embeds
        if layout and not made:
            # The flag is refused while the message still has these.
            assert (payload["content"], payload["embeds"]) == (None, None)


@given(callback=CALLBACKS)
def test_a_defer_is_ephemeral_or_nothing(callback: Callback) -> None:
    payload: Any = payloads.callback(callback)

    if callback.type is CallbackType.DEFERRED_MESSAGE:
        assert payload.get("data", {"flags": 0}) == {"flags": 64 if callback.ephemeral else 0}


@given(files=FILES, content=CONTENTS)
async def test_files_arrive_byte_for_byte_under_their_names(files: list[File], content: str | None) -> None:
    world = Recorded()

    await world.followups.create(Secret("token"), OutgoingMessage(content=content, files=tuple(files)))

    [request] = world.requests
    first, *others = _parts(request)
    assert first.get_param("name", header="content-disposition") == "payload_json"
    body = json.loads(first.get_payload(decode=True))
    assert [(one["id"], one["filename"]) for one in body["attachments"]] == [
        (number, file.name) for number, file in enumerate(files)
    ]
    assert len(others) == len(files)
    for number, (part, file) in enumerate(zip(others, files, strict=True)):
        assert part.get_param("name", header="content-disposition") == f"files[{number}]"
        # As browsers write it; the name that counts is the one in the JSON above, where a quote is a quote.
        assert _file_name(part) == file.name.replace('"', "%22")
        assert part.get_payload(decode=True) == file.content
    assert int(request.headers["content-length"]) == len(request.content)


def _parts(request: httpx.Request) -> list[Any]:
    """Take a multipart body apart with the standard library's parser of mail, which httpx knows nothing of."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    parsed = BytesParser(policy=email.policy.compat32).parsebytes(head + request.content)
    assert parsed.is_multipart()
    payload = parsed.get_payload()
    assert isinstance(payload, list)
    return payload


def _file_name(part: Any) -> str:  # noqa: ANN401 - of a message of either policy
    """Return a part's file name, which is UTF-8 without MIME's encoded words."""
    raw = str(part._headers[0][1])  # the header as it stands; reading it would make MIME words of it
    _, _, rest = raw.partition('filename="')
    name, _, _ = rest.partition('"')
    return name.encode("utf-8", "surrogateescape").decode()
