"""A case made ready for the simulator: firms in need one by one, firms without need by kind, places."""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pandas as pd

from playbook.errors import PlaybookError
from playbook.market.distances import haversine_km
from playbook.market.traits import TRAITS, trait_flags
from playbook.simulator.parameters import Parameters
from playbook.words import _

#: Upper ends of the bands of people by which the value of a contract is looked up.
BANDS = (10, 50, 200)
#: What two entries of one firm have in common.
_ONE_FIRM = ["district_adcode", "division", "founded", "revenue_10k"]
#: An address further from its district's middle than this is a mistake, km.
_WRONG_KM = 60.0


@dataclass(frozen=True)
class City:
    """One city, as if nobody had sold there yet.

    Firms in need are arrays of length F, ordered by district; each stands for `copies` firms. Firms without need
    are arrays of length G: kinds of firms, with how many there are of each. D districts, S sections, by number.

    Args:
        name: the case's name. fingerprint: of the case.
        districts: names, length D. sections: letters, length S.
        copies: firms that one listed account stands for.
        district, section: of each listed firm in need, numbers, F.
        traits: F × 9, in the order of `TRAITS`; nobody has asked for a quote before the first visit.
        named: the decision maker is known; `rival`: a rival's product runs; `modern`: IT maturity 3 or more; F.
        score: how far a firm's traits speak for need, F; mean 0 and standard deviation 1 over the firms in need.
        value: contract value of a year, thousand CNY, F.
        other_district, other_section, other_traits, other_named, other_rival: the same for kinds without need.
        other_count: firms of each such kind, G.
        km: straight distances between districts, D × D. area_km2: where a district's firms are, D.
        rivals: strength of rivals, 1 where it is average, D.
        seat: district in which the city government sits.
    """

    name: str
    fingerprint: str
    districts: tuple[str, ...]
    sections: str
    copies: int
    district: np.ndarray
    section: np.ndarray
    traits: np.ndarray
    named: np.ndarray
    rival: np.ndarray
    modern: np.ndarray
    score: np.ndarray
    value: np.ndarray
    other_district: np.ndarray
    other_section: np.ndarray
    other_traits: np.ndarray
    other_named: np.ndarray
    other_rival: np.ndarray
    other_count: np.ndarray
    km: np.ndarray
    area_km2: np.ndarray
    rivals: np.ndarray
    seat: int

    def __post_init__(self) -> None:
        keep_still(self)

    @property
    def firms(self) -> int:
        """Listed firms in need, F."""
        return len(self.district)

    @property
    def need(self) -> np.ndarray:
        """Firms in need by district, D; copies counted."""
        return self.copies * np.bincount(self.district, minlength=len(self.districts))

    def numbers(self, names: tuple[str, ...]) -> list[int]:
        """Districts by number."""
        return [self.districts.index(name) for name in names]


def keep_still(thing: Any) -> None:
    """Let nobody write into a thing's arrays: what is worked out from them is kept."""
    for field in fields(thing):
        if isinstance(value := getattr(thing, field.name), np.ndarray):
            value.setflags(write=False)


def make_city(case: Any, parameters: Parameters | None = None) -> City:
    """Make a case ready; reads `accounts`, `customers_home`, `districts`, `cities` and `rivals`, no other table.

    Args:
        case: a :class:`playbook.cases.Case`, shipped, unseen or imported.

    Raises:
        PlaybookError: no account of the case is in need.
    """
    p = parameters or Parameters()
    accounts = case.accounts.drop_duplicates(_ONE_FIRM)
    places = case.districts.set_index("district_adcode")
    codes = sorted(accounts["district_adcode"].unique())
    order = pd.Categorical(accounts["district_adcode"], codes).codes
    accounts = accounts.iloc[np.argsort(order, kind="stable")].reset_index(drop=True)
    need = accounts["need"].to_numpy(bool)
    if not need.any():
        raise PlaybookError(
            _("no account of this case is in need, so there is nobody to sell to"),
            where=str(case.name),
            remedy=_("Check the column need of the table accounts."),
        )
    sections = "".join(sorted(accounts["section"].unique()))
    district = pd.Categorical(accounts["district_adcode"], codes).codes.astype(np.intp)
    section = pd.Categorical(accounts["section"], list(sections)).codes.astype(np.intp)
    staff = accounts["employees"].astype("Float64").fillna(p.unknown_staff).to_numpy(float)
    traits = trait_flags(accounts).to_numpy(bool, copy=True)
    traits[:, list(TRAITS).index("asked for a quote")] = False
    modern = traits[:, list(TRAITS).index("IT maturity 3 or more")]
    rival = ~traits[:, list(TRAITS).index("no competitor installed")]
    named = accounts["decision_maker_known"].fillna(False).to_numpy(bool)
    middle = places.loc[codes, ["lat", "lon"]].to_numpy(float)
    kinds, count = np.unique(
        np.column_stack([district, section, named, rival, traits])[~need], axis=0, return_counts=True
    )
    return City(
        name=case.name,
        fingerprint=case.fingerprint,
        districts=tuple(places.loc[codes, "district"]),
        sections=sections,
        copies=p.firms_per_listed,
        district=district[need],
        section=section[need],
        traits=traits[need],
        named=named[need],
        rival=rival[need],
        modern=modern[need],
        score=_score(traits, need),
        value=_contract_values(case.customers_home)[np.digitize(staff, BANDS)][need],
        other_district=kinds[:, 0].astype(np.intp),
        other_section=kinds[:, 1].astype(np.intp),
        other_named=kinds[:, 2].astype(bool),
        other_rival=kinds[:, 3].astype(bool),
        other_traits=kinds[:, 4:].astype(bool),
        other_count=count * float(p.firms_per_listed),
        km=haversine_km(middle[:, :1], middle[:, 1:], middle[:, 0], middle[:, 1]),
        area_km2=_areas(accounts, district, middle),
        rivals=_rival_strength(case.rivals, codes, np.bincount(district[need], minlength=len(codes)), p),
        seat=_seat(case, middle),
    )


def _score(traits: np.ndarray, need: np.ndarray) -> np.ndarray:
    """Sum over a firm's traits of the log odds of need with and without each (chapter 5), standardised; F."""
    odds = [_odds(need[has]) / _odds(need[~has]) for has in traits.T]
    score = traits[need] @ np.log(odds)
    return (score - score.mean()) / max(score.std(), 1e-9)


def _odds(need: np.ndarray) -> float:
    return (need.sum() + 0.5) / ((~need).sum() + 0.5)


def _contract_values(home: pd.DataFrame) -> np.ndarray:
    """Mean contract value by band of people, thousand CNY; a band without customers takes that below it."""
    band = np.digitize(home["employees"].to_numpy(float), BANDS)
    means = home["acv_cny"].groupby(band).mean().reindex(range(len(BANDS) + 1))
    return means.ffill().bfill().to_numpy(float) / 1000


def _areas(accounts: pd.DataFrame, district: np.ndarray, middle: np.ndarray) -> np.ndarray:
    """Area in which a district's firms are: a circle of twice the middle distance from its centre, km²."""
    away = haversine_km(
        accounts["lat"].to_numpy(float),
        accounts["lon"].to_numpy(float),
        middle[district, 0],
        middle[district, 1],
    )
    known = pd.Series(away).where(away < _WRONG_KM)
    return np.pi * (2 * known.groupby(district).median().fillna(known.median()).to_numpy(float)) ** 2


def _rival_strength(sellers: pd.DataFrame, codes: list[str], need: np.ndarray, p: Parameters) -> np.ndarray:
    """Rivals' sellers in a district against what its need would let expect, drawn towards 1."""
    theirs = sellers[sellers["seller_of"] != "ours"].groupby("district_adcode")["sellers"].sum()
    here = theirs.reindex(codes).fillna(0).to_numpy(float)
    expected = here.sum() * need / need.sum()
    return (here + p.rival_sellers) / (expected + p.rival_sellers)


def _seat(case: Any, middle: np.ndarray) -> int:
    """The district nearest to the city government."""
    seat = case.cities.set_index("adcode").loc[case.adcode, ["lat", "lon"]].to_numpy(float)
    return int(np.argmin(haversine_km(middle[:, 0], middle[:, 1], seat[0], seat[1])))
