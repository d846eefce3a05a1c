"""Commands over cases: list, make and verify them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from playbook.cli.own_records import AsJson, form, import_, place_named
from playbook.errors import PlaybookError
from playbook.progress import progress_bar


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

    place = place_named(city, region)
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
