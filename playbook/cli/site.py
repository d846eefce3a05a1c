"""Commands over the site: build and serve the book and the browser edition."""

import typer


def register(app: typer.Typer) -> None:
    """Add this module's commands to the application."""
