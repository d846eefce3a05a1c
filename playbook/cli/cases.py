"""Commands over cases: list, make and verify them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from playbook.errors import PlaybookError
from playbook.progress import progress_bar

if TYPE_CHECKING:
    from playbook.casemaking.importing import ImportedCase
    from playbook.cases import Case

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of words.")]


def list_(as_json: AsJson = False) -> None:
    """List the cases that ship: one worked example and the trainees' twelve cities.

    Example: playbook case list
    """
    from playbook.cases import list_cases
    from playbook.cases.case import read_record

    rows = [
        {
            "case": case.name,
            "adcode": case.adcode,
            "city": case.city,
            "city_zh": case.city_zh,
            "role": case.role,
            "rows": sum(
                t["rows"] for t in read_record(case.folder)["tables"].values() if t["home"] == "case"
            ),
            "fingerprint": case.fingerprint,
        }
        for case in list_cases()
    ]
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    table = Table("Case", "Code", "City", "Role", title="Cases that ship")
    table.add_column("Rows", justify="right")
    table.add_column("Fingerprint")
    for row in rows:
        city = f"{row['city']} ({row['city_zh']})"
        sizes = f"{row['rows']:,}"
        table.add_row(row["case"], row["adcode"], city, row["role"], sizes, row["fingerprint"][:12])
    Console().print(table)


def new(
    city: Annotated[str, typer.Argument(help="The city: code (330400), name (Jiaxing) or case (jiaxing).")],
    out: Annotated[Path, typer.Option(help="Folder of the new case; must be empty or missing.")],
    seed: Annotated[
        str | None,
        typer.Option(help="Any number or text; keep it secret for grading.", envvar="PLAYBOOK_SEED"),
    ] = None,
    seed_file: Annotated[
        Path | None, typer.Option(help="Read the seed from a file, so that no shell remembers it.")
    ] = None,
    region: Annotated[
        Path | None,
        typer.Option(help="The city's public tables, where it does not ship (playbook case region)."),
    ] = None,
    unseen: Annotated[
        bool, typer.Option(help="Draw the public figures, home customers and launch panel anew as well.")
    ] = False,
) -> None:
    """Make a case from a seed. The seed is not written into it; the same seed makes the same bytes.

    Example: playbook case new Jiaxing --seed-file seed.txt --out ~/cases/jiaxing-june

    Use it with: PLAYBOOK_CASE=~/cases/jiaxing-june jupyter lab
    """
    from playbook.casemaking import make_case, verify

    place = _place(city, region)
    if out.is_dir() and any(out.iterdir()):
        raise PlaybookError("the folder is not empty", where=str(out), remedy="Name another with --out.")
    case = make_case(place.adcode, _seed(seed, seed_file), out, unseen, region=place)
    breaches = verify.verify_case(case.folder)
    _print_breaches(breaches)
    print(f"{case}: {'unseen ' if unseen else ''}case in {case.folder}, fingerprint {case.fingerprint[:12]}")


def verify(
    folder: Annotated[Path | None, typer.Argument(help="A case's folder; default all that ships.")] = None,
    accept: Annotated[
        bool, typer.Option(help="Where only the sums in case.json are out of date, write them anew.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check every cell of a case against the schema; list every breach, and end with 1 if there is one.

    Example: playbook case verify ~/cases/our-records
    """
    from playbook.casemaking.verify import accept_sums, verify_case, verify_common
    from playbook.cases import list_cases

    breaches: list[tuple[str, object]] = []
    folders = [folder] if folder else [case.folder for case in list_cases()]
    with progress_bar() as report:
        if folder is None:
            breaches += [("", breach) for breach in verify_common()]
        for done, path in enumerate(folders, start=1):
            if accept:
                accept_sums(path)
            breaches += [(str(path), breach) for breach in verify_case(path)]
            report("Cases", done, len(folders))
    found = [breach for _, breach in breaches]
    if as_json:
        print(json.dumps([{"folder": path, **vars(b)} for path, b in breaches], ensure_ascii=False, indent=1))
    else:
        for path in dict.fromkeys(path for path, _ in breaches):
            Console().print(path, style="bold", highlight=False, soft_wrap=True)
            _print_breaches([breach for where, breach in breaches if where == path])
        print(f"{len(folders)} {'case' if len(folders) == 1 else 'cases'} checked: {_count(len(found))}.")
    if found:
        raise typer.Exit(1)


def remake() -> None:
    """Make all that ships again from the course's stated seed: shared tables, thirteen cases, dictionary.

    For those who change the generator. Example: playbook case remake
    """
    from playbook.casemaking import make_shipped
    from playbook.casemaking.instructor import write_pages
    from playbook.places import data_root

    cases = make_shipped()
    pages = write_pages(data_root().parent / "book")
    print(f"{len(cases)} cases in {data_root() / 'cases'}; {', '.join(page.name for page in pages)} written.")


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
    name: Annotated[str, typer.Option(help="The case's own name.")] = "our-records",
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
    from playbook.casemaking.importing import import_case, list_firms, propose, read_mapping
    from playbook.places import write_whole

    look_up = Path(f"{out or name}-look-up.csv")

    if not mapping.exists():
        files = {"accounts": accounts, "deals": deals, "registry": registry}
        if accounts is None or not city:
            raise PlaybookError(
                "there is no mapping yet, and nothing to propose one from",
                where=str(mapping),
                remedy="name the file of accounts, and the city with --city",
            )
        text = propose(
            {kind: path for kind, path in files.items() if path}, _place(city, region).name, name, region
        )
        mapping.parent.mkdir(parents=True, exist_ok=True)
        write_whole(mapping, [text])
        print(f"A mapping is proposed in {mapping}: put it right, set confirmed: true, and call again.")
        if registry is None:
            count = list_firms(accounts, look_up)
            called = (
                f"The names of the {count} firms stand" if count > 1 else "The name of your one firm stands"
            )
            print(
                f"There is no registry's file yet, and without it nothing is known of districts and sections. "
                f"{called} in {look_up}: look them up in a company registry's batch query, such as "
                f"企查查's, delete {mapping}, and call again with --registry."
            )
        return
    mapped = read_mapping(mapping)
    out = out or Path(mapped.case)
    look_up = out.with_name(f"{out.name}-look-up.csv")
    made = import_case(mapped, out, key or out.with_name(f"{out.name}-key.csv"), tables, real_names, look_up)
    _print_imported(made, look_up, as_json)


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


def region_form(
    out: Annotated[Path, typer.Option(help="Folder for the forms.")] = Path("region"),
) -> None:
    """Write empty forms for the public tables of a city that does not ship.

    Example: playbook case region form --out hefei
    """
    from playbook.casemaking.regions import write_forms

    for path in write_forms(out):
        print(path)
    print(
        "Fill in all four, with the population census's residents in work by district and section, and delete the rows "
        f"of explanations. Then: playbook case region import {out} --out {out}-region"
    )


def region_import(
    folder: Annotated[Path, typer.Argument(help="Folder with the filled-in forms.")],
    out: Annotated[Path, typer.Option(help="Folder of the region; must be empty or missing.")],
) -> None:
    """Take in the public tables of a city that does not ship, so that cases of it can be made.

    Checked are the 19 sections, that districts add up to the city, the units, and that residents in work and jobs in
    units are not mixed. Nothing is written before all of it is right.

    Example: playbook case region import hefei --out hefei-region

    Then: playbook case new Hefei --region hefei-region --seed-file seed.txt --out hefei-june
    """
    from playbook.casemaking.regions import import_region

    place, notes = import_region(folder, out)
    for note in notes:
        print(f"Note: {note}")
    print(f"{place}: {len(place.city_districts)} districts, in {place.folder}")
    print(
        f"A case of it: playbook case new {place.city} --region {out} --seed-file seed.txt --out {place.name}"
    )


def _place(city: str, region: Path | None) -> Case:
    """The city that is meant: one that ships, or that of a region."""
    from playbook.casemaking.regions import read_region
    from playbook.cases.case import find_case

    if region is None:
        return find_case(city)
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


def _seed(seed: str | None, seed_file: Path | None) -> str:
    if seed_file is not None:
        try:
            seed = seed_file.read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            raise PlaybookError(f"the seed cannot be read: {error}", where=str(seed_file)) from None
    if not seed:
        raise PlaybookError(
            "a case needs a seed",
            remedy="Give --seed, --seed-file, or the environment variable PLAYBOOK_SEED.",
        )
    return seed


def _print_breaches(breaches: list) -> None:
    for breach in breaches:
        Console().print(f"- {breach}", highlight=False, soft_wrap=True, markup=False)


def _count(breaches: int) -> str:
    return {0: "clean", 1: "1 breach"}.get(breaches, f"{breaches} breaches")


def register(app: typer.Typer) -> None:
    """Add the group `case` to the application."""
    group = typer.Typer(help="The data: list the cases, make one, check one.", no_args_is_help=True)
    group.command("list")(list_)
    group.command()(new)
    group.command()(verify)
    group.command()(remake)
    group.command("import")(import_)
    group.command()(form)
    region = typer.Typer(help="Public tables of a city that does not ship.", no_args_is_help=True)
    region.command("form")(region_form)
    region.command("import")(region_import)
    group.add_typer(region, name="region")
    app.add_typer(group, name="case")
