"""A case: one city's public figures and the company's records there."""

import json
import os
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from playbook import places
from playbook.cases.schema import SCHEMA
from playbook.cases.tables import read_table
from playbook.errors import PlaybookError
from playbook.kept import once_a_case
from playbook.places import data_root
from playbook.words import _

WORKED = "jinhua"
NATION = "000000"
_REQUIRED = ("case", "adcode", "city", "city_zh", "tables", "fingerprint")


@dataclass(frozen=True)
class Case:
    """One city to open. Every table is an attribute and comes as a fresh DataFrame.

    Args:
        name: the case's short name, e.g. ``"jiaxing"``.
        adcode: the city's administrative code, text of six digits.
        city: the city's name in pinyin.
        city_zh: the city's name in Chinese.
        role: ``worked`` or ``trainee``.
        fingerprint: SHA-256 over the SHA-256 of the tables; two cases with one fingerprint have one content.
        folder: where its own tables are.
    """

    name: str
    adcode: str
    city: str
    city_zh: str
    role: str
    fingerprint: str
    folder: Path

    def table(self, name: str) -> pd.DataFrame:
        """The table ``name``: the case's own, else the shared one, else the public one.

        Raises:
            PlaybookError: there is no such table.
        """
        return read_table(self.path(name), name)

    def path(self, name: str) -> Path:
        """The file in which the table ``name`` is found."""
        places.fetch_case(self.name, name)
        return find_table(self.folder, name)

    @property
    def accounts(self) -> pd.DataFrame:
        """The businesses on the company's list in this city."""
        return self.table("accounts")

    @property
    def opportunities(self) -> pd.DataFrame:
        """The company's chances of a sale in this city."""
        return self.table("opportunities")

    @property
    def references(self) -> pd.DataFrame:
        """Who spoke for the company to whom."""
        return self.table("references")

    @property
    def densities(self) -> pd.DataFrame:
        """Managers, representatives and customers, had and needed, in this city and five pilot cities."""
        return self.table("densities")

    @property
    def customers_home(self) -> pd.DataFrame:
        """The company's customers in its home markets."""
        return self.table("customers_home")

    @property
    def launch_panel(self) -> pd.DataFrame:
        """Thirty-two fictional cities over 24 months."""
        return self.table("launch_panel")

    @property
    def assumptions(self) -> pd.DataFrame:
        """What things cost and how long they take in this city: a usual value and its range."""
        return self.table("assumptions")

    @property
    def lead_lists(self) -> pd.DataFrame:
        """Three lists of the firms of the test district: the company's, an exhibition's, the chamber's."""
        return self.table("lead_lists")

    @property
    def unit_sizes(self) -> pd.DataFrame:
        """People in a firm by section: published for manufacturing, assumed for the others."""
        return self.table("unit_sizes")

    @property
    def win_loss(self) -> pd.DataFrame:
        """Interviews after offers: whom we met, how it ended, and why, by seller and by buyer."""
        return self.table("win_loss")

    @property
    def rivals(self) -> pd.DataFrame:
        """Sellers by district: each competitor's, and our own."""
        return self.table("rivals")

    @property
    def launch_options(self) -> pd.DataFrame:
        """Six cities that may be opened next: what each holds, costs and takes."""
        return self.table("launch_options")

    @property
    def judgements(self) -> pd.DataFrame:
        """How three judges compare what a city is chosen by, two criteria at a time."""
        return self.table("judgements")

    @property
    def bench(self) -> pd.DataFrame:
        """Sixty people who may be posted or promoted."""
        return self.table("bench")

    @property
    def bench_moves(self) -> pd.DataFrame:
        """How many people went from level to level in the four quarters of the last year."""
        return self.table("bench_moves")

    @property
    def call_plan(self) -> pd.DataFrame:
        """Accounts by grade in the area that opens first, and the visits each is to get."""
        return self.table("call_plan")

    @property
    def sellers(self) -> pd.DataFrame:
        """Newcomers of the last launches: when they came and left, and whether a veteran sat in the group."""
        return self.table("sellers")

    @property
    def seller_months(self) -> pd.DataFrame:
        """What these newcomers signed, month by month."""
        return self.table("seller_months")

    @property
    def hiring_plan(self) -> pd.DataFrame:
        """How many start in each of the first twelve months, by the director's draft."""
        return self.table("hiring_plan")

    @property
    def veterans(self) -> pd.DataFrame:
        """Veterans who could move, how they sell, and how well each fits four groups."""
        return self.table("veterans")

    @property
    def calendar(self) -> pd.DataFrame:
        """Every day of two years, and whether it is worked."""
        return self.table("calendar")

    @property
    def month_share(self) -> pd.DataFrame:
        """How twelve past months filled, by the working days that were left."""
        return self.table("month_share")

    @property
    def month_days(self) -> pd.DataFrame:
        """Contracts of the running month, day by day up to today."""
        return self.table("month_days")

    @property
    def board(self) -> pd.DataFrame:
        """The board in the office: what each seller has signed and has on the way."""
        return self.table("board")

    @property
    def visit_reports(self) -> pd.DataFrame:
        """What each seller's daily reports of three months say, and what the phone's position says."""
        return self.table("visit_reports")

    @property
    def stops(self) -> pd.DataFrame:
        """Fourteen customers who can be visited tomorrow."""
        return self.table("stops")

    @property
    def city_months(self) -> pd.DataFrame:
        """This city and four pilots, month by month: sellers, visits, A and B firms, contracts and where from."""
        return self.table("city_months")

    @property
    def channel_months(self) -> pd.DataFrame:
        """Money, leads and contracts of four ways to sell in the last twelve months."""
        return self.table("channel_months")

    @property
    def channel_curves(self) -> pd.DataFrame:
        """What a quarter's money brings in each way to sell, as the company estimates."""
        return self.table("channel_curves")

    @property
    def salons(self) -> pd.DataFrame:
        """The salons of the last year: cost, guests, contracts."""
        return self.table("salons")

    @property
    def quarters(self) -> pd.DataFrame:
        """The first year of six cities, quarter by quarter: revenue, costs, customers, pipeline, managers."""
        return self.table("quarters")

    @property
    def cohorts(self) -> pd.DataFrame:
        """The customers of five years by channel: how many of them were left year by year."""
        return self.table("cohorts")

    @property
    def cities(self) -> pd.DataFrame:
        """Public figures of sixteen cities."""
        return self.table("cities")

    @property
    def city_workers(self) -> pd.DataFrame:
        """Residents in work by city and section, in thousands; adcode 000000 is the nation."""
        return self.table("city_workers")

    @property
    def districts(self) -> pd.DataFrame:
        """Public figures of the districts of thirteen cities."""
        return self.table("districts")

    @property
    def sections(self) -> pd.DataFrame:
        """The names of the sections of industry."""
        return self.table("sections")

    @property
    def workers(self) -> pd.DataFrame:
        """Section × (section, city_workers, nation_workers), in thousands: the city beside the nation."""
        return _workers(self).copy()

    @property
    def city_districts(self) -> pd.DataFrame:
        """The rows of :attr:`districts` that belong to this city."""
        districts = self.districts
        return districts[districts["adcode"] == self.adcode].reset_index(drop=True)

    def __str__(self) -> str:
        return f"{self.city} ({self.city_zh})"


@once_a_case
def _workers(case: Case) -> pd.DataFrame:
    wide = case.city_workers.pivot(index="section", columns="adcode", values="workers_thousand")
    frame = wide[[case.adcode, NATION]].reset_index()
    frame.columns = pd.Index(["section", "city_workers", "nation_workers"])
    return frame


def find_table(folder: Path, name: str) -> Path:
    """The file of the table ``name`` for a case's folder: its own, else shared, else reference.

    Raises:
        PlaybookError: no table has that name.
    """
    if name not in SCHEMA:
        raise PlaybookError(
            _("there is no table {name!r}").format(name=name),
            remedy=_("The tables are: {tables}.").format(tables=", ".join(SCHEMA)),
        )
    own = Path(folder) / f"{name}.csv"
    home = SCHEMA[name].home
    if home == "case" or own.is_file():
        return own
    return data_root() / home / f"{name}.csv"


def read_case(folder: str | Path) -> Case:
    """The case in a folder, its tables unread until they are asked for.

    Raises:
        PlaybookError: the folder has no readable case.json.
    """
    folder = Path(folder).expanduser().resolve()
    record = read_record(folder)
    return Case(
        name=record["case"],
        adcode=record["adcode"],
        city=record["city"],
        city_zh=record["city_zh"],
        role=record.get("role", "trainee"),
        fingerprint=record["fingerprint"],
        folder=folder,
    )


def read_record(folder: Path) -> dict:
    """What case.json says.

    Raises:
        PlaybookError: it is missing, is not JSON, or lacks an entry.
    """
    path = Path(folder) / "case.json"
    remedy = _("Make a case with `playbook case new`, or name a folder that holds one.")
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PlaybookError(
            _("no case here: case.json is missing"), where=str(folder), remedy=remedy
        ) from None
    except (OSError, ValueError) as error:
        raise PlaybookError(
            _("case.json cannot be read: {error}").format(error=error), where=str(path), remedy=remedy
        ) from None
    if not isinstance(record, dict) or (lacking := [key for key in _REQUIRED if not record.get(key)]):
        missing = ", ".join(lacking) if isinstance(record, dict) else _("everything")
        raise PlaybookError(
            _("case.json lacks: {missing}").format(missing=missing), where=str(path), remedy=remedy
        )
    return record


def list_cases() -> list[Case]:
    """The cases that ship: the worked example first, then the trainees' cities by name."""
    folders = sorted(path.parent for path in (data_root() / "cases").glob("*/case.json"))
    return sorted(
        (read_case(folder) for folder in folders), key=lambda case: (case.role != "worked", case.name)
    )


def find_case(name: str | Path) -> Case:
    """A shipped case by its name, code, city or Chinese name; or the case in a folder.

    Raises:
        PlaybookError: no case is called that.
    """
    wanted = unicodedata.normalize("NFKC", str(name)).strip().casefold()
    folder = data_root() / "cases" / wanted
    if wanted.isalnum() and _holds_case(str(folder)):
        return read_case(folder)
    cases = list_cases()
    for case in cases:
        if wanted in {case.name, case.adcode, case.city.casefold(), case.city_zh, case.city_zh.rstrip("市")}:
            return case
    if _holds_case(str(name)):
        return read_case(str(name))
    raise PlaybookError(
        _("there is no case {name!r}").format(name=str(name)),
        remedy=_("Use one of {cases}, or the path of a case's folder.").format(
            cases=", ".join(case.name for case in cases)
        ),
    )


def _holds_case(path: str) -> bool:
    try:
        return (Path(path).expanduser() / "case.json").is_file()
    except (OSError, ValueError, RuntimeError):  # too long a name, a NUL in it, no such user
        return False


_current: list[Case] = []
_held: list[Case] = []


def held_case() -> Case | None:
    """The case that grading holds fixed, whatever a notebook asks for: `use_case`, else PLAYBOOK_CASE."""
    if _held:
        return _held[-1]
    folder = os.environ.get("PLAYBOOK_CASE")
    return read_case(folder) if folder else None


@contextmanager
def use_case(case: Case) -> Iterator[Case]:
    """Hold ``case`` as the current one inside a ``with`` block, whatever `open_case` is given."""
    _held.append(case)
    try:
        yield case
    finally:
        _held.pop()


def make_current(case: Case) -> Case:
    """Remember ``case`` as the one that `load_case()` gives."""
    _current[:] = [case]
    return case


def load_case(name: str | Path | None = None) -> Case:
    """The current case, or the one called ``name`` (``load_case("jinhua")``).

    Without a name: the case that grading holds, else the last opened, else Jinhua. While grading holds a case
    of the named city, that one is meant.

    Raises:
        PlaybookError: no case is called that.
    """
    held = held_case()
    if name is not None:
        named = find_case(name)
        return held if held and held.adcode == named.adcode else named
    return held or (_current[0] if _current else find_case(WORKED))
