"""docs/first-bot.md"""

import sys

import pytest

from tests.documents.pages import blocks, run

PAGE = "first-bot.md"


def test_the_pages_own_test_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    bot, test = blocks(PAGE)
    monkeypatch.setitem(sys.modules, "bot", run(bot, PAGE))

    run(test, PAGE).test_people_are_greeted()


def test_the_pages_bot_is_loaded_with_its_options_and_descriptions() -> None:
    [greet] = run(blocks(PAGE)[0], PAGE).router.compile().commands

    assert [(option["name"], option["description"], bool(option.get("required"))) for option in greet["options"]] == [
        ("name", "Whom to greet.", True),
        ("times", "How often, up to five times.", False),
    ]
