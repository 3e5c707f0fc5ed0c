"""What every client must be able to do with the stand-in Discord."""

import asyncio
from hashlib import sha256
from typing import Final

import pytest

from tests.interop.client import Client, RefusedError
from tests.interop.stand_in import StandIn

GUILD: Final = "849255963033731074"
USER: Final = "430305391411331087"
ROLE: Final = "849256214691971079"
CHANNEL: Final = "849256214691971078"
FOLLOW_UPS: Final = 7
PICTURE: Final = b"\x89PNG\r\n--boundary\r\n" + bytes(range(256))


class InteropContract:
    """Subclasses give the fixture ``client``."""

    async def test_a_deferred_answer_is_edited_followed_up_and_deleted(self, client: Client, stand_in: StandIn) -> None:
        asked = await stand_in.interaction()

        await client.defer(asked)
        await client.edit_original(asked, "done")
        await client.follow_up(asked, "and more")
        await client.delete_original(asked)

        shown = await stand_in.shown(asked)
        assert (shown["first"], [message["content"] for message in shown["messages"].values()]) == (5, ["and more"])
        assert all("authorization" not in request["headers"] for request in await stand_in.requests("/webhooks"))

    async def test_a_command_is_answered_at_once(self, client: Client, stand_in: StandIn) -> None:
        asked = await stand_in.interaction()

        await client.reply(asked, "pong")

        shown = await stand_in.shown(asked)
        assert (shown["first"], shown["original"]["content"]) == (4, "pong")

    async def test_a_file_arrives_byte_for_byte(self, client: Client, stand_in: StandIn) -> None:
        asked = await stand_in.interaction()
        await client.defer(asked)
        await client.edit_original(asked, "done")

        await client.follow_up(asked, "see", ("picture.png", PICTURE))

        [upload] = (await stand_in.requests("/webhooks"))[-1]["uploads"]
        assert (upload["name"], upload["sha256"]) == ("picture.png", sha256(PICTURE).hexdigest())

    async def test_an_autocomplete_is_answered(self, client: Client, stand_in: StandIn) -> None:
        asked = await stand_in.interaction(kind=4)

        await client.suggest(asked, "one", "two")

        assert [choice["name"] for choice in (await stand_in.shown(asked))["answer"]["choices"]] == ["one", "two"]

    async def test_a_form_is_opened(self, client: Client, stand_in: StandIn) -> None:
        asked = await stand_in.interaction()

        await client.show_modal(asked, "Feedback")

        assert (await stand_in.shown(asked))["answer"]["title"] == "Feedback"

    async def test_commands_are_registered_and_read_back(self, client: Client) -> None:
        assert await client.register("ping", "wallet") == ["ping", "wallet"]
        assert await client.registered() == ["ping", "wallet"]

    async def test_roles_are_given_with_a_reason_and_taken(self, client: Client, stand_in: StandIn) -> None:
        await client.add_role(GUILD, USER, ROLE, reason="Grüße")
        given = await client.roles(GUILD, USER)
        await client.remove_role(GUILD, USER, ROLE)

        assert (given, await client.roles(GUILD, USER)) == ([ROLE], [])
        [request] = [one for one in await stand_in.requests("/roles") if one["method"] == "PUT"]
        assert "x-audit-log-reason" in request["headers"]

    async def test_messages_are_sent_changed_threaded_and_deleted(self, client: Client) -> None:
        message_id = await client.send(CHANNEL, "hello")
        await client.edit(CHANNEL, message_id, "changed")

        assert await client.content(CHANNEL, message_id) == "changed"
        assert await client.start_thread(CHANNEL, message_id, "more of it") == message_id
        await client.delete(CHANNEL, message_id)
        with pytest.raises(RefusedError) as gone:
            await client.content(CHANNEL, message_id)
        assert (gone.value.status, gone.value.code) == (404, 10008)

    async def test_direct_messages_are_opened_once(self, client: Client) -> None:
        channel_id = await client.open_dm(USER)

        assert await client.open_dm(USER) == channel_id
        assert await client.send(channel_id, "psst")

    async def test_a_second_first_answer_is_refused(self, client: Client, stand_in: StandIn) -> None:
        asked = await stand_in.interaction()
        await client.defer(asked)

        with pytest.raises(RefusedError) as caught:
            await client.defer(asked)

        assert (caught.value.status, caught.value.code) == (400, 40060)

    async def test_a_follow_up_before_the_first_answer_is_refused(self, client: Client, stand_in: StandIn) -> None:
        with pytest.raises(RefusedError) as caught:
            await client.follow_up(await stand_in.interaction(), "too early")

        assert (caught.value.status, caught.value.code) == (404, 10015)

    @pytest.mark.parametrize("kind", ["429_user", "429_shared", "429_global"])
    async def test_a_rate_limit_is_waited_for(self, client: Client, stand_in: StandIn, kind: str) -> None:
        await stand_in.fault(kind=kind, seconds=0.9, template="/roles")

        # A client may ask once more at once after a global limit; what comes then has to wait in any case.
        await client.add_role(GUILD, USER, ROLE, reason="why")
        await client.add_role(GUILD, USER, ROLE, reason="why")

        requests = await stand_in.requests("/roles")
        statuses = [request["status"] for request in requests]
        assert (statuses[0], statuses.count(204), statuses[-1]) == (429, 2, 204)
        assert requests[-1]["at"] - requests[0]["at"] >= 0.85

    async def test_the_headers_alone_keep_a_client_below_the_limit(self, client: Client, stand_in: StandIn) -> None:
        asked = await stand_in.interaction()
        await client.defer(asked)
        await client.edit_original(asked, "done")

        for number in range(FOLLOW_UPS):
            await client.follow_up(asked, str(number))

        shown = await stand_in.shown(asked)
        assert len(shown["messages"]) == FOLLOW_UPS + 1
        assert 429 not in await stand_in.statuses("interaction_token}")

    async def test_calls_at_once_keep_below_the_limit_once_it_is_known(self, client: Client, stand_in: StandIn) -> None:
        await client.add_role(GUILD, USER, ROLE, reason="first")

        await asyncio.gather(*(client.add_role(GUILD, USER, ROLE, reason="why") for _ in range(14)))

        assert await stand_in.statuses("/roles") == [204] * 15

    @pytest.mark.parametrize("status", [500, 502, 503])
    async def test_a_failing_server_is_asked_again(self, client: Client, stand_in: StandIn, status: int) -> None:
        await stand_in.fault(kind="error", status=status, template="/roles")

        await client.add_role(GUILD, USER, ROLE, reason="why")

        assert await stand_in.statuses("/roles") == [status, 204]

    async def test_an_overload_with_a_code_is_asked_again(self, client: Client, stand_in: StandIn) -> None:
        await stand_in.fault(kind="error", status=503, code=130000, message="Resource overloaded", template="/roles")

        await client.add_role(GUILD, USER, ROLE, reason="why")

        assert await stand_in.statuses("/roles") == [503, 204]
