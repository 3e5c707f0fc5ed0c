"""Makes the registration of a task definition from the description of the last one: the same with another image.

``aws ecs describe-task-definition … | python3 new_definition.py IMAGE``
"""

import json
import sys
from typing import Any

_TOLD_BY_ECS = (
    "taskDefinitionArn",
    "revision",
    "status",
    "requiresAttributes",
    "compatibilities",
    "registeredAt",
    "registeredBy",
    "deregisteredAt",
)
"""What a description holds beyond what a registration takes."""


def registration(description: dict[str, Any], image: str) -> dict[str, Any]:
    """Return what is registered, every container with the new image."""
    kept = {name: value for name, value in description.items() if name not in _TOLD_BY_ECS}
    return kept | {"containerDefinitions": [one | {"image": image} for one in kept["containerDefinitions"]]}


if __name__ == "__main__":
    json.dump(registration(json.load(sys.stdin), sys.argv[1]), sys.stdout)
