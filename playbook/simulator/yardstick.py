"""What a plan is measured by: the value of the naive plan and of the reference in each city, frozen with a release.

A trainee's kit holds these values and no reference plan: plans stand with the instructor's truths. A value says how
far one can come, not how.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from playbook.errors import PlaybookError
from playbook.simulator.city import City
from playbook.simulator.sensitivity import share_of_gap
from playbook.words import _

#: The frozen values of all cities.
FILE = Path(__file__).with_name("yardsticks.json")


@dataclass(frozen=True)
class Yardstick:
    """The two ends of the gap in one city, thousand CNY: means and standard deviations over the grader's runs.

    Args:
        city: the case's name. fingerprint: of the case. model: digest of the parameters. runs: how many.
    """

    city: str
    fingerprint: str
    model: str
    runs: int
    naive: float
    naive_sd: float
    reference: float
    reference_sd: float

    def share(self, value: float) -> float:
        """How much of the gap a mean value closes: 0 is the naive plan, 1 the reference."""
        return float(share_of_gap(value, self.naive, self.reference))


def yardsticks(path: Path = FILE) -> dict[str, Yardstick]:
    """All frozen yardsticks by the case's name; none where none were frozen."""
    if not path.is_file():
        return {}
    return {one["city"]: Yardstick(**one) for one in json.loads(path.read_text(encoding="utf-8"))}


def yardstick_of(city: City, path: Path = FILE) -> Yardstick:
    """The frozen yardstick of a city.

    Raises:
        PlaybookError: none was frozen for exactly this case; an unseen version of a city has another content.
    """
    found = yardsticks(path).get(city.name)
    if found is None or found.fingerprint != city.fingerprint:
        raise PlaybookError(
            _("no reference was computed for this version of the city"),
            where=city.name,
            remedy=_(
                "The instructor computes it with `playbook simulate --reference --cities {city}`."
            ).format(city=city.name),
        )
    return found
