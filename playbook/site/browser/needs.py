"""Which large archives an exercise will ask for, so that they are fetched before it does."""

import ast
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

#: Archives that are fetched for those exercises alone that use them.
HEAVY = ("science",)


def heavy_archives(source: str, kit: Path, modules: dict[str, str]) -> list[str]:
    """The heavy archives that a notebook's code, or a module of the kit that it imports, may import.

    Args:
        source: the code of the notebook's cells.
        kit: the wheel of the course's own package.
        modules: top-level module → archive that brings it.
    """
    with zipfile.ZipFile(kit) as wheel:
        texts = {
            name.removesuffix(".py").removesuffix("/__init__").replace("/", "."): wheel.read(name).decode()
            for name in wheel.namelist()
            if name.startswith("playbook/") and name.endswith(".py")
        }
    found, seen, todo = set(), set(), [source]
    while todo:
        for name in _imports(todo.pop()):
            if archive := modules.get(name.partition(".")[0]):
                found.add(archive)
            elif name in texts and name not in seen and not name.startswith("playbook.exercises"):
                seen.add(name)
                todo.append(texts[name])
    return [archive for archive in HEAVY if archive in found]


def _imports(source: str) -> Iterator[str]:
    """Every module that code may import, also inside functions; of a package, each member named."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from _members(node.module, (alias.name for alias in node.names))


def _members(module: str, names: Iterable[str]) -> Iterator[str]:
    yield module
    yield from (f"{module}.{name}" for name in names)
