"""Commands over exercises: release, validate, compose the City Playbook."""

import typer


def register(app: typer.Typer) -> None:
    """Add this module's commands to the application."""
