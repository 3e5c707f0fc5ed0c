"""How to reach the state server."""

from dataclasses import dataclass

from gpcore.domain.secrets import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class RedisSettings:
    """Where the state is, and how long to wait for it.

    Attributes:
        url: ``redis://``, ``rediss://`` (TLS) or ``unix://``, with user, password and database.
            TLS options (``ssl_ca_certs``, ``ssl_cert_reqs``, …) may stand in its query.
        key_prefix: Put before every key.
        hot_timeout: Seconds that an interaction may wait for one answer.
        background_timeout: Seconds for what no user waits for: completing, releasing, probing.
        connect_timeout: Seconds to connect. A caller whose own time is up does not wait for it.
        stall_timeout: Seconds without any reply, while one is due, after which a connection is given up and
            made anew. A server that is only slow costs the calls their time, not the connection.
        client_name: Shown by ``CLIENT LIST``.
    """

    url: Secret
    key_prefix: str = ""
    hot_timeout: float = 0.25
    background_timeout: float = 5.0
    connect_timeout: float = 2.0
    stall_timeout: float = 1.0
    client_name: str = "gp"
