"""The command line: `playbook …`. Each command parses, calls one function of a room, and prints."""

import os
import sys
from importlib import import_module

import typer
from rich.console import Console
from rich.markup import escape

from playbook.errors import PlaybookError

app = typer.Typer(
    name="playbook",
    help="Opening a City: build the course, release exercises, grade a cohort.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    add_completion=False,
)

#: Modules of this package that register their commands on `app` when `register(app)` is called.
_COMMANDS = (
    "cases",
    "exercises",
    "simulate",
    "grading",
    "cluster",
    "gradebook",
    "exports",
    "badges",
    "desk",
    "review",
    "certifying",
    "site",
)

for _name in _COMMANDS:
    import_module(f"playbook.cli.{_name}").register(app)


def main() -> None:
    """Run a command; an error that a person can mend is printed without a traceback."""
    if "--json" in sys.argv:
        _keep_data_apart()
    try:
        app()
    except PlaybookError as error:
        Console(stderr=True).print(
            f"[bold red]Error[/] {escape(str(error))}", highlight=False, soft_wrap=True, emoji=False
        )
        raise SystemExit(error.exit_code) from None


def _keep_data_apart() -> None:
    """Let nothing but this program's own data onto standard output: a solver's library prints there now and then."""
    sys.stdout.flush()
    data = os.dup(1)
    os.dup2(2, 1)
    sys.stdout = os.fdopen(data, "w", encoding=sys.stdout.encoding, errors=sys.stdout.errors)
