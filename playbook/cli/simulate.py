"""The command that tries a plan out: `playbook simulate`."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from playbook.cli.simulate_tables import (
    levers_of_a_plan,
    levers_of_cities,
    plans_of_a_city,
    plans_of_cities,
    references_found,
)
from playbook.errors import PlaybookError
from playbook.progress import Progress, progress_bar

if TYPE_CHECKING:
    from playbook.simulator.city import City
    from playbook.simulator.plan import Plan

#: What stands below every table.
WARNING = "A wind tunnel, not a forecast: it compares plans, and promises nothing."


class Policy(StrEnum):
    """Plans that are known by name."""

    naive = "naive"
    f = "f"
    book = "book"
    reference = "reference"


def simulate(
    city: Annotated[str, typer.Argument(help="A city by name or code, or the folder of a case.")] = "",
    policy: Annotated[
        Policy | None,
        typer.Option(help="A known plan: nothing aimed, the F company, by the book, the best found."),
    ] = None,
    plan: Annotated[Path | None, typer.Option(help="A plan of your own: a JSON file of levers.")] = None,
    draws: Annotated[int, typer.Option(min=2, max=2000, help="Runs.")] = 200,
    sensitivity: Annotated[
        bool, typer.Option("--sensitivity", help="Print what each lever carries in the plan.")
    ] = False,
    reference: Annotated[
        bool, typer.Option("--reference", help="Search the best plan of each city; a stopped search goes on.")
    ] = False,
    every: Annotated[
        bool,
        typer.Option(
            "--all", help="Print a line for each plan of each city, or with --sensitivity its levers."
        ),
    ] = False,
    cities: Annotated[
        list[str] | None, typer.Option(help="With --reference or --all: these cities; default all that ship.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="With --reference: folder to write; default the instructor's own.")
    ] = None,
    rounds: Annotated[int | None, typer.Option(min=1, help="With --reference: most rounds a city.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of words.")] = False,
) -> None:
    """Try a plan on a city's first 24 months: a wind tunnel, not a forecast.

    Without a plan it runs all that are known. The search of references takes a few minutes a city.

    Example: playbook simulate jinhua --policy book --sensitivity

    Your own plan: playbook simulate Jiaxing --plan plan.json --draws 40

    References: playbook simulate --reference --cities jinhua --cities nanjing

    All cities: playbook simulate --all --draws 40
    """
    if reference:
        _references([*(cities or ()), *([city] if city else ())], out, rounds, as_json)
        return
    if every:
        _every_city([*(cities or ()), *([city] if city else ())], policy, plan, draws, sensitivity, as_json)
        return
    if not city:
        raise PlaybookError("no city is named", remedy="write one: playbook simulate jinhua --policy book")
    from playbook.cases.case import find_case
    from playbook.simulator import make_city

    ready = make_city(find_case(city))
    plans = _plans(ready, policy, plan)
    with progress_bar(lines=True) as report:
        found = _run(ready, plans, draws, sensitivity, report)
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        _print(ready, found, draws)


def _plans(city: City, policy: Policy | None, path: Path | None) -> dict[str, Plan]:
    """The plans that are asked for, by name."""
    from playbook.casemaking.best_plans import reference, standing_of
    from playbook.simulator import known_plans, plan_from_json

    plans = known_plans(city)
    if path is not None:
        try:
            own = plan_from_json(path.read_text(encoding="utf-8"), str(path))
        except (OSError, UnicodeDecodeError) as error:
            raise PlaybookError(
                f"the plan cannot be read: {error}", where=str(path), remedy="name a JSON file"
            ) from None
        chosen = {path.name: own}
        return chosen if policy is None else chosen | _plans(city, policy, None)
    if policy is Policy.reference:
        return {"reference": reference(city)}
    if policy is not None:
        return {policy.value: plans[policy.value]}
    standing = standing_of(city)
    return plans | ({"reference": standing.plan} if standing else {})


def _run(city: City, plans: dict[str, Plan], runs: int, sensitivity: bool, report: Progress) -> list[dict]:
    """Each plan's totals, share of the gap and, if asked for, levers, as JSON-able data."""
    from playbook.simulator import make_draws, points_lost, yardstick_of
    from playbook.simulator import simulate as run_plan

    draws = make_draws(city, runs)
    try:
        yardstick = yardstick_of(city)
    except PlaybookError:
        yardstick = None
    found = []
    for done, (name, plan) in enumerate(plans.items(), start=1):
        summary = run_plan(city, plan, draws).summary()
        row = {
            "city": city.name,
            "plan": name,
            "runs": runs,
            "share_of_gap": yardstick.share(summary.loc["value", "mean"]) if yardstick else None,
            "totals": summary.to_dict("index"),
            "levers": plan.as_dict(),
        }
        if sensitivity:
            gap = yardstick.reference - yardstick.naive if yardstick else None
            points = points_lost(
                city, plan, draws, gap, tell=lambda what, at, of, name=name: report(name, at, of)
            )
            row["sensitivity"] = points.to_dict("records")
        report("plans", done, len(plans))
        found.append(row)
    return found


def _print(city: City, found: list[dict], runs: int) -> None:
    console = Console()
    console.print(plans_of_a_city(city.name, found, runs))
    for row in found:
        if "sensitivity" in row:
            console.print(levers_of_a_plan(row))
    print(WARNING)


def _every_city(
    names: list[str], policy: Policy | None, path: Path | None, draws: int, sensitivity: bool, as_json: bool
) -> None:
    """Run plans in many cities; a line for each plan, or a column of levers for each city."""
    from playbook.cases.case import find_case, list_cases
    from playbook.simulator import make_city

    cases = [find_case(name) for name in names] or list_cases()
    found = []
    with progress_bar(lines=True) as report:
        for done, case in enumerate(cases, start=1):
            ready = make_city(case)
            found += _run(ready, _plans(ready, policy, path), draws, sensitivity, report)
            report("cities", done, len(cases))
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return
    console = Console()
    for table in levers_of_cities(found) if sensitivity else plans_of_cities(found, draws):
        console.print(table)
    print(WARNING)


def _references(names: list[str], out: Path | None, rounds: int | None, as_json: bool) -> None:
    """Search, keep and measure the references of some cities."""
    from playbook.casemaking import best_plans
    from playbook.cases.case import find_case, list_cases
    from playbook.simulator import make_city, make_draws
    from playbook.simulator import simulate as simulate_plan
    from playbook.simulator.search import ROUNDS
    from playbook.simulator.yardstick import FILE

    cases = [find_case(name) for name in names] or list_cases()
    folder, frozen = (out, out / FILE.name) if out else (best_plans.FOLDER, FILE)
    each = min(rounds or ROUNDS, ROUNDS)
    rows = []
    with progress_bar(lines=True) as report:
        for done, case in enumerate(cases, start=1):
            city = make_city(case)
            standing = best_plans.find_reference(
                city,
                folder,
                rounds,
                tell=lambda standing, city=city: report(
                    f"rounds in {city.name}", standing.round, each * (1 + standing.wider)
                ),
            )
            broken = simulate_plan(city, standing.plan, make_draws(city, best_plans.RUNS)).cash_broken
            yardstick = best_plans.measure(city, standing.plan)
            best_plans.freeze(yardstick, frozen)
            rows.append(
                {**vars(yardstick), "rounds": standing.round, "since": standing.since, "cash_broken": broken}
            )
            report("cities", done, len(cases))
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    Console().print(references_found(folder, rows))


def register(app: typer.Typer) -> None:
    """Add this module's command to the application."""
    app.command()(simulate)
