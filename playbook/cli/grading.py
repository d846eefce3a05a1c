"""Commands over grading: mark submissions, keep the gradebook, report."""

import typer


def register(app: typer.Typer) -> None:
    """Add this module's commands to the application."""
