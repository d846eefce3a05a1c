"""The one declaration of every table: columns, types, units, meanings, limits, keys.

The loader, the check of a folder, the data dictionary and the generator all read it from here.
Plain Python: it imports in a browser.
"""

from dataclasses import dataclass

STRING, INTEGER, NUMBER, BOOLEAN, DATE = "text", "whole number", "number", "true/false", "date"

REGISTRY = "the company's account list"
FICTION = "Fictional records of QiHang Cloud (启航云)"
CENSUS = (
    "Seventh National Population Census of China 2020, county tabulation, as compiled by Dong, Du and Liu, "
    "Mapping Evolving Population Geography in China (2022)"
)
CLASSIFICATION = "Industrial classification for national economic activities, GB/T 4754-2017"


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Args:
        name: the heading in the file and in the DataFrame.
        dtype: one of text, whole number, number, true/false, date.
        meaning: what a cell says, in a sentence.
        unit: the unit of a number, "" where there is none.
        missing: what an empty cell means; "" where a cell is never empty.
        choices: the only values allowed.
        low, high: the inclusive limits of a number.
        pattern: a regular expression that a text matches as a whole.
    """

    name: str
    dtype: str
    meaning: str
    unit: str = ""
    missing: str = ""
    choices: tuple = ()
    low: float | None = None
    high: float | None = None
    pattern: str = ""


@dataclass(frozen=True)
class Table:
    """One file: where it lives, its key, its columns, and the columns that point to other tables.

    Args:
        name: the file's name without ``.csv``, and the attribute of a case.
        home: ``case`` (in the case's folder), ``shared`` or ``reference``.
        meaning: what one row is.
        source: who says so.
        key: the columns that together are unique.
        columns: in the order of the file.
        links: column of this table -> (table, column) in which its values must occur.
        optional: a case is complete without it.
    """

    name: str
    home: str
    meaning: str
    source: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    links: tuple[tuple[str, str, str], ...] = ()
    optional: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The column names, in the order of the file."""
        return tuple(column.name for column in self.columns)


def _text(name, meaning, **more):
    return Column(name, STRING, meaning, **more)


def _whole(name, meaning, unit="", low=0, **more):
    return Column(name, INTEGER, meaning, unit=unit, low=low, **more)


def _number(name, meaning, unit="", low=0.0, **more):
    return Column(name, NUMBER, meaning, unit=unit, low=low, **more)


def _flag(name, meaning, **more):
    return Column(name, BOOLEAN, meaning, **more)


def _date(name, meaning, **more):
    return Column(name, DATE, meaning, **more)


_SECTIONS = tuple("ABCDEFGHIJKLMNOPQRS")
_CITY = r"\d{6}"
_OWNERS = ("private", "foreign", "state", "collective")
_RIVALS = ("K1", "K2", "K3", "K4", "K5")
_CHANNELS = ("direct", "salon", "referral", "online", "partner")
_LAT = {"unit": "degrees", "low": -180, "high": 180}
_ADCODE = _text("adcode", "The city's administrative code, six digits.", pattern=_CITY)
_DISTRICT_CODE = _text("district_adcode", "The district's administrative code, six digits.", pattern=_CITY)
_DISTRICT = _text("district", "The district's name in pinyin, without tones or apostrophes.")
_SECTION = _text("section", "Section of industry, a letter A-S.", choices=_SECTIONS)
_DIVISION = _text(
    "division", "Division of industry: the section's letter and two digits.", pattern=r"[A-S]\d\d"
)
_MATURITY = _whole(
    "it_maturity", "How far the firm uses IT, from 1 (paper) to 5 (integrated systems).", low=1, high=5
)
_OWNER = _text("owner_type", "Who owns the firm.", choices=_OWNERS)
_CHANNEL = _text("channel", "The sales channel that brought the business.", choices=_CHANNELS)
_EXPORT = _flag("export", "The firm sells abroad.")

_ACCOUNTS = Table(
    "accounts",
    "case",
    "One business in the city that the company has on its list.",
    FICTION,
    ("account_id",),
    (
        _text("account_id", "The account's number.", pattern=r"A\d{5}"),
        _text("name", "The firm's (invented) name."),
        _DISTRICT_CODE,
        _DISTRICT,
        Column("lat", NUMBER, "Latitude of the firm's address.", **_LAT),
        Column("lon", NUMBER, "Longitude of the firm's address.", **_LAT),
        _SECTION,
        _DIVISION,
        _whole("employees", "People employed.", "persons", low=1, missing="The firm did not say."),
        _number("revenue_10k", "Revenue of the last year.", "CNY 10,000 a year"),
        _whole("founded", "Year of registration.", "year", low=1949, high=2025),
        _EXPORT,
        _MATURITY,
        _OWNER,
        _text(
            "comp_installed",
            "The competitor whose product is in use.",
            choices=_RIVALS,
            missing="No competitor's product is in use.",
        ),
        _flag("decision_maker_known", "The company knows by name who decides."),
        _text(
            "source", "Where the account came from.", choices=("registry", "exhibition", "referral", "web")
        ),
        _flag("need", "In the first survey the firm said that it needs the product."),
        _whole("visits_12m", "Visits by the company in the 12 months before the first survey.", "visits"),
        _whole("contacts", "People at the firm whom the company had met before the first survey.", "persons"),
        _flag("quote_asked", "The firm has asked for a price since the first survey."),
    ),
    links=(("district_adcode", "districts", "district_adcode"), ("section", "sections", "section")),
)

_OPPORTUNITIES = Table(
    "opportunities",
    "case",
    "One chance of a sale, from first talk to won, lost or still open.",
    FICTION,
    ("opportunity_id",),
    (
        _text("opportunity_id", "The opportunity's number.", pattern=r"O\d{5}"),
        _text("account_id", "The account that may buy.", pattern=r"A\d{5}"),
        _text("rep_id", "The sales representative.", pattern=r"R\d{3}"),
        _date("created", "The day on which it was opened."),
        _text("stage", "The furthest stage reached, S1 to S5.", choices=("S1", "S2", "S3", "S4", "S5")),
        _number("amount_cny", "Annual contract value asked for.", "CNY a year"),
        _text("grade", "The representative's grade of the account when opening.", choices=("A", "B", "C")),
        _CHANNEL,
        _text("competitor", "The competitor met.", choices=(*_RIVALS, "none")),
        _text("status", "How it stands.", choices=("won", "lost", "open")),
        _text(
            "loss_reason",
            "Why it was lost.",
            choices=("price", "competitor", "no_decision", "timing"),
            missing="It was not lost.",
        ),
        _date("closed", "The day on which it was won or lost.", missing="It is still open."),
        _whole(
            "cycle_days",
            "Days from opening to closing; known only after closing.",
            "days",
            missing="It is still open.",
        ),
    ),
    links=(("account_id", "accounts", "account_id"),),
)

_REFERENCES = Table(
    "references",
    "case",
    "One time that a customer (the referrer) spoke for the company to a prospect.",
    FICTION,
    ("reference_id",),
    (
        _text("reference_id", "The reference's number.", pattern=r"F\d{5}"),
        _text("referrer_id", "The account that spoke for the company.", pattern=r"A\d{5}"),
        _text("prospect_id", "The account that listened.", pattern=r"A\d{5}"),
        _date("date", "The day of the reference."),
        _number("influence", "How much the prospect says it counted, 0 (nothing) to 1.", high=1),
        _flag("converted", "The prospect became a customer."),
        _number("years_to_convert", "Time from the reference to the (expected) contract.", "years"),
        _number("clv_cny", "The prospect's customer lifetime value, not discounted.", "CNY"),
    ),
    links=(("referrer_id", "accounts", "account_id"), ("prospect_id", "accounts", "account_id")),
)

_DENSITIES = Table(
    "densities",
    "case",
    "One city in which the company is opening: what it has, and what it would need.",
    FICTION,
    ("adcode",),
    (
        _text("city", "The city's name in pinyin."),
        _ADCODE,
        _whole("managers_ready", "Managers ready to lead a region there.", "persons"),
        _whole("managers_required", "Managers that the plan asks for.", "persons", low=1),
        _whole("reps", "Sales representatives on the payroll.", "persons"),
        _number("rep_equivalents", "The same, counted as experienced representatives.", "persons"),
        _whole("reps_required", "Experienced representatives that the workload asks for.", "persons", low=1),
        _whole("accounts_icp", "Accounts that fit the ideal customer profile.", "accounts", low=1),
        _whole("accounts_covered", "Of these, accounts with a running relation.", "accounts"),
        _whole("accounts_a", "Of the covered ones, accounts graded A.", "accounts"),
        _whole("bench_m0", "Candidates on the bench: level M0.", "persons"),
        _whole("bench_m1", "Candidates on the bench: level M1.", "persons"),
        _whole("bench_m15", "Candidates on the bench: level M1.5.", "persons"),
    ),
    links=(("adcode", "cities", "adcode"),),
)

_CUSTOMERS = Table(
    "customers_home",
    "shared",
    "One customer, present or past, in the company's home markets.",
    FICTION,
    ("customer_id",),
    (
        _text("customer_id", "The customer's number.", pattern=r"H\d{5}"),
        _text("name", "The firm's (invented) name."),
        _text("home_city", "The home market.", choices=("Hangzhou", "Ningbo", "Shaoxing")),
        _SECTION,
        _DIVISION,
        _whole("employees", "People employed.", "persons", low=1),
        _number("revenue_10k", "Revenue of the last year.", "CNY 10,000 a year"),
        _EXPORT,
        _MATURITY,
        _OWNER,
        _date("start", "First day of the contract."),
        _number("acv_cny", "Annual contract value.", "CNY a year"),
        _CHANNEL,
        _number("health", "Health of the relation, 0 (about to leave) to 1.", high=1),
        _flag("reference_ok", "The customer agrees to be named as a reference."),
        _date("churn_date", "The day on which the customer left.", missing="Still a customer."),
    ),
    links=(("section", "sections", "section"),),
)

_PANEL = Table(
    "launch_panel",
    "shared",
    "One fictional, unnamed city in one month.",
    FICTION,
    ("city_id", "month"),
    (
        _text("city_id", "The fictional city.", pattern=r"L\d\d"),
        _whole("month", "Month of the panel, 1 to 24.", "month", low=1, high=24),
        _flag("treated", "The launch programme ran in this city at some time."),
        _whole(
            "launch_month",
            "The first month of the programme.",
            "month",
            low=1,
            high=24,
            missing="Never launched.",
        ),
        _number("bookings_10k", "Contracts signed in the month.", "CNY 10,000"),
        _number("md", "Manager density: managers ready over managers required.", "ratio"),
        _number("sd", "Sales density: experienced-equivalent representatives over required.", "ratio"),
        _number("kd", "Key-account density: covered accounts over ideal accounts.", "ratio"),
    ),
)

_CITIES = Table(
    "cities",
    "reference",
    "One city: the three home markets, the worked example, the twelve trainees' cities.",
    CENSUS + "; municipal statistical bulletins 2020 and 2023 (GDP); China City Statistical Yearbook (area); "
    "GeoNames, CC BY 4.0 (coordinates)",
    ("adcode",),
    (
        _ADCODE,
        _text("city", "The city's name in pinyin."),
        _text("city_zh", "The city's name in Chinese."),
        _text("province", "Province."),
        _text("belt", "Economic belt.", choices=("East", "Central", "West", "Northeast")),
        _text("level", "Administrative level.", choices=("prefecture", "subprovincial", "municipality")),
        _text("role", "Its part in the course.", choices=("home", "worked", "trainee")),
        _number("lat", "Latitude of the city's centre.", "degrees", high=90),
        _number("lon", "Longitude of the city's centre.", "degrees", high=180),
        _whole("area_km2", "Area.", "km²", low=1),
        _whole("population_2020_thousand", "Residents, 1 November 2020.", "1,000 persons"),
        _whole("urban_population_2020_thousand", "Residents in towns, 2020.", "1,000 persons"),
        _whole("population_2010_thousand", "Residents, 1 November 2010.", "1,000 persons"),
        _number("gdp_2020_100m_cny", "Gross domestic product 2020, current prices.", "CNY 100 million"),
        _number("gdp_2023_100m_cny", "Gross domestic product 2023, current prices.", "CNY 100 million"),
    ),
)

_WORKERS = _number(
    "workers_thousand",
    "Residents in work, the self-employed included. Not jobs in firms.",
    "1,000 persons",
)

_CITY_WORKERS = Table(
    "city_workers",
    "reference",
    "Residents of one city who work in one section; adcode 000000 is the nation.",
    CENSUS,
    ("adcode", "section"),
    (_ADCODE, _text("city", "The city's name in pinyin, or China."), _SECTION, _WORKERS),
    links=(("section", "sections", "section"),),
)


def _group(name, label):
    return _number(
        f"workers_{name}_thousand", f"Residents in work in {label}, agriculture left out.", "1,000 persons"
    )


_DISTRICTS = Table(
    "districts",
    "reference",
    "One district, county or county-level city of the thirteen target cities.",
    CENSUS + "; centroids of districts (coordinates)",
    ("district_adcode",),
    (
        _DISTRICT_CODE,
        _ADCODE,
        _DISTRICT,
        _text("district_zh", "The district's name in Chinese."),
        _number("lat", "Latitude of the district's centre.", "degrees", high=90),
        _number("lon", "Longitude of the district's centre.", "degrees", high=180),
        _whole("population_thousand", "Residents, 1 November 2020.", "1,000 persons"),
        _group("manufacturing", "section C"),
        _group("construction", "section E"),
        _group("trade", "section F"),
        _group("transport", "section G"),
        _group("business_services", "sections I, J, L and M"),
        _group("other", "sections B, D, H, K and N-S"),
    ),
    links=(("adcode", "cities", "adcode"),),
)

_DISTRICT_WORKERS = Table(
    "district_workers",
    "reference",
    "Residents of one district of Jinhua who work in one section.",
    CENSUS,
    ("district_adcode", "section"),
    (_ADCODE, _DISTRICT_CODE, _DISTRICT, _SECTION, _WORKERS),
    links=(
        ("district_adcode", "districts", "district_adcode"),
        ("section", "sections", "section"),
    ),
)

_SECTION_NAMES = Table(
    "sections",
    "reference",
    "One section of industry.",
    CLASSIFICATION,
    ("section",),
    (
        _SECTION,
        _text("name", "Its name in English."),
        _text("name_short", "A short name for figures."),
        _text("name_zh", "Its name in the standard."),
        _text(
            "group",
            "The group of sections in the districts table.",
            choices=(
                "agriculture",
                "manufacturing",
                "construction",
                "trade",
                "transport",
                "business_services",
                "other",
            ),
        ),
    ),
)

_DIVISION_NAMES = Table(
    "divisions",
    "reference",
    "One division of industry that occurs in the company's records.",
    CLASSIFICATION,
    ("division",),
    (
        _DIVISION,
        _SECTION,
        _text("name", "A short name in English."),
        _text("name_zh", "Its name in the standard."),
    ),
    links=(("section", "sections", "section"),),
)

_NATIONAL = Table(
    "national",
    "reference",
    "One national figure.",
    "National Bureau of Statistics, Fourth (2018) and Fifth (2023) National Economic Census",
    ("fact",),
    (
        _text("fact", "The figure's name in code."),
        _text("name", "The figure in words."),
        _number("value", "The figure."),
        _text("unit", "Its unit."),
        _whole("year", "At the end of this year.", "year", low=1949, high=2100),
    ),
)

#: Every table, by name.
SCHEMA: dict[str, Table] = {
    table.name: table
    for table in (
        _ACCOUNTS,
        _OPPORTUNITIES,
        _REFERENCES,
        _DENSITIES,
        _CUSTOMERS,
        _PANEL,
        _CITIES,
        _CITY_WORKERS,
        _DISTRICTS,
        _DISTRICT_WORKERS,
        _SECTION_NAMES,
        _DIVISION_NAMES,
        _NATIONAL,
    )
}
