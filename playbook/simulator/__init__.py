"""A city's first 24 months, month by month, to try a City Playbook on: a wind tunnel, not a forecast.

``city = make_city(load_case("jinhua"))``, ``draws = make_draws(city, 40)``, ``simulate(city, plan, draws)``.
"""

from playbook.lazily import lazy_names

__getattr__, __all__ = lazy_names(
    __name__,
    {
        "city": "City make_city",
        "draws": "Draws make_draws",
        "parameters": "Parameters",
        "plan": "LEVERS Plan plan_from plan_from_json",
        "policies": "by_the_book f_company known_plans naive",
        "run": "simulate",
        "film": "Film film_run",
        "outcome": "COLUMNS Outcome",
        "sensitivity": "points_lost share_of_gap",
        "yardstick": "Yardstick yardstick_of",
    },
)
