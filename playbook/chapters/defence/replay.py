"""One run of a plan told month by month: in three pictures and in words, for the panel and for the wall."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from playbook.chapters.defence.replay_pictures import CashPicture, MapPicture, PeoplePicture
from playbook.simulator.film import Film
from playbook.simulator.outcome import Outcome
from playbook.simulator.parameters import MONTHS
from playbook.words import N_, _, ngettext

#: A district has turned when a firm in need there sees so much of the reference cover that there can be.
TURNED = 0.5
#: Place of a run among all runs by value, as a share of them.
LUCK = {"typical": 0.5, "lucky": 0.9, "unlucky": 0.1}
LUCK_WORDS = {"typical": N_("a typical one"), "lucky": N_("a lucky one"), "unlucky": N_("an unlucky one")}
#: Numbers up to here are written as words.
_WORDS = N_("no one two three four five six seven eight nine ten eleven twelve")


def pick_run(outcome: Outcome, luck: str) -> int:
    """The number of a run that is typical, lucky or unlucky among all, by its value."""
    order = np.argsort(outcome.value, kind="stable")
    return int(order[round(LUCK[luck] * (len(order) - 1))])


@dataclass(frozen=True)
class Frame:
    """One month: three pictures as SVG with their alternative texts inside, and what happened in a sentence."""

    month: int
    words: str
    pictures: tuple[str, ...]

    @property
    def html(self) -> str:
        """The pictures side by side where there is room, and below each other on a phone."""
        return (
            '<div style="display:flex;flex-wrap:wrap;gap:.3em 1em;align-items:flex-start;max-width:980px">'
            + "".join(self.pictures)
            + "</div>"
        )


class Replay:
    """A film made ready to be shown: what stands still is worked out once.

    Args:
        film: of the run.
        places: a table with ``district``, ``lat`` and ``lon``, for the map.
        called: names to show in place of the districts' own. short: what stands for them at the map's circles.
    """

    def __init__(
        self,
        film: Film,
        places: Any,
        called: Mapping[str, str] | None = None,
        short: Mapping[str, str] | None = None,
    ):
        self.film = film
        self.districts = tuple((called or {}).get(name, name) for name in film.city.districts)
        at = places.set_index("district").loc[list(film.city.districts), ["lat", "lon"]].to_numpy(float)
        labels = [(short or called or {}).get(name, name) for name in film.city.districts]
        self._map = MapPicture(at, film.need, labels)
        self._people = PeoplePicture(film)
        self._cash = CashPicture(film.column("cash"), film.limit)

    @cached_property
    def turned(self) -> tuple[int, ...]:
        """Month in which each district turned, D; 0 where it did not."""
        there = self.film.cover >= TURNED
        return tuple(
            int(first) + 1 if any_ else 0 for first, any_ in zip(there.argmax(0), there.any(0), strict=True)
        )

    def frame(self, month: int) -> Frame:
        """A month, 1 to 24, in pictures and words."""
        return Frame(
            month, self.words(month), (self._map_svg(month), self._people_svg(month), self._cash_svg(month))
        )

    def words(self, month: int) -> str:
        """What happened in a month: who came and left, what turned, how the money stands."""
        parts = [self._people_words(month)]
        turned = [name for name, when in zip(self.districts, self.turned, strict=True) if when == month]
        if turned:
            parts.append(_("{districts} turned").format(districts=_listed(turned)))
        parts.append(self._cash_words(month))
        return _("Month {month}: {what}.").format(month=month, what="; ".join(parts))

    def story(self) -> str:
        """The whole run in two sentences."""
        cash = self.film.column("cash")
        turned = sum(when > 0 for when in self.turned)
        low = int(cash.argmin()) + 1
        return _(
            "After {months} months: {customers} customers, {turned} of {all} districts turned, cash at {cash} million. "
            "{left} sellers left on the way; money was lowest in month {low}, at {lowest} million."
        ).format(
            months=MONTHS,
            customers=int(self.film.column("customers")[-1]),
            turned=turned,
            all=len(self.districts),
            cash=millions(cash[-1]),
            left=int(self.film.left.sum()),
            low=low,
            lowest=millions(cash.min()),
        )

    def _people_words(self, month: int) -> str:
        film = self.film
        came, left = film.joined[month - 1], film.left[month - 1]
        veterans, newcomers = int((came & film.veteran).sum()), int((came & ~film.veteran).sum())
        parts = []
        if veterans:
            parts.append(
                ngettext("{number} veteran came", "{number} veterans came", veterans).format(
                    number=_number(veterans)
                )
            )
        if newcomers:
            parts.append(
                ngettext("{number} newcomer came", "{number} newcomers came", newcomers).format(
                    number=_number(newcomers)
                )
            )
        if left.any():
            count = int(left.sum())
            old = int((left & film.veteran).sum())
            text = ngettext("{number} seller left", "{number} sellers left", count).format(
                number=_number(count)
            )
            if old:
                text += " " + ngettext("({number} veteran)", "({number} veterans)", old).format(
                    number=_number(old)
                )
            parts.append(text)
        before = film.boss[month - 2] if month > 1 else np.zeros_like(film.boss[0])
        gone = int((before & ~film.boss[month - 1]).sum())
        if gone:
            parts.append(
                ngettext("{number} supervisor left", "{number} supervisors left", gone).format(
                    number=_number(gone)
                )
            )
        return ", ".join(parts) or _("nobody came or left")

    def _cash_words(self, month: int) -> str:
        cash, limit = self.film.column("cash"), self.film.limit
        low = cash[month - 1] < limit
        before = month > 1 and cash[month - 2] < limit
        text = _("cash {cash} million").format(cash=millions(cash[month - 1]))
        if low and not before:
            text += ", " + _("below the limit of {limit}: hiring and budgets stop").format(
                limit=millions(limit)
            )
        elif low:
            text += ", " + _("still below the limit")
        elif before:
            text += ", " + _("above the limit again")
        return text

    def _map_svg(self, month: int) -> str:
        film, at = self.film, month - 1
        turned = np.array([0 < when <= month for when in self.turned])
        new = np.array([when == month for when in self.turned])
        customers = film.customers[at].astype(int)
        total = int(customers.sum())
        title = ngettext("{count} customer", "{count} customers", total).format(count=total)
        done = _("{turned} of {all} districts turned").format(turned=int(turned.sum()), all=len(turned))
        listed = ", ".join(
            _("{district} {customers}, cover {cover:.0%}").format(district=name, customers=count, cover=cover)
            for name, count, cover in zip(self.districts, customers, film.cover[at], strict=True)
        )
        alt = _("Map, month {month}. Customers and reference cover by district: {listed}. {done}.").format(
            month=month, listed=listed, done=done
        )
        short = _("{turned} of {all} turned").format(turned=int(turned.sum()), all=len(turned))
        return self._map.svg(f"{title} · {short}", film.cover[at], customers, turned, new, alt)

    def _people_svg(self, month: int) -> str:
        film, at = self.film, month - 1
        there, ripe = int(film.here[at].sum()), int(film.ripe[at].sum())
        veterans = int((film.here[at] & film.veteran).sum())
        title = ngettext("{count} seller", "{count} sellers", there).format(count=there)
        more = _("{ripe} experienced").format(ripe=ripe)
        bosses = _("{there} of {all} supervisors are there").format(
            there=int(film.boss[at].sum()), all=len(film.begins)
        )
        alt = _(
            "Sellers by group, month {month}: {there} are there, {ripe} of them experienced and {veterans} veterans; "
            "{came} came and {left} left this month. {bosses}."
        ).format(
            month=month,
            there=there,
            ripe=ripe,
            veterans=veterans,
            came=int(film.joined[at].sum()),
            left=int(film.left[at].sum()),
            bosses=bosses,
        )
        return self._people.svg(f"{title} · {more}", month, alt)

    def _cash_svg(self, month: int) -> str:
        cash = self.film.column("cash")
        title = _("Cash {cash} million").format(cash=millions(cash[month - 1]))
        below = int((cash[:month] < self.film.limit).sum())
        alt = _("Line of cash up to month {month}, CNY million: now {cash}, lowest {lowest}. {below}").format(
            month=month,
            cash=millions(cash[month - 1]),
            lowest=millions(cash[:month].min()),
            below=ngettext(
                "{count} month below the limit of {limit}.",
                "{count} months below the limit of {limit}.",
                below,
            ).format(count=below, limit=millions(self.film.limit)),
        )
        return self._cash.svg(title, month, alt)


def words_html(words: str, more: str = "") -> str:
    """The month's sentence, large, and announced to who does not see it."""
    quiet = f'<br><span style="opacity:.8;font-size:.85em">{html.escape(more)}</span>' if more else ""
    return (
        '<p role="status" aria-live="polite" style="font-size:1.12em;line-height:1.35;min-height:2.8em;margin:.3em 0">'
        f"<strong>{html.escape(words)}</strong>{quiet}</p>"
    )


def millions(thousand: float) -> str:
    """Thousand CNY as millions with a true minus sign."""
    text = f"{abs(thousand) / 1000:.1f}"
    return ("−" if thousand < 0 and text.strip("0.") else "") + text


def _number(count: int) -> str:
    words = _(_WORDS).split()
    return words[count] if count < len(words) else str(count)


def _listed(names: list[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return _("{names} and {last}").format(names=", ".join(names[:-1]), last=names[-1])
