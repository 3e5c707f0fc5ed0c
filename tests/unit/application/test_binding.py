"""From a handler's signature to its options."""

import enum
import inspect
from typing import Annotated, Literal, Optional

import pytest

from gpcore import (
    Attachment,
    Channel,
    CommandContext,
    Cooldown,
    EventContext,
    Member,
    MemberJoin,
    Mentionable,
    Option,
    Role,
    Router,
    SlidingWindow,
    User,
)
from gpcore.application.handlers import CompiledHandler
from gpcore.domain.messages import Choice
from gpcore.domain.options import OptionSpec, OptionType


class Chain(enum.Enum):
    MAIN = "main"
    TEST = "test"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


def compiled(router: Router) -> CompiledHandler:
    [handler] = router.compile()
    return handler


def an_option(annotation: object, default: object = inspect.Parameter.empty) -> OptionSpec:
    """Return the option that a parameter with this annotation declares."""

    async def work(ctx: CommandContext, value: object) -> None:
        """Work."""

    work.__annotations__["value"] = annotation
    if default is not inspect.Parameter.empty:
        work.__defaults__ = (default,)
    router = Router()
    router.command("work")(work)
    [spec] = compiled(router).options
    return spec


@pytest.mark.parametrize(
    ("annotation", "option_type"),
    [
        (str, OptionType.STRING),
        (int, OptionType.INTEGER),
        (float, OptionType.NUMBER),
        (bool, OptionType.BOOLEAN),
        (User, OptionType.USER),
        (Member, OptionType.USER),
        (Role, OptionType.ROLE),
        (Channel, OptionType.CHANNEL),
        (Mentionable, OptionType.MENTIONABLE),
        (Attachment, OptionType.ATTACHMENT),
        ("int", OptionType.INTEGER),
    ],
)
def test_the_annotation_decides_the_type(annotation: object, option_type: OptionType) -> None:
    spec = an_option(annotation)

    assert (spec.name, spec.parameter, spec.type, spec.required) == ("value", "value", option_type, True)
    assert spec.member is (annotation is Member)


@pytest.mark.parametrize("annotation", [int | None, Optional[int], Annotated[int | None, Option()]])  # noqa: UP045 - the old spelling is understood too
def test_none_makes_an_option_optional(annotation: object) -> None:
    spec = an_option(annotation)

    assert (spec.type, spec.required, spec.default) == (OptionType.INTEGER, False, None)


def test_a_default_makes_an_option_optional() -> None:
    spec = an_option(int, 3)

    assert (spec.required, spec.default) == (False, 3)


@pytest.mark.parametrize(
    ("annotation", "option_type", "choices"),
    [
        (Literal["main", "test"], OptionType.STRING, [("main", "main"), ("test", "test")]),
        (Literal[1, 2], OptionType.INTEGER, [("1", 1), ("2", 2)]),
        (Chain, OptionType.STRING, [("MAIN", "main"), ("TEST", "test")]),
        (Level, OptionType.INTEGER, [("LOW", 1), ("HIGH", 2)]),
    ],
)
def test_literals_and_enums_become_choices(
    annotation: object, option_type: OptionType, choices: list[tuple[str, str | int]]
) -> None:
    spec = an_option(annotation)

    assert spec.type is option_type
    assert spec.choices == tuple(Choice(name=name, value=value) for name, value in choices)
    assert spec.finish is (annotation if annotation in (Chain, Level) else None)


@pytest.mark.parametrize(
    "annotation",
    [
        Annotated[int, Option(name="depth", min=1, max=10, description="How far back")],
        Annotated[int, Option(name="depth", min=1, max=10, description="How far back")] | None,
        Annotated[int, "a note of somebody else", Option(name="depth", min=1, max=10, description="How far back")],
    ],
)
def test_details_come_with_the_annotation(annotation: object) -> None:
    spec = an_option(annotation)

    assert (spec.name, spec.parameter) == ("depth", "value")
    assert (spec.details.min, spec.details.max, spec.details.description) == (1, 10, "How far back")


def test_a_handler_describes_itself() -> None:
    router = Router()

    @router.command("work", cooldown=Cooldown(30), limits=[SlidingWindow(5, per=60)])
    async def work(ctx: CommandContext, depth: int = 1) -> None:
        """
        Work hard.

        And more.
        """

    described = compiled(router).describe()

    assert {**described, "source": ""} == {
        "kind": "command",
        "name": "work",
        "option": None,
        "defer": "auto",
        "cooldown": 30,
        "limits": ["5 per 60 s"],
        "timeout": None,
        "concurrency": None,
        "checks": [],
        "options": ["depth: integer"],
        "injected": [],
        "middleware": [],
        "errors": [],
        "refused": None,
        "source": "",
        "description": "Work hard.",
    }
    assert str(described["source"]).startswith("test_binding.py:")


def test_a_handler_without_a_docstring_describes_itself_as_nothing() -> None:
    router = Router()

    @router.event("member.join")
    async def welcome(ctx: EventContext[MemberJoin]) -> None:
        pass

    assert compiled(router).describe()["description"] == ""
    assert compiled(router).describe()["cooldown"] is None
