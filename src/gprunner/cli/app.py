"""The command tree, and what its failures look like.

Data goes to standard output, everything else to standard error. Exit codes: 0 ok, 1 failed,
2 usage or configuration, 130 interrupted.
"""

import sys
from typing import Annotated, Final

import typer

from gpcore.errors import ConfigurationError, GpError
from gprunner.cli import commands, config, dlq, publish, simulate, topology, worker
from gprunner.cli.demo import demo
from gprunner.cli.doctor import doctor
from gprunner.cli.ending import EXIT_FAILED, EXIT_INTERRUPTED
from gprunner.cli.routes import routes
from gprunner.cli.schema import schema
from gprunner.cli.top import top

EXIT_USAGE: Final = 2

app = typer.Typer(
    name="gp",
    help="Workers for Discord bots: interactions and events from RabbitMQ, state in Redis, answers over HTTP.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("demo")(demo)
app.add_typer(worker.app, name="worker")
app.command("doctor")(doctor)
app.command("top")(top)
app.add_typer(topology.app, name="topology")
app.add_typer(dlq.app, name="dlq")
app.add_typer(publish.app, name="publish")
app.add_typer(simulate.app, name="simulate")
app.command("routes")(routes)
app.add_typer(commands.app, name="commands")
app.add_typer(config.app, name="config")
app.command("schema")(schema)


def _version(show: bool) -> None:
    if show:
        from importlib.metadata import version

        typer.echo(version("gp-worker"))
        raise typer.Exit


@app.callback()
def root(
    _version_flag: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Workers for Discord bots."""


def main() -> None:
    """Run the command line and turn failures into an exit code and a sentence each."""
    try:
        app()
    except ConfigurationError as error:
        for fault in error.faults:
            typer.echo(f"gp: {fault}", err=True)
        sys.exit(EXIT_USAGE)
    except GpError as error:
        typer.echo(f"gp: {error}", err=True)
        sys.exit(EXIT_FAILED)
    except KeyboardInterrupt:
        sys.exit(EXIT_INTERRUPTED)
