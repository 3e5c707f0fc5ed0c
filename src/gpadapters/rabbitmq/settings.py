"""How to reach the broker and how patient to be with it."""

from dataclasses import dataclass

from gpcore.domain.secrets import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class RabbitSettings:
    """Address and time-outs; all times are seconds.

    Attributes:
        url: ``amqp://`` or ``amqps://`` with credentials and virtual host.
        heartbeat: Asked of the broker; a half-open connection is noticed after about 3.5 times this.
        connect_timeout: TCP, TLS and AMQP handshake together.
        call_timeout: One question to the broker, such as a declare.
        confirm_timeout: From handing a message to the socket to the broker's confirmation.
        settle_timeout: For an ``ack`` or ``nack`` to leave; later than that the connection is
            given up, so that the broker surely delivers again.
        reconnect_initial: Upper bound of the first pause after a lost connection.
        reconnect_max: Upper bound of any pause.
        healthy_after: A connection that held this long starts the next back-off afresh.
        missing_topology_interval: Pause while the broker lacks an exchange or queue.
        watchdog_interval: How often a consuming lane asks the broker whether it still consumes.
        stall_after: A lane that holds nothing and got nothing for this long, while its queue has
            messages, is rebuilt.
    """

    url: Secret
    heartbeat: int = 10
    connect_timeout: float = 10.0
    call_timeout: float = 10.0
    confirm_timeout: float = 5.0
    settle_timeout: float = 2.0
    reconnect_initial: float = 0.5
    reconnect_max: float = 30.0
    healthy_after: float = 60.0
    missing_topology_interval: float = 15.0
    watchdog_interval: float = 30.0
    stall_after: float = 60.0
