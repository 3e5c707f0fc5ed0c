"""Exchanges and bindings of the in-memory broker."""

from collections.abc import Set as AbstractSet

from gpadapters.memory.broker_layout import BindingLayout, ExchangeLayout
from gpadapters.memory.topic import matches


class Routes:
    """Tells which queues take a message."""

    def __init__(self) -> None:
        self._exchanges: dict[str, ExchangeLayout] = {}
        self._bindings: set[BindingLayout] = set()

    def declare(self, exchange: ExchangeLayout) -> None:
        """Create an exchange, unless one of its name is there."""
        self._exchanges.setdefault(exchange.name, exchange)

    def exchange(self, name: str) -> ExchangeLayout | None:
        """Return an exchange as it is, or ``None``."""
        return self._exchanges.get(name)

    def bind(self, binding: BindingLayout) -> None:
        """Create a binding."""
        self._bindings.add(binding)

    def bound(self, binding: BindingLayout) -> bool:
        """Tell whether a binding is there."""
        return binding in self._bindings

    def forget(self, queue: str) -> None:
        """Remove every binding of a queue."""
        self._bindings = {binding for binding in self._bindings if binding.queue != queue}

    def route(self, exchange: str, routing_key: str) -> AbstractSet[str]:
        """Return the names of the queues that take a message; the default exchange goes by queue name."""
        if not exchange:
            return {routing_key}
        found = self._exchanges.get(exchange)
        if found is None:
            return set()
        return {
            binding.queue
            for binding in self._bindings
            if binding.exchange == exchange and _takes(found, binding.routing_key, routing_key)
        }


def _takes(exchange: ExchangeLayout, wanted: str, routing_key: str) -> bool:
    return matches(wanted, routing_key) if exchange.kind == "topic" else wanted == routing_key
