"""Yes and no in a column, however they were written down."""

import pandas as pd

from playbook.errors import PlaybookError
from playbook.words import _

_SAID = {
    "true": True,
    "yes": True,
    "1": True,
    "1.0": True,
    "false": False,
    "no": False,
    "0": False,
    "0.0": False,
}


def is_yes(value: object, unknown: bool | None = None) -> bool:
    """Whether one cell says yes; ``"false"``, as a file may hold it, is no.

    Args:
        value: True or False, 1 or 0, or one of the texts true, false, yes, no in any case.
        unknown: what a missing value counts as; None refuses it.

    Raises:
        PlaybookError: the value is neither yes nor no, or is missing where that is refused.
    """
    if isinstance(value, bool):
        return value
    said = unknown if pd.isna(value) else _SAID.get(str(value).strip().casefold())
    if said is None:
        raise PlaybookError(
            _("{value!r} is neither yes nor no").format(value=value), remedy=_("write True or False")
        )
    return said


def yes_or_no(column: pd.Series, unknown: bool | None = None) -> pd.Series:
    """A column as True and False, cell by cell as :func:`is_yes` reads them.

    Returns:
        Booleans, indexed like ``column``.

    Raises:
        PlaybookError: a value is neither yes nor no, or is missing where that is refused; names its row.
    """
    if pd.api.types.is_bool_dtype(column) and not column.isna().any():
        return column.astype(bool)
    said = []
    for label, value in column.items():
        try:
            said.append(is_yes(value, unknown))
        except PlaybookError as error:
            where = _("column {column}, row {row}").format(column=column.name, row=label)
            raise PlaybookError(error.what, where=where, remedy=error.remedy) from None
    return pd.Series(said, index=column.index, name=column.name, dtype=bool)
