"""The house: imports run one way, nothing goes round in circles, and what ships needs nothing that does not."""

import ast
import functools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import playbook
from playbook.rooms import DECIDING, DRAWING, RELEASED, SHIPPED, files_of

PACKAGE = Path(playbook.__file__).parent
#: From the ground up: a room may import the rooms on the floors below its own.
FLOORS = (
    ("market", "cases", "figures"),
    ("simulator",),
    ("chapters",),
    ("exercises",),
    ("casemaking",),
    ("authoring",),
    ("submissions", "running"),
    ("gradebook",),
    ("grading",),
    ("desk", "site", "cluster"),
    ("certifying",),
    ("cli",),
)
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
#: Modules beside the rooms that put rooms to use, and are imported by none.
ENTRANCES = {"playbook", "playbook.__main__"}


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {
    module_name(path): path
    for path in sorted(PACKAGE.rglob("*.py"))
    if "bundle" not in path.relative_to(PACKAGE).parts
}


def room_of(module: str) -> str:
    """The room that a module is in; empty for one that stands beside the rooms."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in FLOOR else ""


def imports_of(text: str, module: str = "playbook.somewhere") -> Iterator[str]:
    """Modules that code imports, inside functions too, and functions of ours that it names as ``module:function``.

    A name of a package of ours counts as its module.
    """
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = module.split(".")[: -node.level] if node.level else []
            home = ".".join([*above, node.module] if node.module else above)
            for alias in node.names:
                inner = f"{home}.{alias.name}"
                yield inner if inner in MODULES else home
        elif isinstance(node, ast.Constant) and str(node.value).startswith("playbook."):
            named = re.fullmatch(r"(playbook(?:\.\w+)+):\w+", str(node.value))
            if named:
                yield named[1]


@functools.cache
def all_imports() -> dict[str, set[str]]:
    """Of each module of ours, what it imports."""
    return {name: set(imports_of(path.read_text(encoding="utf-8"), name)) for name, path in MODULES.items()}


@functools.cache
def our_imports() -> dict[str, set[str]]:
    """Of each module of ours, which of ours it imports."""
    return {
        name: {imported for imported in found if imported.split(".")[0] == "playbook"}
        for name, found in all_imports().items()
    }


def house(wrong: list[str]) -> str:
    """What is wrong, and under it the house as it stands: its floors, and what each room imports."""
    lines = [*wrong, "", "The house, from the roof down:"]
    for rooms in reversed(FLOORS):
        for room in rooms:
            found = {
                room_of(used) for name, all in our_imports().items() if room_of(name) == room for used in all
            }
            lines.append(f"  {FLOOR[room]}  {room:12} imports {', '.join(sorted(found - {'', room})) or '-'}")
    return "\n".join(lines)


def test_every_folder_of_the_package_is_a_room():
    folders = {path.name for path in PACKAGE.iterdir() if path.is_dir() and any(path.rglob("*.py"))}
    assert folders == set(FLOOR)


@pytest.mark.slow
@pytest.mark.parametrize("room", FLOOR)
def test_a_room_imports_only_from_floors_below(room):
    wrong = [
        f"{module} imports {imported}"
        for module, found in our_imports().items()
        if room_of(module) == room
        for imported in found
        if room_of(imported) not in ("", room) and FLOOR[room_of(imported)] >= FLOOR[room]
    ]
    assert not wrong, house(wrong)


@pytest.mark.slow
def test_modules_beside_the_rooms_import_no_room():
    wrong = [
        f"{module} imports {imported}"
        for module, found in our_imports().items()
        if not room_of(module) and module not in ENTRANCES
        for imported in found
        if room_of(imported)
    ]
    assert not wrong, house(wrong)


def test_no_imports_go_round_in_a_circle():
    done: set[str] = set()

    def visit(module: str, way: tuple[str, ...]) -> None:
        assert module not in way, " → ".join([*way[way.index(module) :], module])
        if module in done:
            return
        for imported in sorted(our_imports().get(module, ())):
            if imported != module:
                visit(imported, (*way, module))
        done.add(module)

    for module in MODULES:
        visit(module, ())


def test_what_ships_to_trainees_imports_nothing_that_does_not():
    wrong = [
        f"{module} imports {imported}"
        for module, found in our_imports().items()
        if room_of(module) in SHIPPED
        for imported in found
        if room_of(imported) not in ("", *SHIPPED)
    ]
    assert not wrong, house(wrong)


def test_the_lists_of_rooms_name_rooms():
    assert {*SHIPPED, *DECIDING, *DRAWING} <= set(FLOOR)
    assert set(SHIPPED) <= set(DECIDING), "what a trainee's notebook runs can change its mark"


def test_only_the_gradebook_speaks_sql():
    wrong = [
        f"{module} imports {imported}"
        for module, found in all_imports().items()
        if room_of(module) != "gradebook"
        for imported in found
        if imported.split(".")[0] in ("sqlalchemy", "sqlite3")
        or imported in ("playbook.gradebook.schema", "playbook.gradebook.inserts")
    ]
    assert wrong == []


@pytest.mark.slow
def test_a_kind_of_answer_is_named_in_its_own_file_alone():
    """Elsewhere nothing asks which kind a question is of."""
    wrong = [
        f"{name}: {ast.unparse(node)}"
        for name, path in MODULES.items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Compare)
        and ast.unparse(node.left).endswith(("question.kind", "question.kind.name"))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("code", "imported"),
    [
        ("def f():\n    from playbook.cli import main", "playbook.cli"),
        ("from playbook.desk import report", "playbook.desk.report"),
        ("from . import report", "playbook.desk.report"),
        ("from ..gradebook.schema import marks", "playbook.gradebook.schema"),
        ("from sqlalchemy.exc import ArgumentError", "sqlalchemy.exc"),
        ("import sqlalchemy as sa", "sqlalchemy"),
        ("ENTRY = 'playbook.desk.exports.junit:junit_xml'", "playbook.desk.exports.junit"),
    ],
)
def test_an_import_is_found_however_it_is_written(code, imported):
    assert list(imports_of(code, "playbook.desk.feedback")) == [imported]


def test_the_house_is_shown_with_what_is_wrong():
    shown = house(["a imports b"]).splitlines()
    assert shown[0] == "a imports b"
    assert len(shown) == 3 + len(FLOOR)
    assert any("gradebook" in line and "submissions" in line for line in shown)


def test_a_reference_that_is_searched_anew_is_part_of_every_digest_that_it_decides():
    frozen = {"best_plans/jinhua.json", "simulator/yardsticks.json"}
    for rooms in (DECIDING, RELEASED):
        named = {path.as_posix() for path in files_of(rooms)}
        assert {one for one in frozen if any(name.endswith(one) for name in named)} == frozen
