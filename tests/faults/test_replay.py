"""Dead letters are put back by a process that is killed."""

import signal

import pytest

from gpcore.domain.wire_message import Lane
from tests.e2e.conftest import Start, World
from tests.e2e.test_dead_letters import a_member, bury, sandbox
from tests.servers.rabbitmq_sandbox import Sandbox

__all__ = ["sandbox"]

pytestmark = [pytest.mark.e2e, pytest.mark.fault]


async def test_row_46_a_replay_that_is_killed_loses_nothing(world: World, start: Start, sandbox: Sandbox) -> None:
    ids = [await bury(world, a_member(number), "attempts") for number in range(60)]
    replays = 0
    while await sandbox.waiting(sandbox.names.dead_letter_queue(Lane.EVENTS)):
        replays += 1
        gp = await start("dlq", "replay", "--yes", "--rate", "200", "--limit", "40", env=world.env)
        before = await sandbox.waiting(sandbox.names.queue(Lane.EVENTS))
        if replays <= 2:
            while await sandbox.waiting(sandbox.names.queue(Lane.EVENTS)) < before + 5:
                assert gp.process.returncode is None, gp.log
            gp.process.send_signal(signal.SIGKILL)
        await gp.ended()
    taken = []
    while (one := await sandbox.take(sandbox.names.queue(Lane.EVENTS))) is not None:
        taken.append(one.header.properties.message_id)
    assert replays >= 3
    assert set(taken) == set(ids)
    assert len(taken) <= len(ids) + 2, "each kill may duplicate the one letter that was under way"
    await sandbox.disconnect()
