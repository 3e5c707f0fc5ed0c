"""What Discord would register for a bot's commands."""

from enum import Enum
from typing import Annotated, Any, Literal

from gpcore import (
    Attachment,
    AutocompleteContext,
    Channel,
    CommandContext,
    EventContext,
    Localization,
    Member,
    MemberJoin,
    Mentionable,
    Option,
    Permission,
    Role,
    Router,
    User,
)


def definition(router: Router) -> dict[str, Any]:
    [command] = router.compile().commands
    return command


class Chain(Enum):
    MAIN = "main"
    TEST = "test"


def test_every_type_of_option_is_described_and_required_ones_come_first() -> None:
    router = Router()

    @router.command("everything")
    async def everything(
        ctx: CommandContext,
        note: str = "",
        *,
        text: Annotated[str, Option(min_length=1, max_length=20)],
        count: Annotated[int, Option(min=1, max=9, description="How many")],
        ratio: Annotated[float, Option(max=0.5)],
        flag: bool,
        user: User,
        member: Member | None = None,
        role: Role,
        where: Annotated[Channel, Option(channel_types=(0, 5))],
        anyone: Mentionable,
        file: Attachment,
        level: Literal[1, 2] = 1,
        chain: Annotated[Chain | None, Option(name="block-chain")] = None,
    ) -> None:
        """Take everything.

        Args:
            text: What to say,
                on one line.
            flag (bool): Whether to.
            count: Not this.

        Returns:
            nothing: at all
        """

    command = definition(router)

    assert {field: value for field, value in command.items() if field != "options"} == {
        "type": 1,
        "name": "everything",
        "description": "Take everything.",
    }
    assert command["options"] == [
        {
            "type": 3,
            "name": "text",
            "description": "What to say, on one line.",
            "required": True,
            "min_length": 1,
            "max_length": 20,
        },
        {"type": 4, "name": "count", "description": "How many", "required": True, "min_value": 1, "max_value": 9},
        {"type": 10, "name": "ratio", "description": "ratio", "required": True, "max_value": 0.5},
        {"type": 5, "name": "flag", "description": "Whether to.", "required": True},
        {"type": 6, "name": "user", "description": "user", "required": True},
        {"type": 8, "name": "role", "description": "role", "required": True},
        {"type": 7, "name": "where", "description": "where", "required": True, "channel_types": [0, 5]},
        {"type": 9, "name": "anyone", "description": "anyone", "required": True},
        {"type": 11, "name": "file", "description": "file", "required": True},
        {"type": 3, "name": "note", "description": "note"},
        {"type": 6, "name": "member", "description": "member"},
        {
            "type": 4,
            "name": "level",
            "description": "level",
            "choices": [{"name": "1", "value": 1}, {"name": "2", "value": 2}],
        },
        {
            "type": 3,
            "name": "block-chain",
            "description": "chain",
            "choices": [{"name": "MAIN", "value": "main"}, {"name": "TEST", "value": "test"}],
        },
    ]


def test_subcommands_and_groups_are_merged_into_their_command() -> None:
    router, admin = Router(), Router()

    @router.command("wallet check")
    async def check(ctx: CommandContext, address: str) -> None:
        """Check a wallet."""

    @router.autocomplete("wallet check", "address")
    async def addresses(ctx: AutocompleteContext, typed: str) -> None: ...

    @admin.command("roles add")
    async def add(ctx: CommandContext) -> None:
        """Add a role."""

    @admin.command("roles drop")
    async def drop(ctx: CommandContext) -> None:
        """Drop a role."""

    router.include(admin, prefix="wallet")
    router.group("wallet", description="Everything about wallets.", localizations={"de": Localization(name="börse")})
    admin.group("roles", description="Roles of wallets.")

    assert definition(router) == {
        "type": 1,
        "name": "wallet",
        "description": "Everything about wallets.",
        "name_localizations": {"de": "börse"},
        "options": [
            {
                "type": 2,
                "name": "roles",
                "description": "Roles of wallets.",
                "options": [
                    {"type": 1, "name": "add", "description": "Add a role."},
                    {"type": 1, "name": "drop", "description": "Drop a role."},
                ],
            },
            {
                "type": 1,
                "name": "check",
                "description": "Check a wallet.",
                "options": [
                    {"type": 3, "name": "address", "description": "address", "required": True, "autocomplete": True}
                ],
            },
        ],
    }


def test_without_a_group_the_words_describe_themselves() -> None:
    router = Router()

    @router.command("admin roles add")
    async def add(ctx: CommandContext) -> None: ...

    assert definition(router) == {
        "type": 1,
        "name": "admin",
        "description": "admin",
        "options": [
            {
                "type": 2,
                "name": "roles",
                "description": "roles",
                "options": [{"type": 1, "name": "add", "description": "add"}],
            }
        ],
    }


def test_what_belongs_to_a_command_may_be_said_at_any_of_its_subcommands() -> None:
    router = Router()

    @router.command("mod ban", permissions=Permission.BAN_MEMBERS | Permission.KICK_MEMBERS, contexts=["guild"])
    async def ban(ctx: CommandContext) -> None: ...

    @router.command("mod kick", contexts=["guild"], installs=["user", "guild"], nsfw=True)
    async def kick(ctx: CommandContext) -> None: ...

    command = definition(router)

    assert command["default_member_permissions"] == "6"
    assert (command["contexts"], command["integration_types"], command["nsfw"]) == ([0], [0, 1], True)


def test_words_of_other_languages_are_told() -> None:
    router = Router()

    @router.command(
        "check",
        description="Check a wallet.",
        localizations={
            "de": Localization(name="prüfen", description="Prüfe eine Börse."),
            "fr": Localization(description="Vérifier."),
        },
    )
    async def check(
        ctx: CommandContext,
        address: Annotated[str, Option(localizations={"de": Localization(name="adresse", description="Welche")})],
    ) -> None:
        """Not what users see."""

    command = definition(router)

    assert command["description"] == "Check a wallet."
    assert command["name_localizations"] == {"de": "prüfen"}
    assert command["description_localizations"] == {"de": "Prüfe eine Börse.", "fr": "Vérifier."}
    assert command["options"][0]["name_localizations"] == {"de": "adresse"}
    assert command["options"][0]["description_localizations"] == {"de": "Welche"}


def test_choices_have_words_in_other_languages() -> None:
    router = Router()
    words = {"de": Localization(choices={"low": "niedrig"}), "fr": Localization(choices={"low": "bas", "high": "haut"})}

    @router.command("set")
    async def level(
        ctx: CommandContext, at: Annotated[Literal["low", "high"], Option(localizations=words)]
    ) -> None: ...

    assert definition(router)["options"][0]["choices"] == [
        {"name": "low", "value": "low", "name_localizations": {"de": "niedrig", "fr": "bas"}},
        {"name": "high", "value": "high", "name_localizations": {"fr": "haut"}},
    ]


def test_menus_have_no_description_and_an_entry_point_is_handled_by_the_bot() -> None:
    router = Router()

    @router.user_command("Report user", permissions=Permission(0))
    async def report(ctx: CommandContext, target: User) -> None:
        """Not shown anywhere."""

    @router.message_command("Report", localizations={"de": Localization(name="Nachricht melden")})
    async def report_message(ctx: CommandContext, target: dict[str, Any]) -> None: ...

    @router.entry_point("launch")
    async def launch(ctx: CommandContext) -> None:
        """Open the activity."""

    assert router.compile().commands == [
        {"type": 2, "name": "Report user", "default_member_permissions": "0"},
        {"type": 3, "name": "Report", "name_localizations": {"de": "Nachricht melden"}},
        {"type": 4, "name": "launch", "description": "Open the activity.", "handler": 1},
    ]


def test_what_answers_no_command_is_not_registered() -> None:
    router = Router()

    @router.event("member.join")
    async def join(ctx: EventContext[MemberJoin]) -> None: ...

    assert router.compile().commands == []
