"""A worker is killed between two of its steps, on real servers: what comes between is held back by a proxy."""

import pytest

from gpcore.domain.wire_message import Lane
from tests.e2e.processes import metric, outcomes
from tests.eventually import eventually, eventually_true
from tests.faults.scene import Scene
from tests.servers.redis_process import RedisProcess
from tests.servers.tcp_proxy import TcpProxy

pytestmark = [pytest.mark.e2e, pytest.mark.fault]


async def test_row_13_killed_between_effect_and_mark_an_event_has_its_effect_once_more_at_most(
    scene: Scene, redis_server: RedisProcess, redis_proxy: TcpProxy
) -> None:
    first = await scene.worker(REDIS_URL=redis_proxy.url)
    event = await scene.join("slow-1")
    await eventually(lambda: scene.effects("began")[event] == 1)
    redis_proxy.freeze()  # The mark does not get there.
    await scene.all_done(event)
    await first.kill()
    redis_proxy.cut()
    redis_proxy.thaw()
    second = await scene.worker(REDIS_URL=redis_server.url)
    address = await second.ready()
    await eventually_true(lambda: has(address, "events", "handled"))
    assert scene.effects()[event] == 2, "nobody could know that it had happened"
    assert await scene.sandbox.waiting(scene.sandbox.names.queue(Lane.EVENTS)) == 0
    assert await scene.dead_letters() == {}
    assert await second.stop() == 0, second.log


async def test_row_14_killed_between_mark_and_acknowledgement_an_event_is_a_duplicate(
    scene: Scene, rabbitmq_proxy: TcpProxy
) -> None:
    first = await scene.worker(RABBITMQ_URL=rabbitmq_proxy.url)
    dying = await first.ready()
    event = await scene.join("slow-1")
    await eventually(lambda: scene.effects("began")[event] == 1)
    rabbitmq_proxy.freeze()  # The acknowledgement does not get there.
    await eventually_true(lambda: marked(dying))
    await first.kill()
    rabbitmq_proxy.cut()
    rabbitmq_proxy.thaw()
    second = await scene.worker()
    address = await second.ready()
    await eventually_true(lambda: has(address, "events", "duplicate"))
    assert scene.effects("began")[event] == scene.effects()[event] == 1
    assert await second.stop() == 0, second.log


async def test_row_32_killed_between_confirm_and_acknowledgement_the_second_copy_is_a_duplicate(
    scene: Scene, rabbitmq_proxy: TcpProxy
) -> None:
    first = await scene.worker(RABBITMQ_URL=rabbitmq_proxy.url)
    address = await first.ready()
    event = await scene.join("falters-2")
    await eventually(lambda: scene.effects("began")[event] == 1)
    rabbitmq_proxy.hold()  # The acknowledgement does not get there; the copy goes by a connection that is opened later.
    await eventually_true(lambda: has_retried(address))
    await first.kill()
    rabbitmq_proxy.cut()
    second = await scene.worker(EVENT_PREFETCH="1")
    address = await second.ready()
    await scene.all_done(event)
    await eventually_true(lambda: has(address, "events", "duplicate"))
    assert scene.effects()[event] == 1
    assert await scene.dead_letters() == {}
    assert await second.stop() == 0, second.log


async def test_row_53_answered_and_killed_before_the_acknowledgement_no_handler_runs_again(
    scene: Scene, rabbitmq_proxy: TcpProxy
) -> None:
    first = await scene.worker(RABBITMQ_URL=rabbitmq_proxy.url)
    command = await scene.command("long", {"seconds": 1.0})
    await eventually(lambda: scene.effects("began")[command] == 1)
    rabbitmq_proxy.freeze()  # The acknowledgement does not get there.
    await eventually(lambda: scene.told()[command] == 1)
    await first.kill()
    rabbitmq_proxy.cut()
    rabbitmq_proxy.thaw()
    second = await scene.worker()
    address = await second.ready()
    await eventually_true(lambda: has(address, "interactions", "interrupted", "duplicate"))
    assert scene.effects("began")[command] == scene.told()[command] == 1
    assert await second.stop() == 0, second.log


async def has(address: str, lane: str, *words: str) -> bool:
    counted = await outcomes(address)
    return any((lane, word) in counted for word in words)


async def marked(address: str) -> bool:
    return bool(await metric(address, "gp_claim_completions_total"))


async def has_retried(address: str) -> bool:
    return bool(await metric(address, "gp_retries_total"))
