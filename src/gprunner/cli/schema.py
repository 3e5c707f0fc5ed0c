"""``gp schema``."""

from gprunner.cli.running import print_json


def schema() -> None:
    """Print the JSON Schema of each wire format."""
    from gprunner.container import Tools

    print_json(Tools.wire_schemas())
