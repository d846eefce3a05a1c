"""What rules read of a case: facts of a city, each computed once and only if a rule asks for it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import pandas as pd

from playbook.chapters.base_area.problem import area_of
from playbook.chapters.city_choice.problem import LaunchProblem, launch_problem
from playbook.chapters.market_capacity.problem import Capacity, capacity_of
from playbook.chapters.staffing.problem import StaffingProblem, staffing_problem
from playbook.market.bases import BaseArea, km_to_offices
from playbook.market.benchmark import BenchmarkProblem, benchmark_problem
from playbook.market.entry import like_for_like
from playbook.market.industry import industry_table
from playbook.market.phases import city_signs, phases_of
from playbook.market.traits import TRAITS, trait_flags
from playbook.simulator.city import make_city
from playbook.simulator.policies import entry_sections

#: Below which share of the workers a section is small, and below how many decided deals its win rate is luck;
#: chapter 3's two checks.
SMALL, FEW = 0.03, 80


class City:
    """The facts of one case that plans are held against."""

    def __init__(self, case: Any):
        self.case = case

    @property
    def name(self) -> str:
        """The city, as tables of several cities call it."""
        return self.case.city

    @cached_property
    def usual(self) -> dict[str, float]:
        """The usual values of the case's assumptions, by name."""
        table = self.case.assumptions
        return dict(zip(table["name"], table["usual"].astype(float), strict=True))

    @cached_property
    def districts(self) -> list[str]:
        """The city's districts."""
        return list(self.case.city_districts["district"])

    def known(self, names: list[str], among: list[str] | None = None) -> list[str]:
        """Which of some names are districts of the city, spelt as the city spells them, in the order given."""
        spelt = {one.casefold(): one for one in (self.districts if among is None else among)}
        return list(dict.fromkeys(spelt[one.casefold()] for one in names if one.casefold() in spelt))

    # The market

    @cached_property
    def capacity(self) -> Capacity:
        """What chapter 2 works with."""
        return capacity_of(self.case)

    @cached_property
    def firms(self) -> pd.Series:
        """Firms by section: residents in work over people a firm."""
        sizes = self.case.unit_sizes.set_index("section")["people_per_unit"]
        workers = self.case.workers.set_index("section")["city_workers"].reindex(sizes.index).fillna(0.0)
        return 1000 * workers / sizes

    @cached_property
    def largest(self) -> tuple[str, ...]:
        """The sections with the most firms in need, as few as hold half of the need."""
        return entry_sections(make_city(self.case))

    @cached_property
    def section_names(self) -> dict[str, str]:
        """Short names by letter."""
        return dict(zip(self.case.sections["section"], self.case.sections["name_short"], strict=True))

    @cached_property
    def checks(self) -> pd.DataFrame:
        """By section: ``city_share`` of the workers, ``decided`` deals, and whether chapter 3's checks stop it."""
        deals = self.case.opportunities.merge(self.case.accounts[["account_id", "section"]], on="account_id")
        decided = like_for_like(deals).set_index("section")["decided"]
        facts = industry_table(self.case.workers, leave_out=["A"]).set_index("section")[["city_share"]]
        facts = facts.join(decided).fillna({"decided": 0})
        facts["stopped"] = (facts["city_share"] < SMALL) | (facts["decided"] < FEW)
        return facts

    # The map

    @cached_property
    def area(self) -> BaseArea:
        """Accounts in need and distances between districts."""
        return area_of(self.case)

    def near_share(self, offices: list[str], districts: list[str] | None = None) -> float | None:
        """Share of the accounts in need, of some districts, that lie near an office; None where there are none.

        Args:
            districts: default all.
        """
        places = self.area.accounts
        if districts is not None:
            places = places[places["district"].isin(districts)]
        sites = self.case.city_districts
        sites = sites[sites["district"].isin(offices)]
        if places.empty or sites.empty:
            return None
        return float((km_to_offices(places, sites) <= self.usual["reach_km"]).mean())

    def mean_visits(self, day: dict[str, float]) -> float | None:
        """Visits a day over the districts, each counted by its accounts in need; None where no district is known."""
        known = {name: visits for name, visits in day.items() if name in self.area.need.index}
        weights = self.area.need[list(known)]
        if not weights.sum():
            return None
        return float((pd.Series(known) * weights).sum() / weights.sum())

    # Benchmark customers

    @cached_property
    def benchmarks(self) -> BenchmarkProblem:
        """The candidates for benchmark customers."""
        return benchmark_problem(self.case.accounts, self.case.customers_home)

    @cached_property
    def accounts(self) -> pd.DataFrame:
        """The accounts by id."""
        return self.case.accounts.drop_duplicates("account_id").set_index("account_id")

    def traits_of(self, accounts: list[str], traits: list[str]) -> pd.Series:
        """How many of some traits each account shows."""
        rows = self.accounts.loc[accounts].reset_index()
        wanted = [trait for trait in traits if trait in TRAITS and trait != "asked for a quote"]
        return trait_flags(rows, wanted).sum(axis=1).set_axis(accounts)

    # The organisation

    @cached_property
    def launch(self) -> LaunchProblem:
        """The cities that may open, and the people there will be."""
        return launch_problem(self.case)

    @cached_property
    def supervisors(self) -> int:
        """Supervisors whom this city takes when it opens; one leads one group."""
        cities = self.launch.cities.set_index("city")
        return int(cities.loc[self.name, "supervisors"])

    @cached_property
    def staffing(self) -> StaffingProblem:
        """The work, the newcomers' ramp and the plan of hires."""
        return staffing_problem(self.case)

    def newcomers(self, hires: pd.Series, months: int) -> pd.Series:
        """By month: people in their first months of service, those who leave taken off.

        Args:
            hires: people who start, by month. months: of service in which somebody is a newcomer.
        """
        stay = 1 - self.staffing.quits
        return pd.Series(
            {
                month: sum(hires.get(month - ago, 0) * stay**ago for ago in range(min(months, month)))
                for month in hires.index
            }
        )

    # The month, the phase

    @cached_property
    def phase(self) -> str:
        """This city's phase by chapter 11's rule."""
        told = phases_of(city_signs(self.case.city_months)).set_index("city_id")["phase"]
        return str(told.get("own", ""))
