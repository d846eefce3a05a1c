"""Cases: a city's public figures and the case company's records.

`open_case("name or staff number")` opens a trainee's city; `load_case("jinhua")` the worked example.
"""

from playbook.cases.case import Case, list_cases, load_case, read_case, use_case
from playbook.cases.draw import draw_city, open_case
from playbook.cases.schema import SCHEMA

__all__ = [
    "SCHEMA",
    "Case",
    "draw_city",
    "list_cases",
    "load_case",
    "open_case",
    "read_case",
    "use_case",
]
