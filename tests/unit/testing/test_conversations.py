"""Going on from a result: buttons, selects, forms, and the messages that people see."""

import pytest

from gpcore import Button, Modal, TextInput
from gpcore.domain.messages import CallbackType
from gprunner.testing import KitError, Result, TestClient


@pytest.fixture
async def panel(client: TestClient) -> Result:
    return await client.command("panel")


async def test_a_message_can_be_read(panel: Result) -> None:
    reply = panel.reply

    assert reply.text.splitlines() == ["panel", "Title", "Text", "n: v", "foot"]
    assert reply.buttons == ("Next", "Form", "Off", "Docs", "🗑", "Slow", "Reply")
    assert reply.embeds[0].title == "Title"
    assert not reply.ephemeral
    assert reply.select("Pick some").offers == ("a", "b", "c")
    assert panel.button("Next").custom_id == "page:1"


async def test_an_update_changes_the_message_in_place(panel: Result) -> None:
    second = await panel.click("Next")
    third = await second.click("Next")

    assert second.updated
    assert third.message.content == "page 2"
    assert panel.reply.content == "page 2"
    assert third.message.id == panel.reply.id
    assert not second.replied
    with pytest.raises(KitError, match=r"see result\.message"):
        _ = second.reply


async def test_a_deferred_update_changes_the_message_too(panel: Result) -> None:
    late = await panel.click("Slow")

    assert late.answer is CallbackType.DEFERRED_UPDATE
    assert (late.deferred, late.updated, panel.reply.content) == (True, True, "late")


async def test_a_button_may_be_named_by_its_custom_id_or_its_emoji(panel: Result) -> None:
    assert (await panel.click("plain", user=None)).reply.content == "on panel by alice"
    gone = await panel.click("🗑")
    assert gone.deleted
    assert panel.deleted
    with pytest.raises(KitError, match="there is no message to use"):
        await panel.click("Next")


@pytest.mark.parametrize(
    ("button", "message"),
    [("Off", "is disabled"), ("Docs", "opens a link"), ("Nxt", "did you mean 'Next'")],
)
async def test_what_nobody_could_press_is_refused(panel: Result, button: str, message: str) -> None:
    with pytest.raises(KitError, match=message):
        await panel.click(button)


async def test_an_ephemeral_message_is_only_for_its_user(client: TestClient) -> None:
    hidden = await client.command("hidden")

    assert (hidden.reply.ephemeral, hidden.deferred, hidden.deferred_ephemeral) == (True, True, True)
    assert (await hidden.click("Press")).reply.content == "on psst by alice"
    with pytest.raises(KitError, match="ephemeral"):
        await hidden.click("Press", user=client.new.user("mallory"))


async def test_somebody_else_may_press_a_public_button(client: TestClient, panel: Result) -> None:
    pressed = await panel.click("Reply", user=client.new.member("bob"))

    assert pressed.reply.content == "on panel by bob"


async def test_a_select_gives_its_values(client: TestClient, panel: Result) -> None:
    assert (await panel.select("a", "c", name="pick")).reply.content == "a, c"
    assert (await panel.select(client.new.user("bob"), name="Somebody")).reply.content == "bob"


@pytest.mark.parametrize(
    ("values", "message"),
    [(["z"], "does not offer 'z'"), (["a", "b", "c"], "takes 1 to 2 values, not 3"), ([], "not 0")],
)
async def test_a_select_takes_only_what_it_offers(panel: Result, values: list[str], message: str) -> None:
    with pytest.raises(KitError, match=message):
        await panel.select(*values, name="pick")


async def test_a_result_without_a_select_says_so(client: TestClient) -> None:
    with pytest.raises(KitError, match="has no select"):
        await (await client.command("ping")).select("a")
    with pytest.raises(KitError, match="there is no message to use"):
        await (await client.command("form")).select("a")


async def test_a_form_of_a_command_is_answered_by_a_message(client: TestClient) -> None:
    form = await client.command("form")
    sent = await form.submit(what="this", kind=["bad"])

    assert form.modal.title == "Form"
    assert (form.answer, form.replied) == (CallbackType.MODAL, False)
    assert sent.reply.content == "7: this, ('bad',)"


async def test_a_form_of_a_button_may_change_its_message(panel: Result) -> None:
    sent = await (await panel.click("Form")).submit({"what": "that"})

    assert sent.updated
    assert sent.message.content == "7: that, ()"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"wat": "x"}, "the form has no field 'wat': did you mean 'what'"),
        ({}, "'what' is required"),
        ({"what": "x"}, "takes 2 to 20 characters, not 1"),
        ({"what": "fine", "kind": ["ugly"]}, "does not offer 'ugly'"),
        ({"what": True}, "is no checkbox"),
        ({"what": ["a"]}, "takes one text"),
    ],
)
async def test_a_form_is_sent_only_as_discord_would(client: TestClient, fields: dict[str, str], message: str) -> None:
    form = await client.command("form")

    with pytest.raises(KitError, match=message):
        await form.submit(fields)


async def test_there_must_be_a_form_to_send(client: TestClient) -> None:
    with pytest.raises(KitError, match=r"no form was opened: <Result of /ping: handled; message; 'pong'>"):
        await (await client.command("ping")).submit(what="x")


async def test_the_client_finds_the_latest_message_with_a_button(client: TestClient, panel: Result) -> None:
    hidden = await client.command("hidden")

    assert (await client.click("Press")).reply.content == "on psst by alice"
    assert (await client.click("Reply", on=panel.reply)).reply.content == "on panel by alice"
    assert (await client.click(Button("x", id="plain"), on=hidden.reply)).reply.content == "on psst by alice"
    # Nobody else sees the ephemeral one.
    assert (await client.acting(user=client.new.user("bob")).click("plain")).reply.content == "on panel by bob"
    with pytest.raises(KitError, match="has no button"):
        await client.click("Next", on=hidden.reply)


async def test_a_custom_id_may_be_pressed_in_a_message_that_nobody_saw(client: TestClient) -> None:
    assert (await client.click("page:41")).updated
    assert (await client.select("pick", "anything")).reply.content == "anything"
    assert (await client.select("people", client.new.user("zoe"))).reply.content == "zoe"
    with pytest.raises(KitError, match=r"no component handler takes 'pag:1': there is .*'page:\{number:int\}'"):
        await client.click("pag:1")
    with pytest.raises(KitError, match="no component handler takes"):
        await client.select("nothing-like-it", "a")


async def test_a_deleted_message_cannot_be_used(client: TestClient, panel: Result) -> None:
    shown = panel.reply
    await panel.click("🗑")

    with pytest.raises(KitError, match="is deleted"):
        await client.click("Next", on=shown)


async def test_a_form_may_be_sent_that_nobody_opened(client: TestClient) -> None:
    by_id = await client.submit("form:3", what="x", kind=["good"])
    form = Modal("Form", id="form:4", fields=[TextInput("what", label="What?")])

    assert by_id.reply.content == "3: x, ('good',)"
    assert (await client.submit(form, what="y")).reply.content == "4: y, None"
    with pytest.raises(KitError, match="no modal handler takes 'from:3'"):
        await client.submit("from:3")


async def test_the_newer_components_can_be_read_and_used(client: TestClient) -> None:
    layout = await client.command("layout")

    assert (layout.reply.text, layout.reply.buttons) == ("inside", ("In", "Rough"))
    assert (await layout.click("Rough")).outcome == "handled"


async def test_followups_edits_and_deletions_are_seen(client: TestClient) -> None:
    result = await client.command("followups")

    assert result.reply.content == "first again"
    assert [(shown.content, shown.ephemeral) for shown in result.followups] == [("second again", True)]
    assert [edit.content for edit in result.edits] == ["first again", "second again"]
    assert not result.deleted
    assert (await client.command("vanish")).deleted


async def test_what_happened_can_be_read(client: TestClient) -> None:
    result = await client.command("followups")

    assert result.transcript == (
        "first_responder.respond message 'first'",
        "followups.create 'second'",
        "followups.create 'third'",
        "followups.edit 'first again'",
        "followups.edit 'second again'",
        "followups.delete",
    )
    assert repr(result) == "<Result of /followups: handled; message; 'first again'; (ephemeral) 'second again'>"
    assert client.transcript == (repr(result),)


async def test_no_token_is_shown(client: TestClient) -> None:
    result = await client.command("fail", late=True)
    token = result.raw["token"]

    shown = [repr(result), *result.transcript, *client.transcript, repr(result.reply), repr(result.error)]
    shown += [repr(story) for story in client._stage.journal.stories]
    assert token
    assert all(token not in text for text in shown)


async def test_the_bots_messages_in_channels_can_be_used(client: TestClient) -> None:
    await client.command("promote", who=client.new.member("bob"))
    (news,) = client.messages_in("849256214691971080")
    cheered = await client.click("Cheer", on=news)

    assert news.content.endswith("rose!")
    assert cheered.updated
    assert [shown.content for shown in client.messages_in("849256214691971080")] == ["hurray"]


async def test_a_form_may_have_the_newer_fields(client: TestClient) -> None:
    form = await client.command("terms")
    proof = client.new.attachment("proof.png")

    assert (await form.submit(agree=True, size="m", proof=[proof])).reply.content == (
        f"agree=True|size=m|proof=('{proof.id}',)"
    )
    assert (await form.submit(size="s", agree=None)).reply.content == "agree=None|size=s|proof=()"
    assert (await client.submit("terms", agree=False)).reply.content == "agree=False"
    for wrong, message in (
        ({"agree": "yes"}, "is a checkbox: give True or False"),
        ({"size": "xl"}, "does not offer 'xl'"),
        ({}, "'size' is required"),
    ):
        with pytest.raises(KitError, match=message):
            await form.submit(wrong)


async def test_a_form_that_is_filled_in_beforehand_is_sent_as_it_is(client: TestClient) -> None:
    form = await client.command("change")
    changed = await form.submit(name="Bob", size="s", colours=["red", "green", "blue"], day=["today"], news=False)

    assert (await form.submit()).reply.content == ("name=Ada|size=m|colours=('green', 'blue')|day=('never',)|news=True")
    assert changed.reply.content == "name=Bob|size=s|colours=('red', 'green', 'blue')|day=('today',)|news=False"
    with pytest.raises(KitError, match="'name' is required"):
        await form.submit(name="")
    with pytest.raises(KitError, match="takes 1 to 3 values, not 4"):
        await form.submit(colours=["red", "green", "blue", "red"])


async def test_a_deleted_message_of_a_channel_is_gone(client: TestClient) -> None:
    assert (await client.command("clean up")).outcome == "handled"
    assert client.messages_in(client.new.channel().id) == ()
    assert client.messages_in("849256214691971080") == ()


async def test_there_must_be_a_message_behind_it(client: TestClient) -> None:
    with pytest.raises(KitError, match="there is no message behind it: <Result of /ping"):
        _ = (await client.command("ping")).message


async def test_a_single_select_needs_no_name(client: TestClient, panel: Result) -> None:
    assert (await (await client.command("hidden")).select("b")).reply.content == "b"
    with pytest.raises(KitError, match="there is 'Pick some', 'Somebody'"):
        await panel.select("a")
