"""Asking the broker whether it works."""

from dataclasses import replace

from typing_extensions import override

from gpadapters.rabbitmq.connection import close_quietly, describe, open_channel, open_connection, server_version
from gpadapters.rabbitmq.settings import RabbitSettings
from gpcore.errors import ConfigurationError, PortError
from gpcore.ports.probe import Probe, ProbeResult

_TIMEOUT = 3.0


class RabbitProbe(Probe):
    """Connects, opens a channel and leaves again: meant for ``gp doctor``, not for every second."""

    def __init__(self, settings: RabbitSettings) -> None:
        self._settings = replace(settings, connect_timeout=_TIMEOUT, call_timeout=_TIMEOUT)

    @override
    async def check(self) -> ProbeResult:
        try:
            detail = await self._look()
        except (PortError, ConfigurationError) as error:
            return ProbeResult(
                name="rabbitmq", ok=False, detail=f"{str(error).rstrip('.')}. Check RABBITMQ_URL and the broker."
            )
        return ProbeResult(name="rabbitmq", ok=True, detail=detail)

    async def _look(self) -> str:
        connection = await open_connection(self._settings, name="gp probe")
        try:
            server_version(connection)
            channel = await open_channel(connection, self._settings)
            await close_quietly(channel)
            return describe(connection, self._settings)
        finally:
            await close_quietly(connection)
