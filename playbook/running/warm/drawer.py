"""Modules that are imported already but look as if they were not.

Importing `playbook.figures` sets matplotlib's defaults: a notebook that never imports it must not see that. So the
warm parent imports the rooms that draw, puts them in a drawer, and a child takes them out when a notebook imports
them; what their import does to the rest of the process is done then.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterable
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any


class Drawer(MetaPathFinder, Loader):
    """Holds imported modules back until somebody imports them.

    Args:
        prefixes: names of packages that are held back, with all their modules.
        replays: module name → what its import does besides defining names.
    """

    def __init__(self, prefixes: Iterable[str], replays: dict[str, Callable[[ModuleType], None]]):
        self._prefixes = tuple(prefixes)
        self._replays = replays
        self._held: dict[str, ModuleType] = {}

    def close(self) -> None:
        """Take the modules out of sight."""
        for name in [name for name in sys.modules if self._holds(name)]:
            self._held[name] = sys.modules.pop(name)
            package, _, attribute = name.rpartition(".")
            if not self._holds(package):
                vars(sys.modules[package]).pop(attribute, None)
        sys.meta_path.insert(0, self)

    def held(self, prefix: str) -> list[ModuleType]:
        """The modules of a package that lie in this drawer."""
        return [module for name, module in self._held.items() if name.startswith(f"{prefix}.")]

    def _holds(self, name: str) -> bool:
        return any(name == prefix or name.startswith(f"{prefix}.") for prefix in self._prefixes)

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """The module's own description, with this drawer as the loader."""
        module = self._held.get(name)
        if module is None:
            return None
        known = module.__spec__
        spec = ModuleSpec(
            name, self, origin=known.origin, is_package=known.submodule_search_locations is not None
        )
        spec.submodule_search_locations = known.submodule_search_locations
        spec.has_location, spec.cached = known.has_location, known.cached
        return spec

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """The module as it was imported in the parent."""
        return self._held[spec.name]

    def exec_module(self, module: ModuleType) -> None:
        """Do what an import would have done, names apart: first what it imports itself, then its own part."""
        for name in self._used_by(module):
            importlib.import_module(name)
        replay = self._replays.get(module.__name__)
        if replay is not None:
            replay(module)

    def _used_by(self, module: ModuleType) -> set[str]:
        """The modules of this drawer that a module has taken names from."""
        taken = (
            value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", None)
            for value in vars(module).values()
        )
        return {name for name in taken if isinstance(name, str) and name in self._held} - {module.__name__}
