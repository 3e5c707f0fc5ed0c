"""What each recorded fixture makes the gallery's typed handlers say, from every wire format.

tests/e2e/test_every_fixture.py shows the same fixtures on their whole way; here are the words.
"""

import logging
from typing import Final

import pytest

from examples.gallery import router
from gpcore.domain.settling import Ack
from tests.builders import WireFormat, a_fixture, an_interaction_message, fixture_names
from tests.unit.application.worlds import Process, World

EVERYTHING: Final = (
    "hello world 9007199254740991 False <@753177880166531088> <#849256466350211079> <@&861033568665731085>"
    " 849437156966531084 0.125 1574394061127811102"
)
NOT_THERE: Final = "This is not available right now."
UNPUBLISHED: Final = None
"""In the column of v1: the original ingestor publishes nothing."""

SAID: Final[dict[str, tuple[str, str | None]]] = {
    "01-command-no-options": ("You are eligible.", "You are eligible."),
    "02-command-all-option-types": (EVERYTHING, EVERYTHING),
    "03-subcommand": ("<@753177880166531088> has a badge.", "<@753177880166531088> has a badge."),
    "04-subcommand-group": (
        "<@&849437156966531084> was edited: quarterly review; That is on record.",
        "<@&849437156966531084> was edited: quarterly review; That is on record.",
    ),
    "05-user-context-menu": ("bob_example has 3 wallets.", NOT_THERE),
    "07-dm-command": ("You are eligible.", UNPUBLISHED),
    "08-user-install-group-dm": ("Page 2", UNPUBLISHED),
    "10-autocomplete-string": ("honey", ""),
    "11-autocomplete-nested-number": ("Level 1", ""),
    "12-button": ("Claim 42 is yours.", "Claim 42 is yours."),
    "14-string-select-multi": ("You picked gold, bronze.", "You picked gold, bronze."),
    "15-user-select-resolved": (
        "bob_example and chi.example can act for you.",
        "<@753177880166531088> and <@1055998240358531089> can act for you.",
    ),
    "16-role-select": ("", ""),
    "18-channel-select": ("Log channel", "Log channel"),
    "20-modal-submit-labels": ("Application 2: Because., gold, bob_example, proof.png", "Application 2: Because."),
    "22-ping-http": ("", UNPUBLISHED),
    "23-entry-point-command": ("Up we go.", NOT_THERE),
    "25-guild-member-add": ("1055998240358531089 joined", "1055998240358531089 joined"),
    "26-guild-member-update-roles": ("753177880166531088 has 2 roles", "753177880166531088 has 2 roles"),
    "27-guild-member-update-nick-only": ("1055998240358531089 has 0 roles", UNPUBLISHED),
    "29-guild-create-join": ("joined 1075114200268931075", "joined 1075114200268931075"),
    "30-guild-create-unavailable": ("1040415562137731077 is unavailable", "joined 1040415562137731077"),
    "31-guild-create-available-again": ("849255963033731074 is available", UNPUBLISHED),
    "32-guild-delete-kick": ("left 849255963033731074", "left 849255963033731074"),
    "34-message-create": ("message 1574394333757571174", "message 1574394333757571174"),
    "35-message-create-bot-author": ("", UNPUBLISHED),
    "36-message-create-webhook": ("", UNPUBLISHED),
    "37-message-create-dm": ("message 1574394333757571182", UNPUBLISHED),
    "39-command-giant-100kib": ("That was a lot.", "That was a lot."),
    "41-interaction-type-6-unknown": ("", UNPUBLISHED),
}
"""What is said to the user, suggested, or asked in a form; of an event what is logged; empty: nothing."""


async def said(fixture: str, wire_format: WireFormat, caplog: pytest.LogCaptureFixture) -> str:
    """Let the gallery's worker take a fixture, and return all that came of it."""
    world = World()
    process = Process(world, router)
    message = an_interaction_message(fixture, wire_format=wire_format, now_ms=world.now_ms)
    event = 25 <= int(fixture[:2]) <= 37
    with caplog.at_level(logging.INFO, "gp.handlers"):
        disposition = await (process.process(message) if event else process.handle(message))
    assert isinstance(disposition, Ack), disposition
    told = None if event else world.told(message)
    if told is None:
        return "; ".join(record.getMessage() for record in caplog.records if record.name == "gp.handlers")
    if told.first.modal is not None:
        return told.first.modal.title
    if told.first.choices:
        return ", ".join(choice.name for choice in told.first.choices)
    shown = [(one.content, *(embed.description for embed in one.embeds or ())) for one in told.messages.values()]
    return "; ".join(text for texts in shown for text in texts if text)


def test_the_table_names_every_fixture() -> None:
    assert sorted(SAID) == fixture_names()
    assert {name for name, (_, original) in SAID.items() if original is UNPUBLISHED} == {
        name for name in fixture_names() if a_fixture(f"{name}.envelope") is None
    }


@pytest.mark.parametrize("wire_format", ["v2", "frame"])
@pytest.mark.parametrize("fixture", sorted(SAID))
async def test_a_handler_gets_all_that_discord_says(
    fixture: str, wire_format: WireFormat, caplog: pytest.LogCaptureFixture
) -> None:
    assert await said(fixture, wire_format, caplog) == SAID[fixture][0]


@pytest.mark.parametrize("fixture", sorted(name for name, (_, v1) in SAID.items() if v1 is not UNPUBLISHED))
async def test_a_handler_gets_all_that_the_original_carries(fixture: str, caplog: pytest.LogCaptureFixture) -> None:
    assert await said(fixture, "v1", caplog) == SAID[fixture][1]
