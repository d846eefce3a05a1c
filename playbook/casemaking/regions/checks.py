"""Whether a city's public tables can be right: they add up, their units are what they are said to be, nothing is mixed."""

from __future__ import annotations

import pandas as pd

from playbook.casemaking.breaches import Breaches
from playbook.casemaking.public import published
from playbook.casemaking.regions.figures import Region
from playbook.casemaking.regions.forms import CITY, DISTRICTS, WORKERS
from playbook.cases.columns import SECTIONS
from playbook.market.distances import haversine_km

#: Districts that a city needs, for its exercises on places.
LEAST_DISTRICTS = 4
#: Residents in work as a share of residents; in the thirteen cities that ship 0.43 to 0.62.
_AT_WORK = (0.30, 0.75)
#: How far districts may be from their city: printed figures are rounded.
_OFF = 0.01
#: How far a single section may be off: in the printed tables of Jinhua it is 0.015. From a spread of `_MIXED` on, and in
#: so many sections, two sources must have been mixed.
_SECTION_OFF, _MIXED, _MANY = 0.03, 0.15, 5
#: Output a head, CNY a year; in the cities that ship 83,000 to 207,000 (2023).
_OUTPUT = (10_000, 500_000)
_KM = 250.0
#: A ratio of two figures is taken for a wrong unit where it is this near to a power of ten.
_POWERS = (0.001, 0.01, 0.1, 10.0, 100.0, 1000.0)


def check_region(region: Region, breaches: Breaches) -> None:
    """Note everything that can't be right."""
    _places(region, breaches)
    _people(region, breaches)
    _workers(region, breaches)


def _places(region: Region, breaches: Breaches) -> None:
    city, districts = region.city, region.districts
    cities = published()["cities"].set_index("adcode")
    ships = cities["city"]
    if city["adcode"] in ships.index and cities.loc[city["adcode"], "role"] == "home":
        breaches.add(
            CITY,
            f"{ships[city['adcode']]} is a home market of the company, where nothing is opened",
            "Give the tables of another city",
            city["adcode"],
        )
    elif city["city"].casefold() in set(ships[ships.index != city["adcode"]].str.casefold()):
        breaches.add(
            CITY,
            f"a city of the course is called {city['city']} already",
            "Give it another name, such as with its province's behind",
        )
    elif city["adcode"] in ships.index:
        breaches.add(
            CITY,
            f"{ships[city['adcode']]} is in the course's own tables",
            "Make a case of it without a region: playbook case new",
            city["adcode"],
        )
    codes, counted = set(districts["district_adcode"]), set(region.workers.get("district_adcode", ()))
    for code in sorted(codes - counted):
        breaches.add(WORKERS, "a district without its row", "Give it one, or take it out of both files", code)
    for code in sorted(counted - codes):
        breaches.add(DISTRICTS, "a district of workers.csv that is not there", "Give it a row", code)
    for code in sorted(one for one in codes if one[:4] != city["adcode"][:4]):
        breaches.add(
            DISTRICTS,
            f"codes that do not begin with {city['adcode'][:4]}",
            "Give the districts of this city",
            code,
        )
    if len(codes) < LEAST_DISTRICTS:
        breaches.add(
            DISTRICTS,
            f"{len(codes)} districts: the exercises on places need {LEAST_DISTRICTS}",
            "Give a city without districts its groups of towns, with codes of their own",
        )
    for file, rows in ((CITY, [city]), (DISTRICTS, districts.to_dict("records"))):
        for row in rows:
            name = row.get("district_zh") or row["city_zh"]
            if 73 <= row["lat"] <= 136 and 17 <= row["lon"] <= 54:
                breaches.add(file, "latitude and longitude are exchanged", "Exchange them", name)
            elif not (17 <= row["lat"] <= 54 and 73 <= row["lon"] <= 136):
                breaches.add(file, "a place outside China", "Write degrees, such as 31.82 and 117.23", name)
    if not breaches:
        km = haversine_km(city["lat"], city["lon"], districts["lat"], districts["lon"])
        for name, far in zip(districts["district_zh"], km, strict=True):
            if far > _KM:
                breaches.add(
                    DISTRICTS, f"more than {_KM:.0f} km from the city's centre", "Check its place", name
                )


def _people(region: Region, breaches: Breaches) -> None:
    city = region.city
    total, people = region.districts["population_thousand"].sum(), city["population_2020_thousand"]
    if people < 50:
        breaches.add(
            CITY, f"{people:,.0f} thousand residents are too few for a city", "Check population_unit"
        )
        return
    if abs(total / people - 1) > _OFF:
        breaches.add(
            DISTRICTS,
            f"the districts' residents add up to {total:,.0f} thousand, the city has {people:,.0f}"
            f"{_unit_of(total / people)}",
            "Check that all districts are there, and the unit",
        )
    if city["urban_population_2020_thousand"] > people:
        breaches.add(CITY, "more residents in towns than residents", "Check both")
    if not 0.3 < city["population_2010_thousand"] / people < 3:
        breaches.add(CITY, "residents of 2010 and 2020 do not go together", "Check both")
    for year in (2020, 2023):
        a_head = city[f"gdp_{year}_100m_cny"] * 1e5 / people
        if not _OUTPUT[0] < a_head < _OUTPUT[1]:
            breaches.add(
                CITY,
                f"output {year} would be CNY {a_head:,.0f} a head",
                "Write CNY 100 million (亿元), at current prices",
            )
    density = people * 1000 / max(city["area_km2"], 1e-9)
    if not 1 < density < 15_000:
        breaches.add(CITY, f"{density:,.0f} residents a km²", "Write the area in km²")


def _workers(region: Region, breaches: Breaches) -> None:
    if breaches or region.workers.empty:
        return
    wide = region.workers.set_index("district_adcode")[list(SECTIONS)]
    totals, people = wide.sum(), region.city["population_2020_thousand"]
    share = totals.sum() / people
    if not _AT_WORK[0] < share < _AT_WORK[1]:
        breaches.add(
            WORKERS,
            f"{share:.1%} of the residents would be in work, in other cities it is half{_why_share(share)}",
            "Check workers_unit and sampling_rate in about.yaml",
        )
        return
    if totals["A"] == 0:
        breaches.add(
            WORKERS,
            "nobody works in agriculture (section A): so it is in an economic census, which counts jobs in units",
            "Take the tables of the population census, residents in work",
        )
    if region.printed:
        _as_printed(region, totals, breaches)
    else:
        region.notes.append("no row of workers.csv is the city's own: its total is the sum of its districts")
    own = wide.sum(axis=1) / region.districts.set_index("district_adcode")["population_thousand"]
    for code, one in own.items():
        if not _AT_WORK[0] * 0.7 < one < _AT_WORK[1] * 1.3:
            name = region.districts.set_index("district_adcode").loc[code, "district_zh"]
            breaches.add(
                WORKERS,
                "a district in which hardly anybody or nearly everybody works; jobs in units may be mixed in",
                "Check its row: residents in work, where they live",
                f"{name} {one:.0%}",
            )


def _as_printed(region: Region, totals: pd.Series, breaches: Breaches) -> None:
    """The districts' sum against the city's own row."""
    printed = pd.Series(region.printed)
    whole = totals.sum() / max(printed.sum(), 1e-9)
    off = ((totals + 0.5) / (printed + 0.5) - 1).abs()
    # each district's figure is rounded by itself
    slack = 0.06 * len(region.workers) / (printed + 0.5)
    wrong = [section for section in SECTIONS if off[section] > _SECTION_OFF + slack[section]]
    if abs(whole - 1) <= _OFF and not wrong:
        return
    shown = ", ".join(f"{one}: {totals[one]:,.1f} and {printed[one]:,.1f}" for one in wrong[:5])
    spread = off[wrong].max() - off[wrong].min() if wrong else 0.0
    if len(wrong) >= _MANY and spread > _MIXED:
        breaches.add(
            WORKERS,
            "the districts and the city's own row differ by section, here more, there less: two sources are mixed, such "
            f"as residents in work and jobs in units ({shown}; thousand)",
            "Take all rows from one table of the population census",
        )
    else:
        breaches.add(
            WORKERS,
            f"the districts do not add up to the city's own row{_unit_of(whole)} ({shown}; thousand)",
            "Check that all districts are there, and their figures",
        )


def _unit_of(ratio: float) -> str:
    """What a ratio of two figures says of their units, in words."""
    near = next((power for power in _POWERS if 0.8 < ratio / power < 1.25), None)
    return (
        f"; one of the two is {max(near, 1 / near):g} times the other, as if in another unit" if near else ""
    )


def _why_share(share: float) -> str:
    """What a share of residents in work says of units, in words."""
    if 0.03 < share < 0.075:
        return ": a tenth of that, as if long-form counts were not divided by the sampling rate"
    near = next((power for power in _POWERS if 0.3 < share / power < 0.75), None)
    return f": {near:g} times that, as if in another unit" if near else ""
