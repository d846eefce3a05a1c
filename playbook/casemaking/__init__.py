"""Make cases. The same seed gives the same bytes; an unseen case has the same names and other numbers.

Not part of what trainees get: the planted truths are here. The one part of the room that knows the models: a
draw in which a shortcut gives an answer of a chapter is thrown away (:mod:`playbook.casemaking.guarantee`).
"""

from pathlib import Path

import pandas as pd

from playbook.casemaking.city import CityRecords, city_records
from playbook.casemaking.home import customers_home
from playbook.casemaking.panel import launch_panel
from playbook.casemaking.planning import Ground, planning_tables
from playbook.casemaking.public import TABLES, published
from playbook.casemaking.seeds import COURSE_SEED, Seed, shipped_seed, stream
from playbook.casemaking.truths import truths_of
from playbook.casemaking.write import GENERATOR, write_record, write_table
from playbook.cases.case import WORKED, Case, read_case
from playbook.errors import PlaybookError
from playbook.places import data_root

__all__ = [
    "COURSE_SEED",
    "CityRecords",
    "make_case",
    "make_shared",
    "make_shipped",
    "shipped_seed",
    "write_case",
]


def make_case(
    adcode: str,
    seed: Seed,
    out: str | Path,
    resample_public: bool = False,
    region: Case | None = None,
) -> Case:
    """Make a case for one city in the folder ``out``.

    Args:
        adcode: code of Jinhua or of a trainee's city.
        seed: a whole number, or secret bytes or text. It is written into case.json only where it is the
            stated seed of a shipped case.
        out: the case's folder; made if missing, its tables overwritten.
        resample_public: make an unseen case. Codes and names stay; every number is drawn anew, the public
            figures, home customers and launch panel included; directions and first ranks are contrary to
            the shipped case's.
        region: whoever has the public tables of a city that is not published: an imported region, or a case of it.

    Returns:
        The case, ready to use.

    Raises:
        PlaybookError: no case can be made for the code.
    """
    adcode = str(adcode)
    real = published()
    regional = region is not None and adcode not in set(real["cities"]["adcode"])
    if regional:
        real = {name: region.table(name) for name in TABLES}
    cities = real["cities"].set_index("adcode")
    if adcode not in cities.index or cities.loc[adcode, "role"] == "home":
        known = cities[cities["role"] != "home"]
        raise PlaybookError(
            f"no case can be made for the code {adcode!r}",
            remedy="Use one of "
            + ", ".join(f"{code} ({city})" for code, city in known["city"].items())
            + "; or take in the public tables of another city with `playbook case region`.",
        )
    plans: dict[str, pd.DataFrame] = {}

    def can_be_planned(records: CityRecords) -> bool:
        """Whether every chapter's tables can be made of these records; if not, the next draw is tried."""
        try:
            plans.update(plan_of(adcode, seed, records, resample_public))
        except PlaybookError:
            return False
        return True

    records = city_records(adcode, seed, real, resample_public, can_be_planned)
    return write_case(adcode, seed, records, out, resample_public, plans, real if regional else None)


def plan_of(adcode: str, seed: Seed, records: CityRecords, resample_public: bool) -> dict[str, pd.DataFrame]:
    """The tables that the chapters plan with, made of a city's records.

    Raises:
        PlaybookError: a chapter's shortcuts cannot be kept away from its answers on these records.
    """
    return planning_tables(Ground(seed, adcode, resample_public, records.public, records.tables))


def write_case(
    adcode: str,
    seed: Seed,
    records: CityRecords,
    out: str | Path,
    resample_public: bool = False,
    plans: dict[str, pd.DataFrame] | None = None,
    real: dict[str, pd.DataFrame] | None = None,
) -> Case:
    """Write a city's records, and what the chapters plan with, as a case into a folder; see :func:`make_case`.

    Args:
        real: public tables of a city that is not published; the case carries them.
    """
    folder = Path(out).expanduser().resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if resample_public or real is not None:
        for name, frame in records.public.items():
            write_table(frame, name, folder)
    if resample_public:
        write_table(records.home, "customers_home", folder)
    for name, frame in records.tables.items():
        write_table(frame, name, folder)
    shipped = str(seed) == str(shipped_seed(adcode)) and not resample_public
    panel = launch_panel(stream(seed, "launch panel"), records.truths, strict=not shipped)
    write_table(panel, "launch_panel", folder)
    for name, frame in (plans or plan_of(adcode, seed, records, resample_public)).items():
        write_table(frame, name, folder)
    city = (real or published())["cities"].set_index("adcode").loc[adcode]
    record = {
        "format": 1,
        "case": city["city"].lower(),
        "adcode": adcode,
        "city": city["city"],
        "city_zh": city["city_zh"],
        "role": "worked" if city["city"].lower() == WORKED else "trainee",
        "company": "QiHang Cloud (启航云), fictional",
        "generator": GENERATOR,
        **({"seed": shipped_seed(adcode)} if shipped else {}),
    }
    write_record(folder, record)
    return read_case(folder)


def make_shared(out: str | Path, seed: Seed = COURSE_SEED) -> None:
    """Write the table that all shipped cases share: the home customers."""
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    write_table(shared_home(seed), "customers_home", folder)


def shared_home(seed: Seed = COURSE_SEED):
    """The home customers of all shipped cases."""
    public = published()
    worked = public["cities"].loc[public["cities"]["role"] == "worked", "adcode"].iloc[0]
    truths = truths_of(str(worked), shipped_seed(str(worked)))
    return customers_home(stream(seed, "customers"), truths, public["city_workers"])


def make_shipped(root: str | Path | None = None) -> list[Case]:
    """Make all that ships, under ``root`` (default: the course's own data): shared tables, thirteen cases."""
    root = Path(root) if root else data_root()
    make_shared(root / "shared")
    cities = published()["cities"]
    cities = cities[cities["role"] != "home"]
    return [
        make_case(city.adcode, shipped_seed(city.adcode), root / "cases" / city.city.lower())
        for city in cities.itertuples()
    ]
