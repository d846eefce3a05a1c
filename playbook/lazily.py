"""Rooms whose names are loaded when they are used: a notebook's first cell stays fast."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazy_names(package: str, modules: Mapping[str, str]) -> tuple[Callable[[str], Any], list[str]]:
    """What a package's ``__init__`` needs to offer names of its modules without importing them.

    Args:
        package: its ``__name__``.
        modules: names, with blanks between them, by the module (below the package) that defines them.

    Returns:
        A ``__getattr__`` and an ``__all__``.
    """
    homes = {name: f"{package}.{module}" for module, names in modules.items() for name in names.split()}

    def load(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(homes[name]), name)

    return load, [*homes]
