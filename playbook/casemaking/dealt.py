"""Answers dealt over the cities, so that no answer of a choice is right in more than five of twelve.

The figures of a case are drawn; which section, density or trait comes first is dealt here and the draw follows.
An unseen case of a city is dealt anew, contrary to what stands here.
"""

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from playbook.casemaking.parameters import NEED_STRONG

DENSITIES = ("md", "sd", "kd")
GAPS = {
    # where headcount is missing: how often there, how often elsewhere (own)
    "small firms": (0.14, 0.03),
    "large firms": (0.17, 0.04),
    "registry": (0.15, 0.04),
    "exhibition": (0.21, 0.05),
    "referral": (0.24, 0.05),
    "web": (0.22, 0.05),
}
#: The orders in which the law's exponents can come.
ORDERS = ((0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0))
_LETTERS = dict(zip("XTSNMYOE", ("export", "it_maturity", "log10_employees", "competitor",
                                 "manufacturing", "young", "state", "exhibition"), strict=True))  # fmt: skip


@dataclass(frozen=True)
class Dealt:
    """What is dealt to one city.

    Args:
        entry: the section to enter first, by the rule of chapter 3; empty for the worked example, which has
            its own story: manufacturing leads on size and concentration, trade wins more often.
        better: of manufacturing (C) and trade (F), the one that wins more often like for like.
        profile: the four traits that tell need, as names of `NEED_STRONG`.
        gap: where headcount is missing.
        binding: the lowest density of the city itself.
        zero: the density that is zero in one pilot city.
        order: which exponent of the law each density has.
    """

    entry: str
    better: str
    profile: frozenset[str]
    gap: str
    binding: str
    zero: str
    order: tuple[int, int, int]


def _dealt(entry, better, profile, gap, binding, zero, order) -> Dealt:
    return Dealt(entry, better, frozenset(_LETTERS[x] for x in profile), gap, binding, zero, ORDERS[order])


SHIPPED = {
    "330700": _dealt("", "F", "XTSN", "small firms", "sd", "kd", 0),  # Jinhua
    "320400": _dealt("E", "C", "XSMY", "exhibition", "md", "sd", 1),  # Changzhou
    "210200": _dealt("L", "F", "TNOE", "large firms", "kd", "md", 2),  # Dalian
    "440600": _dealt("H", "C", "XNYE", "registry", "sd", "kd", 3),  # Foshan
    "520100": _dealt("L", "F", "STOY", "web", "md", "kd", 4),  # Guiyang
    "330400": _dealt("H", "C", "ENOX", "large firms", "kd", "sd", 5),  # Jiaxing
    "510700": _dealt("E", "F", "SEYN", "referral", "sd", "md", 1),  # Mianyang
    "320100": _dealt("M", "C", "TXEM", "exhibition", "kd", "md", 2),  # Nanjing
    "350500": _dealt("H", "F", "XOES", "large firms", "md", "kd", 3),  # Quanzhou
    "320200": _dealt("G", "C", "TMNY", "web", "sd", "md", 4),  # Wuxi
    "350200": _dealt("L", "F", "SNOM", "exhibition", "kd", "sd", 5),  # Xiamen
    "420600": _dealt("G", "C", "XTYO", "registry", "md", "kd", 0),  # Xiangyang
    "370300": _dealt("E", "F", "MEST", "small firms", "sd", "md", 1),  # Zibo
}


#: The worked example: its answers stand in the book.
BOOKS_CASE = "330700"
#: The section that the book enters first.
BOOKS_ENTRY = "C"


def dealt_to(adcode: str) -> Dealt:
    """What is dealt to a shipped case, and to another case of the same city from a seed of one's own.

    A city that does not ship stands in for one that does, always the same.
    """
    if adcode in SHIPPED:
        return SHIPPED[adcode]
    codes = sorted(code for code in SHIPPED if code != BOOKS_CASE)
    return SHIPPED[codes[blake2b(adcode.encode(), digest_size=8).digest()[0] % len(codes)]]


def contrary(rng: np.random.Generator, adcode: str, entries: str) -> Dealt:
    """What another case of the city has instead: another answer wherever an answer is a direction or a name.

    Args:
        entries: the sections that can be entered first; one of them is dealt.
    """
    shipped = dealt_to(adcode)
    names = sorted(NEED_STRONG)
    while True:
        profile = frozenset(rng.choice(names, 4, replace=False).tolist())
        if len(profile & shipped.profile) <= 2:
            break
    binding = _another(rng, DENSITIES, shipped.binding)
    largest = shipped.order.index(2)
    return Dealt(
        entry=entries[int(rng.integers(len(entries)))],
        better="F" if shipped.better == "C" else "C",
        profile=profile,
        gap=_another(rng, [gap for gap in GAPS if gap != SHIPPED[BOOKS_CASE].gap], shipped.gap),
        binding=binding,
        zero=_another(rng, [name for name in DENSITIES if name != binding], shipped.zero),
        order=_another(rng, [order for order in ORDERS if order.index(2) != largest], shipped.order),
    )


def _another(rng: np.random.Generator, choices, taken):
    rest = [choice for choice in choices if choice != taken]
    return rest[int(rng.integers(len(rest)))]
