"""Where a seller goes tomorrow: the day that is worth most, with every rule kept.

The orienteering problem with time windows, solved exactly for up to some 15 stops: dynamic programming over the
subsets of stops, a layer of equally large subsets at a time.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from playbook.errors import PlaybookError
from playbook.market.distances import haversine_km
from playbook.words import _

#: Working time of a day, lunch not counted; 9:00 to 18:00 with an hour of lunch.
DAY_MIN = 480
#: Fewest stops of a day that counts as worked.
LEAST_STOPS = 5
#: Start of the day, and when the lunch hour begins, in working minutes after it.
_START, _LUNCH, _LUNCH_MIN = 9 * 60, 180, 60
#: More stops than this take too long to try every subset.
_MOST_STOPS = 20
_SLACK = 1e-9


@dataclass(frozen=True)
class Route:
    """One day.

    Attributes:
        order: the stops, in the order of the day.
        timetable: one row a stop: ``stop_id, drive, arrive, begin, leave``; working minutes after the start.
        home: when the seller is back.
        prize: what the stops are worth together.
        late: stops that are begun after their window has closed.
    """

    order: tuple[str, ...]
    timetable: pd.DataFrame
    home: float
    prize: float
    late: tuple[str, ...]

    def keeps(self, day_min: float = DAY_MIN, least: int = LEAST_STOPS) -> bool:
        """Whether the day has stops enough, comes to none of them late, and ends in time."""
        return len(self.order) >= least and not self.late and self.home <= day_min + _SLACK


def clock(minutes: float) -> str:
    """Working minutes after 9:00 as the time of day; the lunch hour lies between 12:00 and 13:00."""
    minute = round(_START + minutes + (_LUNCH_MIN if minutes > _LUNCH else 0))
    return f"{minute // 60}:{minute % 60:02d}"


def minutes_between(
    stops: pd.DataFrame, lat: float, lon: float, *, detour: float = 1.3, speed_kmh: float = 40.0
) -> np.ndarray:
    """Minutes of driving between all places of a day, the start first.

    Args:
        stops: ``lat, lon`` in degrees. lat, lon: of the start.
        detour: kilometres driven for one straight kilometre. speed_kmh: on the road.

    Returns:
        Whole minutes, (n + 1) x (n + 1); row and column 0 are the start.
    """
    north = np.append(lat, stops["lat"].to_numpy(float))
    east = np.append(lon, stops["lon"].to_numpy(float))
    km = haversine_km(north[:, None], east[:, None], north[None, :], east[None, :])
    return np.round(km * detour / speed_kmh * 60)


def route_of(order: Sequence[str], stops: pd.DataFrame, minutes: np.ndarray) -> Route:
    """What a day looks like that goes to these stops in this order.

    A seller who comes before a window opens waits. A visit may begin until the window closes.

    Args:
        order: names of stops, each once.
        stops: ``stop_id, prize, service_min, from_min, to_min``; minutes after the start of the day, lunch not counted.
        minutes: driving, as :func:`minutes_between` gives it.

    Raises:
        PlaybookError: a stop that is unknown, or stands there twice.
    """
    _checked(stops, minutes)
    names = list(stops["stop_id"])
    unknown = [str(one) for one in order if one not in names]
    twice = [str(one) for one in order if list(order).count(one) > 1]
    if unknown or twice:
        raise PlaybookError(
            _("{stop} is no stop of this day").format(stop=unknown[0])
            if unknown
            else _("{stop} stands in the route twice").format(stop=twice[0]),
            remedy=_("Use each stop at most once: {stops}.").format(stops=", ".join(names)),
        )
    service, opens, closes = (stops[name].to_numpy(float) for name in ("service_min", "from_min", "to_min"))
    rows, late, at, now = [], [], 0, 0.0
    for one in order:
        place = names.index(one)
        drive = float(minutes[at, place + 1])
        begin = max(now + drive, opens[place])
        rows.append((one, drive, now + drive, begin, begin + service[place]))
        if begin > closes[place] + _SLACK:
            late.append(one)
        at, now = place + 1, begin + service[place]
    prize = float(stops.set_index("stop_id")["prize"].reindex(list(order)).sum())
    timetable = pd.DataFrame(rows, columns=["stop_id", "drive", "arrive", "begin", "leave"])
    home = now + float(minutes[at, 0]) if rows else 0.0
    return Route(tuple(order), timetable, home, prize, tuple(late))


def nearest_first(
    stops: pd.DataFrame, minutes: np.ndarray, day_min: float = DAY_MIN, patience: float = 30
) -> Route:
    """The day of somebody who always drives to the nearest stop that keeps every rule.

    Args:
        stops, minutes: as for :func:`route_of`. day_min: when the seller must be back.
        patience: minutes of waiting that are borne; where every stop asks for more, the one that opens first is next.
    """
    _checked(stops, minutes)
    names = list(stops["stop_id"])
    service, opens, closes = (stops[name].to_numpy(float) for name in ("service_min", "from_min", "to_min"))
    order, at, now, open_stops = [], 0, 0.0, list(range(len(names)))
    while open_stops:
        begin = {one: max(now + minutes[at, one + 1], opens[one]) for one in open_stops}
        fits = [
            one
            for one in open_stops
            if begin[one] <= closes[one] and begin[one] + service[one] + minutes[one + 1, 0] <= day_min
        ]
        if not fits:
            break
        soon = [one for one in fits if begin[one] - now - minutes[at, one + 1] <= patience]
        nearest = min(soon or fits, key=lambda one: (minutes[at, one + 1] if soon else begin[one], one))
        order.append(names[nearest])
        at, now = nearest + 1, begin[nearest] + service[nearest]
        open_stops.remove(nearest)
    return route_of(order, stops, minutes)


def best_route(
    stops: pd.DataFrame,
    minutes: np.ndarray,
    day_min: float = DAY_MIN,
    least: int = LEAST_STOPS,
    back: np.ndarray | None = None,
) -> Route:
    """The day that is worth most: every window kept, back in time, stops enough. No better one exists.

    .. math:: \\max \\sum_{i \\in S} p_i \\quad \\text{so that a tour through } S \\text{ keeps all windows and ends by } L

    The earliest end of a visit to stop j as the last of a set S follows from the sets without j, so each set is
    looked at once, whatever the order of its stops.

    Args:
        stops, minutes: as for :func:`route_of`; at most 20 stops.
        day_min: when the seller must be back, ``L``. least: fewest stops.
        back: minutes from each stop to the end of the day, where that is not the start.

    Returns:
        The best route; of equals, the one that is back first. Without any day that keeps all, an empty one.

    Raises:
        PlaybookError: too many stops.

    Source: Vansteenwegen, Souffriau and Van Oudheusden (2011), European Journal of Operational Research 209;
    Held and Karp (1962) for the sets.
    """
    _checked(stops, minutes)
    if len(stops) > _MOST_STOPS:
        raise PlaybookError(
            _("{count} stops are too many to try every day").format(count=len(stops)),
            remedy=_("Keep at most {most} on the list.").format(most=_MOST_STOPS),
        )
    days = every_day(stops, minutes, day_min, back)
    fits = (days.home <= day_min + _SLACK) & (days.size >= least)
    if not fits.any():
        return route_of((), stops, minutes)
    worth = np.where(fits, days.worth(stops["prize"].to_numpy(float)), -np.inf)
    best = np.flatnonzero(worth >= worth.max() - _SLACK)
    chosen = int(best[np.argmin(days.home[best])])
    names = list(stops["stop_id"])
    return route_of([names[place] for place in days.order_of(chosen)], stops, minutes)


def most_prize(
    stops: pd.DataFrame,
    minutes: np.ndarray,
    day_min: float = DAY_MIN,
    least: int = LEAST_STOPS,
) -> float:
    """What the best day is worth, as ``best_route(...).prize`` has it; 0 where no day keeps all."""
    days = every_day(stops, minutes, day_min)
    fits = (days.home <= day_min + _SLACK) & (days.size >= least)
    return float(days.worth(stops["prize"].to_numpy(float))[fits].max()) if fits.any() else 0.0


@dataclass(frozen=True)
class EveryDay:
    """Every set of stops that can be visited, each with its earliest end.

    Attributes:
        sets: as bits. size: stops of each. ends: set x stop, the earliest end of the visit if that stop is the last.
        home: the earliest return of each set. between: driving between stops. service, opens, closes: by stop.
        back: from each stop to the end of the day.
    """

    sets: np.ndarray
    size: np.ndarray
    ends: np.ndarray
    home: np.ndarray
    between: np.ndarray
    service: np.ndarray
    opens: np.ndarray
    back: np.ndarray

    def worth(self, prize: np.ndarray) -> np.ndarray:
        """What the stops of each set are worth together."""
        return ((self.sets[:, None] >> np.arange(len(prize))) & 1) @ prize

    def order_of(self, row: int) -> list[int]:
        """The stops of a set in the order that ends earliest."""
        known = {int(one): place for place, one in enumerate(self.sets)}
        last = int(np.argmin(self.ends[row] + self.back))
        order = [last]
        while self.size[row] > 1:
            before = known[int(self.sets[row]) ^ (1 << last)]
            last = int(np.argmin(self.ends[before] + self.between[:, last]))
            order.append(last)
            row = before
        return order[::-1]


def _checked(stops: object, minutes: object) -> None:
    """Stop where the table of stops and the minutes between places are not what they are taken for."""
    wanted = ["stop_id", "prize", "service_min", "from_min", "to_min"]
    lacking = [name for name in wanted if name not in getattr(stops, "columns", ())]
    if lacking:
        raise PlaybookError(
            _("the first thing in the brackets is no table of stops: it lacks {columns}").format(
                columns=", ".join(lacking)
            ),
            remedy=_("Write the stops first, then the minutes between them."),
        )
    places = len(stops) + 1  # type: ignore[arg-type]
    if np.shape(minutes) != (places, places):  # type: ignore[arg-type]
        raise PlaybookError(
            _("the second thing in the brackets is not the minutes between the {places} places").format(
                places=places
            ),
            remedy=_("Write the stops first, then the minutes between them and the office."),
        )


def every_day(
    stops: pd.DataFrame, minutes: np.ndarray, day_min: float = DAY_MIN, back: np.ndarray | None = None
) -> EveryDay:
    """Every set of stops whose visits can all begin in their windows and end in time, the way home not counted.

    Args:
        stops, minutes, day_min, back: as for :func:`best_route`.
    """
    service, opens, closes = (stops[name].to_numpy(float) for name in ("service_min", "from_min", "to_min"))
    there, between = np.asarray(minutes, float)[0, 1:], np.asarray(minutes, float)[1:, 1:]
    back = np.asarray(minutes, float)[1:, 0] if back is None else np.asarray(back, float)
    count = len(stops)
    sets = 1 << np.arange(count, dtype=np.int64)
    begin = np.maximum(there, opens)
    end = np.where(
        (begin <= closes + _SLACK) & (begin + service <= day_min + _SLACK), begin + service, np.inf
    )
    ends = np.full((count, count), np.inf)
    np.fill_diagonal(ends, end)
    alive = np.isfinite(end)
    layers = [(sets[alive], ends[alive])]
    reached, place = np.zeros(2**count, bool), np.zeros(2**count, np.intp)
    while len(layers[-1][0]):
        sets, ends = layers[-1]
        # For each stop that could come next: when its visit would end, whatever came before.
        arrive = np.empty(ends.shape)
        for stop in range(count):
            arrive[:, stop] = (ends + between[:, stop]).min(axis=1)
        begin = np.maximum(arrive, opens)
        end = begin + service
        inside = ((sets[:, None] >> np.arange(count)) & 1).astype(bool)
        rows, nexts = np.nonzero(~inside & (begin <= closes + _SLACK) & (end <= day_min + _SLACK))
        next_sets = sets[rows] | (1 << nexts)
        reached[:] = False
        reached[next_sets] = True
        larger = np.flatnonzero(reached)
        place[larger] = np.arange(len(larger))
        grown = np.full((len(larger), count), np.inf)
        grown[place[next_sets], nexts] = end[rows, nexts]
        layers.append((larger, grown))
    sizes = np.concatenate([np.full(len(sets), number + 1) for number, (sets, _ends) in enumerate(layers)])
    sets = np.concatenate([sets for sets, _ends in layers])
    ends = np.concatenate([ends for _sets, ends in layers])
    home = (ends + back).min(axis=1) if len(ends) else np.empty(0)
    return EveryDay(sets, sizes, ends, home, between, service, opens, back)
