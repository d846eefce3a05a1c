"""The three densities of a city: management x sales x market, and what they say about a launch.

The source states the law in words: a market is broken open by management density (管理密度) times sales
density (销售密度) times market density (市场密度), and all three must be practised. The source gives no
formula beyond the product; how each density is measured, and the exponents, are ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from playbook.errors import PlaybookError
from playbook.words import N_, _

#: The columns that hold the three densities, in the order in which the source solves them.
FACTORS = ("md", "sd", "kd")
#: What each column is called in words.
FACTOR_NAMES = {"md": N_("management"), "sd": N_("sales"), "kd": N_("market")}


def density(have: Any, need: Any) -> Any:
    """How much of what a city needs is there: ``have / need``.

    Managers per manager required, experienced-equivalent salespeople per salesperson required, covered
    accounts per account worth covering. A density is per need, never per head: five managers are many for
    two teams and few for ten. The source gives no formula; ours is this ratio.

    Args:
        have: what is there, 0 or more; a number or a column.
        need: what the city requires, above 0, in the same unit as ``have``.

    Returns:
        The ratio without a unit: 0 nothing there, 1 exactly enough, above 1 more than needed; missing where one
        of the two is.

    Raises:
        PlaybookError: when ``have`` is negative or ``need`` is not above 0.
    """
    if np.any(np.asarray(have) < 0):
        raise PlaybookError(_("What a city has cannot be negative."), where="have")
    if np.any(np.asarray(need) <= 0):
        raise PlaybookError(
            _("What a city needs must be above zero."),
            where="need",
            remedy=_("a city that needs nobody has no density: leave it out"),
        )
    return have / need


def city_densities(records: pd.DataFrame) -> pd.DataFrame:
    """The three densities of each city, from the company's head counts and lists.

    Management density md = managers ready / managers required; sales density sd = experienced-equivalent
    salespeople / salespeople required by workload; market density kd = accounts covered / accounts that
    fit the ideal customer profile. The source gives no formula; ours are these three ratios (a working
    definition for the course).

    Args:
        records: one row per city with ``city, managers_ready, managers_required, rep_equivalents,
            reps_required, accounts_covered, accounts_icp`` (head counts and numbers of accounts).

    Returns:
        ``city, md, sd, kd`` in the order given; no units.

    Raises:
        PlaybookError: when a column is missing, a count is negative or a requirement is zero.
    """
    _require(records, ["city", *(name for pair in _RATIOS.values() for name in pair)])
    ratios = {factor: density(records[have], records[need]) for factor, (have, need) in _RATIOS.items()}
    return pd.DataFrame({"city": records["city"], **ratios}).reset_index(drop=True)


_RATIOS = {
    "md": ("managers_ready", "managers_required"),
    "sd": ("rep_equivalents", "reps_required"),
    "kd": ("accounts_covered", "accounts_icp"),
}


def breakthrough_index(md: Any, sd: Any, kd: Any, exponents: Sequence[float] = (1, 1, 1)) -> Any:
    """The product law of market breakthrough: ``md**a * sd**b * kd**c``.

    With exponents 1 (the source: the three are multiplied) the index is the plain product. Other exponents
    make it a Cobb-Douglas law, which :func:`fit_breakthrough_law` estimates from data. One zero makes the
    index zero: the three do not replace each other (compare Kremer 1993, the O-ring theory).

    Args:
        md, sd, kd: densities, 0 or more; numbers or columns of equal length.
        exponents: the weights of md, sd and kd, above 0.

    Returns:
        The index without a unit: 1 when every density is 1.

    Raises:
        PlaybookError: when a density is negative or an exponent is not above 0.
    """
    _check_densities(md, sd, kd)
    _check_exponents(exponents)
    a, b, c = exponents
    return md**a * sd**b * kd**c


def additive_index(md: Any, sd: Any, kd: Any) -> Any:
    """The index that would hold if the densities replaced each other: ``(md + sd + kd) / 3``.

    Shown for contrast only. An arithmetic mean hides a zero: a city without one ready manager can still
    look well.

    Args:
        md, sd, kd: densities, 0 or more; numbers or columns of equal length.

    Returns:
        The mean of the three, without a unit.

    Raises:
        PlaybookError: when a density is negative.
    """
    _check_densities(md, sd, kd)
    return (md + sd + kd) / 3


def binding_factor(md: float, sd: float, kd: float, exponents: Sequence[float] = (1, 1, 1)) -> str:
    """The density that holds the city back: the one with the lowest ``density / exponent``.

    A small step on one density raises the index by ``exponent / density`` times the step, as a share of the
    index; so with equal exponents the lowest density binds. Of equal ones the first in the source's order
    is named: management, then sales, then market.

    Args:
        md, sd, kd: the city's densities, 0 or more.
        exponents: of md, sd and kd in the product law, above 0.

    Returns:
        "management", "sales" or "market".

    Raises:
        PlaybookError: when a density is negative or missing, or an exponent is not above 0.
    """
    _check_densities(md, sd, kd)
    _check_exponents(exponents)
    for name, value in zip(FACTORS, (md, sd, kd), strict=True):
        if pd.isna(value):
            raise PlaybookError(
                _("A density is missing, so nobody can say which is the lowest."),
                where=name,
                remedy=_("find the figure, or leave the city out"),
            )
    weighted = [value / exponent for value, exponent in zip((md, sd, kd), exponents, strict=True)]
    return FACTOR_NAMES[FACTORS[weighted.index(min(weighted))]]


def scorecard(records: pd.DataFrame) -> pd.DataFrame:
    """One row per city: the densities, both indices, and the density that binds.

    Args:
        records: as for :func:`city_densities`.

    Returns:
        ``city, md, sd, kd, index, additive, binding``, highest index first (ties in the order given).

    Raises:
        PlaybookError: as :func:`city_densities`, and when a figure is missing.
    """
    card = city_densities(records)
    card["index"] = breakthrough_index(card["md"], card["sd"], card["kd"])
    card["additive"] = additive_index(card["md"], card["sd"], card["kd"])
    card["binding"] = [
        binding_factor(*triple) for triple in card[list(FACTORS)].itertuples(index=False, name=None)
    ]
    return card.sort_values("index", ascending=False, kind="stable").reset_index(drop=True)


def log_contributions(md: Any, sd: Any, kd: Any) -> pd.DataFrame:
    """How far each density pulls the product below 1: ``-ln(density)``, which add up to ``-ln(index)``.

    A logarithm turns the product into a sum, so the parts can be drawn as bars end to end. A density above
    1 gives a negative part: it makes up for the others.

    Args:
        md, sd, kd: densities, above 0; numbers or columns of equal length.

    Returns:
        Columns ``md, sd, kd``, in natural-log units.

    Raises:
        PlaybookError: when a density is 0, negative or missing: it has no logarithm.
    """
    frame = pd.DataFrame(
        {name: np.atleast_1d(value) for name, value in zip(FACTORS, (md, sd, kd), strict=True)}
    )
    if not (frame > 0).all(axis=None):
        raise PlaybookError(
            _("A density of zero, or a missing one, has no logarithm."),
            remedy=_("name the zero density as the binding one; there is nothing to share out"),
        )
    return -np.log(frame) + 0.0


def elasticity_lift(share: float, exponent: float = 1.0) -> float:
    """What a rise of one density does to the index: ``(1 + share) ** exponent - 1``.

    The exponent is the elasticity: 1 % more of that density gives about ``exponent`` per cent more index,
    in every city alike.

    Args:
        share: the rise as a fraction (0.20 for +20 %), above -1.
        exponent: the density's exponent in the product law.

    Returns:
        The rise of the index as a fraction.

    Raises:
        PlaybookError: when ``share`` is -1 or below.
    """
    if not share > -1:
        raise PlaybookError(_("A density cannot fall by 100 % or more."), where="share")
    return (1 + share) ** exponent - 1


def density_lift(
    densities: pd.DataFrame, share: float = 0.20, exponents: Sequence[float] = (1, 1, 1)
) -> pd.DataFrame:
    """What a rise of one density in one city adds to the total index of all cities.

    ``gain = index x ((1 + share)**exponent - 1)``: the city's own index times the lift, so the same
    percentage is worth most where the index is already high and on the density with the highest exponent -
    not where a density is lowest. (One more *person* is another matter: it is the larger percentage where
    few are there.)

    Args:
        densities: columns ``city, md, sd, kd``.
        share: the rise as a fraction, 0.20 for +20 %.
        exponents: of md, sd and kd in the product law.

    Returns:
        ``city, factor, gain`` - one row per city and density ("management", "sales", "market"), gain in
        index points, largest first (ties in the order given).

    Raises:
        PlaybookError: when a column is missing, a density is negative or ``share`` is -1 or below.
    """
    _require(densities, ["city", *FACTORS])
    index = breakthrough_index(densities["md"], densities["sd"], densities["kd"], exponents)
    rows = [
        {"city": city, "factor": FACTOR_NAMES[factor], "gain": value * elasticity_lift(share, exponent)}
        for city, value in zip(densities["city"], index, strict=True)
        for factor, exponent in zip(FACTORS, exponents, strict=True)
    ]
    table = pd.DataFrame(rows, columns=["city", "factor", "gain"])
    return table.sort_values("gain", ascending=False, kind="stable").reset_index(drop=True)


@dataclass(frozen=True)
class BreakthroughFit:
    """A fitted law. For ``form="log-log"``, alpha, beta and gamma are elasticities and k the scale; for
    ``form="levels"`` they are bookings per unit of density and k the intercept.

    Attributes:
        form: "log-log" or "levels".
        k: scale (log-log: ``exp(intercept)``; levels: the intercept), in the unit of the bookings.
        alpha, beta, gamma: coefficients of md, sd and kd.
        standard_errors: of (ln k or k, alpha, beta, gamma).
        r2: share of the variance explained, in the units that were fitted (ln bookings or bookings).
        r2_bookings: squared correlation of predicted with actual bookings, so that two forms compare.
        n: rows used.
    """

    form: str
    k: float
    alpha: float
    beta: float
    gamma: float
    standard_errors: tuple[float, float, float, float]
    r2: float
    r2_bookings: float
    n: int

    @property
    def exponents(self) -> tuple[float, float, float]:
        """alpha, beta and gamma together, to hand to :func:`breakthrough_index`."""
        return self.alpha, self.beta, self.gamma


def fit_breakthrough_law(
    panel: pd.DataFrame, *, bookings: str = "bookings_10k", form: str = "log-log"
) -> BreakthroughFit:
    """Estimate the product law from the records of many cities and months, by least squares.

    Log-log: ``ln B = ln k + a ln md + b ln sd + c ln kd`` (Cobb and Douglas 1928), which is the product law
    ``B = k md**a sd**b kd**c`` after taking logarithms. Levels, for contrast: ``B = k + a md + b sd + c kd``,
    which treats the densities as if they replaced each other. Standard errors are the usual ones for
    independent errors of equal spread; months of one city are not quite independent, so read them as too
    small.

    Args:
        panel: one row per city and month with ``md, sd, kd`` and the column named by ``bookings``.
        bookings: the column to explain; CNY 10,000 a month in the launch panel.
        form: "log-log" or "levels".

    Returns:
        The fit. Natural logarithms are used; base 10 would change k's logarithm and no exponent.

    Raises:
        PlaybookError: when a column is missing, ``form`` is unknown, a value to be logged is not above
            zero, there are fewer than five rows, or the densities do not vary independently.
    """
    columns = [bookings, *FACTORS]
    _require(panel, columns)
    if form not in ("log-log", "levels"):
        raise PlaybookError(
            _("{form!r} is not a form of the law.").format(form=form), remedy=_('use "log-log" or "levels"')
        )
    values = panel[columns].to_numpy(dtype=float)
    if not np.isfinite(values).all():
        raise PlaybookError(
            _("The panel has missing values."), remedy=_("leave those rows out first, with dropna()")
        )
    if form == "log-log":
        if (values <= 0).any():
            bad = columns[int(np.argmax((values <= 0).any(axis=0)))]
            raise PlaybookError(
                _("Zero and negative values have no logarithm."),
                where=f"column {bad}",
                remedy=_("leave those rows out and say so; do not add a small number"),
            )
        values = np.log(values)
    n = len(values)
    if n < 5:
        raise PlaybookError(
            _("{n} rows are too few for four coefficients.").format(n=n), remedy=_("give at least five rows")
        )
    design = np.column_stack([np.ones(n), values[:, 1:]])
    response = values[:, 0]
    coefficients, _residues, rank, _singular = np.linalg.lstsq(design, response, rcond=None)
    if rank < 4:
        raise PlaybookError(
            _("The three densities do not vary independently, so their effects cannot be told apart."),
            remedy=_("use cities that differ in more than one density"),
        )
    predicted = design @ coefficients
    residual = response - predicted
    spread = float(residual @ residual) / (n - 4)
    errors = np.sqrt(np.diag(spread * np.linalg.inv(design.T @ design)))
    actual = panel[bookings].to_numpy(dtype=float)
    in_bookings = np.exp(predicted) if form == "log-log" else predicted
    intercept, alpha, beta, gamma = (float(value) for value in coefficients)
    return BreakthroughFit(
        form=form,
        k=float(np.exp(intercept)) if form == "log-log" else intercept,
        alpha=alpha,
        beta=beta,
        gamma=gamma,
        standard_errors=tuple(float(error) for error in errors),
        r2=_share_explained(response, residual),
        r2_bookings=_squared_correlation(actual, in_bookings),
        n=n,
    )


def _check_densities(*densities: Any) -> None:
    for name, value in zip(FACTORS, densities, strict=True):
        if np.any(np.asarray(value) < 0):
            raise PlaybookError(_("A density cannot be negative."), where=name)


def _check_exponents(exponents: Sequence[float]) -> None:
    if len(exponents) != 3 or not all(exponent > 0 for exponent in exponents):
        raise PlaybookError(_("The law needs three exponents above zero."), where="exponents")


def _require(frame: pd.DataFrame, columns: Sequence[str]) -> None:
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise PlaybookError(
            _("Missing: {columns}.").format(columns=", ".join(missing)),
            where="columns",
            remedy=_("the table must have {columns}").format(columns=", ".join(columns)),
        )


def _share_explained(response: np.ndarray, residual: np.ndarray) -> float:
    total = float(((response - response.mean()) ** 2).sum())
    return 1 - float(residual @ residual) / total if total > 0 else float("nan")


def _squared_correlation(actual: np.ndarray, predicted: np.ndarray) -> float:
    a, p = actual - actual.mean(), predicted - predicted.mean()
    scale = float(a @ a) * float(p @ p)
    return float(a @ p) ** 2 / scale if scale > 0 else float("nan")
