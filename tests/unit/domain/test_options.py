"""From what a user gave to what a handler takes."""

import enum
from dataclasses import fields
from types import MappingProxyType

import pytest

from gpcore.domain.command_details import Localization
from gpcore.domain.entities import Attachment, Channel, Member, Mentionable, Resolved, Role, User
from gpcore.domain.interactions import GivenOption
from gpcore.domain.messages import Choice
from gpcore.domain.option_problems import OptionProblems
from gpcore.domain.options import PLAIN, Option, OptionSpec, OptionType, convert
from gpcore.errors import OptionError

ID, OTHER = "430305391411331087", "861033568665731085"
RESOLVED = Resolved(
    MappingProxyType(
        {
            "users": {ID: {"username": "alice", "global_name": "Alice", "bot": True}},
            "members": {ID: {"nick": "Al", "roles": [OTHER], "joined_at": "2023-05-05", "permissions": "8"}},
            "roles": {OTHER: {"name": "Gold"}},
            "channels": {ID: {"name": "general", "type": 0}},
            "attachments": {ID: {"filename": "a.png", "url": "https://a", "size": 3, "content_type": "image/png"}},
            "messages": {ID: {"content": "hello"}},
        }
    )
)


class Chain(enum.Enum):
    MAIN = "main"


def taken(option_type: OptionType, value: object, *, details: Option = PLAIN, resolved: Resolved = RESOLVED) -> object:
    spec = OptionSpec(name="value", parameter="value", type=option_type, details=details)
    return convert(spec, GivenOption(name="value", value=value), resolved)


@pytest.mark.parametrize(
    ("option_type", "value", "expected"),
    [
        (OptionType.STRING, "text", "text"),
        (OptionType.STRING, "", ""),
        (OptionType.INTEGER, 7, 7),
        (OptionType.INTEGER, 7.0, 7),
        (OptionType.INTEGER, 2**53 - 1, 2**53 - 1),
        (OptionType.INTEGER, -(2**53) + 1, -(2**53) + 1),
        (OptionType.NUMBER, 0.5, 0.5),
        (OptionType.NUMBER, 7, 7.0),
        (OptionType.NUMBER, -(2**53), -(2.0**53)),
        (OptionType.BOOLEAN, False, False),
    ],
)
def test_a_value_of_the_right_type_is_taken(option_type: OptionType, value: object, expected: object) -> None:
    result = taken(option_type, value)

    assert (result, type(result)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("option_type", "value", "problem"),
    [
        (OptionType.STRING, 7, "must be a text"),
        (OptionType.INTEGER, "7", "must be a whole number"),
        (OptionType.INTEGER, True, "must be a whole number"),
        (OptionType.INTEGER, 7.5, "must be a whole number"),
        (OptionType.INTEGER, float("nan"), "must be a whole number"),
        (OptionType.INTEGER, float("inf"), "must be a whole number"),
        (OptionType.INTEGER, 2**53, "is too large"),
        (OptionType.INTEGER, -(10**400), "is too large"),
        (OptionType.NUMBER, "0.5", "must be a number"),
        (OptionType.NUMBER, False, "must be a number"),
        (OptionType.NUMBER, float("nan"), "is too large"),
        (OptionType.NUMBER, float("-inf"), "is too large"),
        (OptionType.NUMBER, 10**400, "is too large"),
        (OptionType.BOOLEAN, 1, "must be true or false"),
        (OptionType.USER, 430305391411331087, "must be an id"),
        (OptionType.USER, "../users/@me", "must be an id"),
        (OptionType.ROLE, "", "must be an id"),
        (OptionType.CHANNEL, {}, "must be an id"),
        (OptionType.MENTIONABLE, "1", "must be an id"),
        (OptionType.ATTACHMENT, None.__class__, "must be an id"),
    ],
)
def test_a_value_of_the_wrong_type_is_named(option_type: OptionType, value: object, problem: str) -> None:
    with pytest.raises(OptionError) as raised:
        taken(option_type, value)

    assert (raised.value.option, raised.value.problem) == ("value", problem)
    assert str(raised.value) == f"value: {problem}"


@pytest.mark.parametrize(
    ("option_type", "details", "fits", "too_far", "problem"),
    [
        (OptionType.INTEGER, Option(min=1), 1, 0, "must be at least 1"),
        (OptionType.INTEGER, Option(max=10_000_000), 10_000_000, 10_000_001, "must be at most 10000000"),
        (OptionType.NUMBER, Option(min=0.5), 0.5, 0.4, "must be at least 0.5"),
        (OptionType.NUMBER, Option(max=0.5), 0.5, 0.6, "must be at most 0.5"),
        (OptionType.STRING, Option(min_length=2), "ab", "a", "must have at least 2 characters"),
        (OptionType.STRING, Option(max_length=2), "ab", "abc", "must have at most 2 characters"),
    ],
)
def test_bounds_are_inclusive(
    option_type: OptionType, details: Option, fits: object, too_far: object, problem: str
) -> None:
    assert taken(option_type, fits, details=details) == fits
    with pytest.raises(OptionError, match=problem):
        taken(option_type, too_far, details=details)


def test_every_problem_can_be_said_in_other_words() -> None:
    names = [field.name for field in fields(OptionProblems)]
    words = OptionProblems(**{name: f"{name} {{bound}}" for name in names})

    assert [words.say(name, 0.5) for name in names] == [f"{name} 0.5" for name in names]
    assert words.say("missing") == "missing "


@pytest.mark.parametrize(
    "text", ["{}", "{limit}", "{", "{bound!z}", "{bound.x}", "{bound[x]}", "{bound[0]}", "{bound:d}", "{bound:s}", 5]
)
def test_words_with_other_braces_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"OptionProblems\(too_short="):
        OptionProblems(too_short=text)


@pytest.mark.parametrize(
    ("locale", "shown"),
    [("de", "größe"), ("en-US", "size-gb"), ("fr", "size"), ("ja", "size"), (None, "size")],
)
def test_an_option_has_the_name_that_its_user_sees(locale: str | None, shown: str) -> None:
    words = {
        "de": Localization(name="größe"),
        "en-GB": Localization(name="size-gb"),
        "ja": Localization(description="大きさ"),
    }
    spec = OptionSpec(name="size", parameter="size", type=OptionType.INTEGER, details=Option(localizations=words))

    assert spec.shown_as(locale) == shown


def test_an_id_becomes_the_object_that_came_with_it() -> None:
    user = User(id=ID, username="alice", global_name="Alice", bot=True)

    assert taken(OptionType.USER, ID) == user
    assert taken(OptionType.ROLE, OTHER) == Role(id=OTHER, name="Gold")
    assert taken(OptionType.CHANNEL, ID) == Channel(id=ID, name="general", type=0)
    assert taken(OptionType.MENTIONABLE, ID) == Mentionable(id=ID, user=user)
    assert taken(OptionType.MENTIONABLE, OTHER) == Mentionable(id=OTHER, role=Role(id=OTHER, name="Gold"))
    assert taken(OptionType.ATTACHMENT, ID) == Attachment(
        id=ID, filename="a.png", url="https://a", size=3, content_type="image/png"
    )
    assert RESOLVED.message(ID) == {"content": "hello"}


def test_a_member_comes_with_its_user() -> None:
    spec = OptionSpec(name="who", parameter="who", type=OptionType.USER, member=True)

    member = convert(spec, GivenOption(name="who", value=ID), RESOLVED)

    assert isinstance(member, Member)
    assert (member.user.username, member.nick, member.roles, member.permissions) == ("alice", "Al", (OTHER,), 8)


@pytest.mark.parametrize(
    ("option_type", "expected"),
    [
        (OptionType.USER, User(id=ID)),
        (OptionType.ROLE, Role(id=ID)),
        (OptionType.CHANNEL, Channel(id=ID)),
        (OptionType.MENTIONABLE, Mentionable(id=ID)),
        (OptionType.ATTACHMENT, Attachment(id=ID)),
    ],
)
def test_an_id_alone_is_enough(option_type: OptionType, expected: object) -> None:
    """The v1 envelope carries no objects."""
    assert taken(option_type, ID, resolved=Resolved()) == expected


def test_entities_are_mentioned_by_their_ids() -> None:
    user = User(id="1")

    assert [user.mention, Member(id="1", user=user).mention, Role(id="2").mention, Channel(id="3").mention] == [
        "<@1>",
        "<@1>",
        "<@&2>",
        "<#3>",
    ]


@pytest.mark.parametrize("given", [None, GivenOption(name="value", value=None)])
def test_what_was_left_out_is_the_default_or_missing(given: GivenOption | None) -> None:
    optional = OptionSpec(name="value", parameter="value", type=OptionType.INTEGER, required=False, default=3)
    required = OptionSpec(name="value", parameter="value", type=OptionType.INTEGER)

    assert convert(optional, given, RESOLVED) == 3
    with pytest.raises(OptionError, match="is missing"):
        convert(required, given, RESOLVED)


def test_only_choices_are_taken_and_finished() -> None:
    spec = OptionSpec(
        name="chain",
        parameter="chain",
        type=OptionType.STRING,
        choices=(Choice(name="MAIN", value="main"),),
        finish=Chain,
    )

    assert convert(spec, GivenOption(name="chain", value="main"), RESOLVED) is Chain.MAIN
    with pytest.raises(OptionError, match="is none of the choices"):
        convert(spec, GivenOption(name="chain", value="other"), RESOLVED)
