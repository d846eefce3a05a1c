"""Panel of chapter 10: the board of a month on one tab, a seller's day by clicks on the other."""

from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets

from playbook.chapters.cadence.drawing import board_html, map_svg, month_svg
from playbook.chapters.cadence.figures import LIGHTS
from playbook.chapters.cadence.problem import DayProblem, MonthProblem, day_problem, month_problem
from playbook.chapters.panels import COMMON, status_html
from playbook.chapters.tables import panel_table
from playbook.market.goals import light_of, projection, straight_share, usual_share
from playbook.market.route import DAY_MIN, LEAST_STOPS, Route, best_route, clock, nearest_first, route_of
from playbook.words import _, ngettext


@dataclass(frozen=True)
class State:
    """Where the controls of the month stand.

    Args:
        gone: working days of the month that have gone. booked: contracts signed by then. target: of the month.
        late: part of a month's contracts that is signed in its last five working days.
    """

    gone: int
    booked: int
    target: int
    late: float


@dataclass(frozen=True)
class View:
    """What the tab of the month says: sentences, the forecast, its light, and that of the straight line."""

    words: tuple[str, ...]
    share: float
    forecast: float
    light: str
    straight: float
    straight_light: str
    daily: float


def view(problem: MonthProblem, state: State) -> View:
    """What a board means. Pure: no widget, no kernel.

    Args:
        problem: the month of a case. state: the setting.
    """
    days = problem.gone + problem.left
    left = days - state.gone
    share = share_by(problem, left, state.late)
    forecast = float(projection(state.booked, share))
    straight = float(projection(state.booked, straight_share(state.gone, left)))
    light, other = light_of(forecast, state.target), light_of(straight, state.target)
    missing = max(state.target - state.booked, 0)
    daily = missing / left if left else 0.0
    words = [
        _("Working day {gone} of {days}: {booked} of {target} contracts, {missing} are missing.").format(
            gone=state.gone, days=days, booked=state.booked, target=state.target, missing=missing
        ),
        ngettext(
            "One working day is left: {daily:.1f} contracts.",
            "{left} working days are left: {daily:.1f} contracts a day.",
            left,
        ).format(left=left, daily=daily)
        if left
        else _("The month is over."),
        _("A usual month has {share:.0%} by now, so this one reaches {forecast:.0f}: {light}.").format(
            share=share, forecast=forecast, light=_(LIGHTS[light])
        ),
    ]
    if other != light:
        words.append(
            _("On a straight line it would look {light}: {straight:.0f}.").format(
                light=_(LIGHTS[other]), straight=straight
            )
        )
    return View(tuple(words), share, forecast, light, straight, other, daily)


def share_by(problem: MonthProblem, left: int, late: float) -> float:
    """Which part of a usual month is signed, if its last five working days had another part than they have.

    Args:
        left: working days left. late: part of the last five working days, below 1.
    """
    usual, turn = usual_share(problem.past, left), usual_share(problem.past, 5)
    if left >= 5:
        return usual / turn * (1 - late)
    return 1 - (1 - usual) / (1 - turn) * late


@dataclass(frozen=True)
class DayView:
    """What the tab of the day says: sentences, and the route as it stands."""

    words: tuple[str, ...]
    route: Route


def day_view(day: DayProblem, order: tuple[str, ...], best: Route, near: Route) -> DayView:
    """What a route means. Pure: no widget, no kernel.

    Args:
        day: tomorrow's stops. order: as clicked. best, near: the best day, and the nearest first.
    """
    route = route_of(order, day.stops, day.minutes)
    if not order:
        words = [
            _("9:00 at the office. Press a stop to drive there; {count} stops are the least.").format(
                count=LEAST_STOPS
            )
        ]
    else:
        words = [
            ngettext(
                "{count} stop brings CNY {prize:,.0f}; back at {home}.",
                "{count} stops bring CNY {prize:,.0f}; back at {home}.",
                len(order),
            ).format(count=len(order), prize=100 * route.prize, home=clock(route.home))
        ]
    if route.late:
        words.append(_("Too late at {stops}.").format(stops=", ".join(route.late)))
    if route.home > DAY_MIN:
        words.append(_("The day ends at 18:00: leave a stop out."))
    if route.keeps():
        words.append(
            _("That is {part:.0%} of the best day; the nearest first reaches {near:.0%}.").format(
                part=route.prize / best.prize, near=near.prize / best.prize
            )
        )
    return DayView(tuple(words), route)


class CadencePanel(widgets.VBox):
    """A board of the month and a clickable day. Only ties `view` and `day_view` to controls."""

    def __init__(self, case: Any):
        self.problem = month_problem(case)
        self.day = day_problem(case)
        self.best, self.near = (
            best_route(self.day.stops, self.day.minutes),
            nearest_first(self.day.stops, self.day.minutes),
        )
        self.order: tuple[str, ...] = ()
        self.tab = widgets.Tab([self._month(), self._day()])
        for place, title in enumerate((_("The month"), _("The day"))):
            self.tab.set_title(place, title)
        super().__init__([self.tab])
        self._show_month()
        self._show_day()

    def _month(self) -> widgets.VBox:
        problem = self.problem
        days = problem.gone + problem.left
        late = round(1 - usual_share(problem.past, 5), 2)
        self.controls = {
            "gone": widgets.IntSlider(
                problem.gone, min=1, max=days, description=_("Working days that have gone"), **COMMON
            ),
            "booked": widgets.IntSlider(
                problem.booked, min=0, max=2 * problem.target, description=_("Contracts signed"), **COMMON
            ),
            "target": widgets.IntSlider(
                problem.target, min=20, max=2 * problem.target, description=_("Target of the month"), **COMMON
            ),
            "late": widgets.FloatSlider(
                late,
                min=0.15,
                max=0.75,
                step=0.01,
                readout_format=".0%",
                description=_("Signed in the last five days"),
                **COMMON,
            ),
        }
        self.words, self.picture, self.board = widgets.HTML(), widgets.HTML(), widgets.HTML()
        for control in self.controls.values():
            control.observe(self._show_month, names="value")
        return widgets.VBox([*self.controls.values(), self.words, self.picture, self.board])

    def _day(self) -> widgets.VBox:
        self.stops = {}
        for row in self.day.stops.itertuples():
            label = _("{stop} · {grade} · {prize}").format(stop=row.stop_id, grade=row.grade, prize=row.prize)
            button = widgets.ToggleButton(
                False,
                description=label,
                tooltip=_("{minutes} minutes, begins {opens} to {closes}").format(
                    minutes=row.service_min, opens=clock(row.from_min), closes=clock(row.to_min)
                ),
                layout={"width": "118px"},
            )
            button.observe(lambda change, name=row.stop_id: self._press(name, change["new"]), names="value")
            self.stops[row.stop_id] = button
        self.clear = widgets.Button(description=_("Start again"), layout={"width": "118px"})
        self.clear.on_click(lambda _button: self._clear())
        row = widgets.Box(
            [*self.stops.values(), self.clear], layout={"flex_flow": "wrap", "max_width": "640px"}
        )
        self.day_words, self.day_picture, self.day_table = widgets.HTML(), widgets.HTML(), widgets.HTML()
        said = widgets.HTML(
            _("Press stops in the order of the day. On each: grade, and what it brings (CNY 100).")
        )
        return widgets.VBox([said, row, self.day_words, self.day_picture, self.day_table])

    @property
    def state(self) -> State:
        """Where the controls of the month stand."""
        return State(**{name: control.value for name, control in self.controls.items()})

    def _show_month(self, change: Any = None) -> None:
        state = self.state
        seen = view(self.problem, state)
        self.words.value = status_html(seen.words)
        days = self.problem.gone + self.problem.left
        usual = [share_by(self.problem, days - day, state.late) for day in range(1, days + 1)]
        self.picture.value = month_svg(usual, state.gone, state.booked, state.target, seen.words[2])
        self.board.value = board_html(self.problem.board)

    def _press(self, name: str, down: bool) -> None:
        rest = tuple(one for one in self.order if one != name)
        self.order = (*rest, name) if down else rest
        self._show_day()

    def _clear(self) -> None:
        for button in self.stops.values():
            button.value = False

    def _show_day(self) -> None:
        seen = day_view(self.day, self.order, self.best, self.near)
        self.day_words.value = status_html(seen.words)
        self.day_picture.value = map_svg(self.day, seen.route, " ".join(seen.words))
        self.day_table.value = _timetable_html(seen.route, self.day)


def _timetable_html(route: Route, day: DayProblem) -> str:
    """The clock of the day, and the windows of all stops that are left."""
    stops = day.stops.set_index("stop_id")
    titles = [_("Stop"), _("There"), _("Begins"), _("Leaves"), _("Window")]
    rows = [
        (
            row.stop_id + (" !" if row.stop_id in route.late else ""),
            clock(row.arrive),
            clock(row.begin),
            clock(row.leave),
            f"{clock(stops.loc[row.stop_id, 'from_min'])}–{clock(stops.loc[row.stop_id, 'to_min'])}",
        )
        for row in route.timetable.itertuples()
    ]
    rows += [
        (name, "–", "–", "–", f"{clock(row['from_min'])}–{clock(row['to_min'])}")
        for name, row in stops.iterrows()
        if name not in route.order
    ]
    return panel_table(_("The day by the clock; ! is too late"), titles, rows)


def panel(case: Any) -> CadencePanel:
    """The panel for a case.

    Args:
        case: a case with its board, past months, calendar, reports, stops and assumptions.

    Returns:
        A widget.
    """
    return CadencePanel(case)
