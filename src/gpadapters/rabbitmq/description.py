"""The declaration in words, for people."""

from gpadapters.rabbitmq.declaration import TopologyPlan, Version


def describe(plan: TopologyPlan, *, version: Version) -> list[dict[str, str]]:
    """Return a row (``kind``, ``name``, ``details``) for each object that a broker of this version should have."""
    declaration = plan.declare_for(version)
    exchanges = [
        {"kind": "exchange", "name": one.name, "details": f"{one.kind}{_adopted(adopted=one.adopted)}"}
        for one in declaration.exchanges
    ]
    queues = [
        {
            "kind": "queue",
            "name": one.name,
            "details": " ".join(f"{key}={value}" for key, value in one.arguments.items()) + _adopted(adopted=one.adopted),
        }
        for one in declaration.queues
    ]
    bindings = [
        {"kind": "binding", "name": one.queue, "details": f"from {one.exchange} by {one.routing_key}"}
        for one in declaration.bindings
    ]
    return exchanges + queues + bindings


def _adopted(*, adopted: bool) -> str:
    return " (used as it is)" if adopted else ""
