"""Names that are loaded when they are used: a notebook's first cell stays fast, and a master can name code."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from playbook.errors import PlaybookError


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


def named(function: str) -> Callable[..., Any]:
    """The function that ``package.module:function`` names.

    Raises:
        PlaybookError: there is no such module, or nothing in it that can be called by this name.
    """
    module, colon, name = function.partition(":")
    if not (colon and module and name):
        raise PlaybookError(f"{function!r} names no function", remedy="write it as package.module:function")
    try:
        found = getattr(import_module(module), name)
    except ModuleNotFoundError as error:
        raise PlaybookError(
            f"{function!r} names a function of a module that there is not ({error.name})",
            remedy="check the spelling, or write the module",
        ) from None
    except AttributeError:
        found = None
    if not callable(found):
        raise PlaybookError(
            f"the module {module} has no function {name!r}",
            remedy="check the spelling, or write the function",
        )
    return found
