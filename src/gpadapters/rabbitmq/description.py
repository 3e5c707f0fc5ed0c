"""The declaration in words, for people."""

from gpadapters.rabbitmq.declaration import Arguments, TopologyPlan, Version


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
            "details": _arguments(one.arguments) + _adopted(adopted=one.adopted),
        }
        for one in declaration.queues
    ]
    bindings = [
        {"kind": "binding", "name": one.queue, "details": f"from {one.exchange} by {one.routing_key}"}
        for one in declaration.bindings
    ]
    return exchanges + queues + bindings


def _arguments(arguments: Arguments) -> str:
    return " ".join(f"{key}={value}" for key, value in arguments.items())


def _adopted(*, adopted: bool) -> str:
    return " (used as it is)" if adopted else ""
