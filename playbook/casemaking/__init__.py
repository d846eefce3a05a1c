"""Make cases. The same seed gives the same bytes; an unseen case has the same names and other numbers.

Not part of what trainees get: the planted truths are here.
"""

from pathlib import Path

from playbook.casemaking.accounts import clean_accounts
from playbook.casemaking.impurities import soil_accounts, soil_opportunities
from playbook.casemaking.network import densities
from playbook.casemaking.pipeline import clean_opportunities, references
from playbook.casemaking.public import published, resampled
from playbook.casemaking.seeds import COURSE_SEED, Seed, shipped_seed, stream
from playbook.casemaking.shared import customers_home, launch_panel
from playbook.casemaking.truths import truths_of
from playbook.casemaking.write import GENERATOR, write_record, write_table
from playbook.cases.case import WORKED, Case, read_case
from playbook.errors import PlaybookError
from playbook.places import data_root

__all__ = ["COURSE_SEED", "make_case", "make_shared", "make_shipped", "shipped_seed"]


def make_case(adcode: str, seed: Seed, out: str | Path, resample_public: bool = False) -> Case:
    """Make a case for one city in the folder ``out``.

    Args:
        adcode: code of Jinhua or of a trainee's city.
        seed: a whole number, or secret bytes or text. It is written into case.json only where it is the
            stated seed of a shipped case.
        out: the case's folder; made if missing, its tables overwritten.
        resample_public: make an unseen case. Codes and names stay; every number is drawn anew, the public
            figures, home customers and launch panel included; directions and first ranks are contrary to
            the shipped case's.

    Returns:
        The case, ready to use.

    Raises:
        PlaybookError: no case can be made for the code.
    """
    adcode = str(adcode)
    real = published()
    cities = real["cities"].set_index("adcode")
    if adcode not in cities.index or cities.loc[adcode, "role"] == "home":
        known = cities[cities["role"] != "home"]
        raise PlaybookError(
            f"no case can be made for the code {adcode!r}",
            remedy="Use one of "
            + ", ".join(f"{code} ({city})" for code, city in known["city"].items())
            + ".",
        )
    folder = Path(out).expanduser().resolve()
    folder.mkdir(parents=True, exist_ok=True)
    truths = truths_of(adcode, seed, resample_public)
    public = real
    if resample_public:
        public = resampled(stream(seed, "public"), adcode, real)
        for name, frame in public.items():
            write_table(frame, name, folder)
        _write_shared(seed, truths, public, folder)
    clean = clean_accounts(stream(seed, "accounts"), truths, public, adcode)
    accounts = soil_accounts(stream(seed, "impurities of accounts"), clean)
    opportunities = clean_opportunities(stream(seed, "opportunities"), truths, accounts)
    spoken = references(stream(seed, "references"), accounts, opportunities)
    write_table(accounts, "accounts", folder)
    write_table(soil_opportunities(stream(seed, "impurities"), opportunities), "opportunities", folder)
    write_table(spoken, "references", folder)
    write_table(densities(stream(seed, "densities"), truths, public["cities"], adcode), "densities", folder)
    city = cities.loc[adcode]
    shipped = str(seed) == str(shipped_seed(adcode)) and not resample_public
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
    """Write the tables that all shipped cases share: home customers and the launch panel."""
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    _write_shared(seed, truths_of(_worked_code(), shipped_seed(_worked_code())), published(), folder)


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


def _worked_code() -> str:
    cities = published()["cities"]
    return str(cities.loc[cities["role"] == "worked", "adcode"].iloc[0])


def _write_shared(seed: Seed, truths, public, folder: Path) -> None:
    write_table(
        customers_home(stream(seed, "customers"), truths, public["city_workers"]), "customers_home", folder
    )
    write_table(launch_panel(stream(seed, "launch panel"), truths), "launch_panel", folder)
