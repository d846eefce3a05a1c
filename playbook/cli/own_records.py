"""Commands for a company's own records: its exports as a case, and forms for what no export holds."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from playbook.errors import PlaybookError
from playbook.progress import progress_bar

if TYPE_CHECKING:
    from playbook.casemaking.importing import ImportedCase
    from playbook.casemaking.importing.mapping import Mapped
    from playbook.cases import Case

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of words.")]


def import_(
    accounts: Annotated[
        Path | None, typer.Argument(help="The customer system's accounts, CSV or xlsx.")
    ] = None,
    city: Annotated[str, typer.Option(help="The city: code, name or case.")] = "",
    deals: Annotated[Path | None, typer.Option(help="The customer system's deals.")] = None,
    registry: Annotated[
        Path | None, typer.Option(help="A company registry's batch query of these firms.")
    ] = None,
    region: Annotated[
        Path | None,
        typer.Option(help="The city's public tables, where it does not ship (playbook case region)."),
    ] = None,
    name: Annotated[
        str, typer.Option(help="The case's own name, whatever the mapping says; default our-records.")
    ] = "",
    mapping: Annotated[
        Path, typer.Option(help="How files become a case; proposed where there is none.")
    ] = Path("mapping.yaml"),
    out: Annotated[Path | None, typer.Option(help="Folder of the case; default its name.")] = None,
    key: Annotated[
        Path | None, typer.Option(help="File that says who is who; default <name>-key.csv.")
    ] = None,
    tables: Annotated[
        Path | None, typer.Option(help="Folder with further tables, filled in by hand (playbook case form).")
    ] = None,
    real_names: Annotated[
        bool, typer.Option("--real-names", help="Keep firms' names; without it all of them are pseudonyms.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make a case of your own records: exports of HubSpot, Salesforce, 纷享销客 or 销售易, with a registry's rows.

    The first call proposes a mapping and stops. Put it right, confirm it, and call again. Nothing is written before
    the files are whole. Firms and people become pseudonyms; who is who stands in a file beside the case.

    Example: playbook case import accounts.csv --deals deals.csv --registry qichacha.csv --city jiaxing
    """
    from playbook.casemaking.importing import import_case, read_mapping

    files = {"accounts": accounts, "deals": deals, "registry": registry}
    given = {kind: path for kind, path in files.items() if path}
    if not mapping.exists():
        _propose(given, city, region, name or "our-records", mapping, out)
        return
    with progress_bar() as report:
        report("Reading the files", 0, 1)
        mapped = read_mapping(mapping)
        report("Reading the files", 1, 1)
    _check_call(mapped, given, city, region, mapping)
    if name and name != mapped.case:
        if not as_json:
            print(f"The case is called {name}, as --name says, and not {mapped.case}, as {mapping} does.")
        mapped = replace(mapped, case=name)
    out = out or Path(mapped.case)
    look_up = out.with_name(f"{out.name}-look-up.csv")
    key = key or out.with_name(f"{out.name}-key.csv")
    with progress_bar() as report:
        made = import_case(mapped, out, key, tables, real_names, look_up, report)
    _print_imported(made, look_up, as_json)


def _propose(
    files: dict[str, Path], city: str, region: Path | None, name: str, mapping: Path, out: Path | None
) -> None:
    """Write a mapping to be confirmed and, without a registry's file, the names to look up there."""
    from playbook.casemaking.importing import check_name, list_firms, propose
    from playbook.places import write_whole

    if "accounts" not in files or not city:
        raise PlaybookError(
            "there is no mapping yet, and nothing to propose one from",
            where=str(mapping),
            remedy="name the file of accounts, and the city with --city",
        )
    check_name(name)
    with progress_bar() as report:
        report("Reading the files", 0, 1)
        text = propose(files, place_named(city, region).name, name, region)
        report("Reading the files", 1, 1)
    mapping.parent.mkdir(parents=True, exist_ok=True)
    write_whole(mapping, [text])
    print(f"A mapping is proposed in {mapping}: put it right, set confirmed: true, and call again.")
    if "registry" in files:
        return
    look_up = Path(f"{out or name}-look-up.csv")
    count = list_firms(files["accounts"], look_up)
    called = f"The names of the {count} firms stand" if count > 1 else "The name of your one firm stands"
    print(
        f"There is no registry's file yet, and without it nothing is known of districts and sections. "
        f"{called} in {look_up}: look them up in a company registry's batch query, such as "
        f"企查查's, delete {mapping}, and call again with --registry."
    )


def _check_call(
    mapped: Mapped, files: dict[str, Path], city: str, region: Path | None, mapping: Path
) -> None:
    """Refuse a call that names other files or another city than the mapping does."""
    from playbook.casemaking.importing import check_same, place_of

    check_same(mapped, files, mapping)
    if not city:
        return
    meant, there = (
        place_named(city, region or (Path(mapped.region) if mapped.region else None)),
        place_of(mapped),
    )
    if meant.adcode != there.adcode:
        raise PlaybookError(
            f"the mapping is about {there}, not {meant}",
            where=str(mapping),
            remedy="write the city that you mean there, or delete the mapping and call again",
        )


def _print_imported(made: ImportedCase, look_up: Path, as_json: bool) -> None:
    from playbook.authoring.master import find_masters
    from playbook.authoring.works import helps, which_work
    from playbook.places import course_root

    with progress_bar() as report:
        works = which_work(made.case, find_masters(course_root() / "exercises"), True, report)
    left, notes = made.imported.left, made.imported.notes
    if as_json:
        told = {
            "schema": 1,
            "case": made.case.name,
            "folder": str(made.case.folder),
            "key": str(made.key),
            "coverage": [vars(one) for one in made.covered],
            "exercises": [
                {
                    "exercise": w.exercise,
                    "works": w.works,
                    "lacks": w.lacks,
                    "unknown": w.unknown,
                    "stops": w.stops,
                }
                for w in works
            ],
            "helps": helps(works),
            "left": dict(left),
            "look_up": str(look_up) if made.imported.unknown else "",
            "sums": made.sums,
        }
        print(json.dumps(told, ensure_ascii=False))
        return
    table = Table("Table", "Column", title=f"What {made.case.name} holds")
    table.add_column("Known", justify="right")
    for one in made.covered:
        table.add_row(one.table, one.column, f"{one.share:.0%}" if one.share else "absent")
    Console().print(table)
    exercises = Table("Exercise", "On these records", title="Which exercises work")
    for one in works:
        exercises.add_row(one.exercise, one.words())
    Console().print(exercises)
    for help_ in helps(works):
        print(f"To make more of them work: {help_}")
    for reason, count in left.items():
        print(f"Left out: {count} row{'' if count == 1 else 's'}, {reason}")
    if made.imported.unknown:
        print(f"Firms to look up in a company registry: {look_up}")
    for note in notes:
        print(f"Note: {note}")
    if made.sums:
        print(
            f"Compare with what you know: {made.sums}. If that is far off, put the units right in the mapping."
        )
    print(f"The case is in {made.case.folder}. Who is who: {made.key}; keep it to yourself.")


def form(
    table: Annotated[str, typer.Argument(help="A table of the data dictionary, such as densities.")],
    out: Annotated[Path | None, typer.Option(help="File to write; default <table>.csv.")] = None,
) -> None:
    """Write an empty table to be filled in by hand, for what no export holds.

    Example: playbook case form densities --out tables/densities.csv
    """
    from playbook.casemaking.importing import write_form

    out = out or Path(f"{table}.csv")
    write_form(table, out)
    print(
        f"Fill in {out}, delete the row of explanations, and give its folder to `playbook case import --tables`."
    )


def place_named(city: str, region: Path | None) -> Case:
    """The city that is meant: one that ships, or that of a region."""
    from playbook.casemaking.regions import read_region

    if region is None:
        return _shipped(city)
    place = read_region(region)
    if city.strip().casefold() not in {
        place.adcode,
        place.city.casefold(),
        place.city_zh,
        place.city_zh.rstrip("市"),
    }:
        raise PlaybookError(
            f"the region is {place}, not {city!r}",
            where=str(region),
            remedy="name its city, or another region",
        )
    return place


def _shipped(city: str) -> Case:
    """A city that ships; of another, what can be done about it."""
    from playbook.casemaking.public import published
    from playbook.cases.case import find_case

    try:
        return find_case(city)
    except PlaybookError as error:
        known = published()["cities"]
        homes = known[known["role"] == "home"]
        names = {
            *homes["city"].str.casefold(),
            *homes["city_zh"],
            *homes["city_zh"].str.rstrip("市"),
            *homes["adcode"],
        }
        if city.strip().casefold() in names:
            raise PlaybookError(
                f"{city} is a home market of the company, where nothing is opened", remedy=error.remedy
            ) from None
        also = "For a city that is not there fill in its public tables (playbook case region form), and give --region."
        raise PlaybookError(error.what, remedy=f"{error.remedy} {also}") from None
