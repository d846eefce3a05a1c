"""What a column and a table are, and the columns that several tables have."""

from dataclasses import dataclass

STRING, INTEGER, NUMBER, BOOLEAN, DATE = "text", "whole number", "number", "true/false", "date"


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


def text(name, meaning, **more):
    return Column(name, STRING, meaning, **more)


def whole(name, meaning, unit="", low=0, **more):
    return Column(name, INTEGER, meaning, unit=unit, low=low, **more)


def number(name, meaning, unit="", low=0.0, **more):
    return Column(name, NUMBER, meaning, unit=unit, low=low, **more)


def flag(name, meaning, **more):
    return Column(name, BOOLEAN, meaning, **more)


def date(name, meaning, **more):
    return Column(name, DATE, meaning, **more)


SECTIONS = tuple("ABCDEFGHIJKLMNOPQRS")
CITY = r"\d{6}"
OWNERS = ("private", "foreign", "state", "collective")
RIVALS = ("K1", "K2", "K3", "K4", "K5")
CHANNELS = ("direct", "salon", "referral", "online", "partner")
LAT = {"unit": "degrees", "low": -180, "high": 180}
ADCODE = text("adcode", "The city's administrative code, six digits.", pattern=CITY)
DISTRICT_CODE = text("district_adcode", "The district's administrative code, six digits.", pattern=CITY)
DISTRICT = text("district", "The district's name in pinyin, without tones or apostrophes.")
SECTION = text("section", "Section of industry, a letter A-S.", choices=SECTIONS)
DIVISION = text(
    "division", "Division of industry: the section's letter and two digits.", pattern=r"[A-S]\d\d"
)
MATURITY = whole(
    "it_maturity", "How far the firm uses IT, from 1 (paper) to 5 (integrated systems).", low=1, high=5
)
OWNER = text("owner_type", "Who owns the firm.", choices=OWNERS)
CHANNEL = text("channel", "The sales channel that brought the business.", choices=CHANNELS)
EXPORT = flag("export", "The firm sells abroad.")
