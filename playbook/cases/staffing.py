"""Tables that the staffing of a new city stands on: visits, newcomers' records, a plan of hires, veterans. Fiction."""

from playbook.cases.columns import Table, date, flag, number, text, whole
from playbook.cases.company import FICTION

#: How a veteran sells.
VETERAN_PROFILES = ("offensive", "explosive", "market", "activity")
#: Groups that a veteran may be sent to: two of the own city, two of the next.
GROUPS = ("G1", "G2", "G3", "G4")
_GROUP_OF = {
    "G1": "the first group of your city",
    "G2": "the second group of your city",
    "G3": "the first group of the next city",
    "G4": "the second group of the next city",
}

_CALL_PLAN = Table(
    "call_plan",
    "case",
    "One grade of account in the area that opens first, and the visits it is to get.",
    FICTION,
    ("grade",),
    (
        text("grade", "A, B or C (chapter 5).", choices=("A", "B", "C")),
        whole("accounts", "Accounts of that grade.", "accounts", low=1),
        whole("calls_year", "Visits to one account in a year.", "visits a year", low=1),
        whole("minutes", "One visit, with the way to it.", "minutes", low=1),
    ),
)

_SELLERS = Table(
    "sellers",
    "case",
    "One newcomer of the company's last launches: when he or she came, and left, and who sat in the group.",
    FICTION,
    ("rep_id",),
    (
        text("rep_id", "The seller's number.", pattern=r"N\d{3}"),
        text("group", "The supervisor's group.", pattern=r"T\d"),
        flag("veteran_in_group", "A veteran sits in the group."),
        date("hired", "First day."),
        date("left", "Last day.", missing="Still with the company."),
    ),
)

_SELLER_MONTHS = Table(
    "seller_months",
    "case",
    "One newcomer in one month.",
    FICTION,
    ("rep_id", "month"),
    (
        text("rep_id", "The seller's number.", pattern=r"N\d{3}"),
        text("month", "The calendar month.", pattern=r"\d{4}-\d{2}"),
        whole("service_month", "The how many-th month with the company it was; the first is 1.", low=1),
        number("bookings_10k", "Contracts signed in the month.", "CNY 10,000"),
    ),
    links=(("rep_id", "sellers", "rep_id"),),
)

_HIRING_PLAN = Table(
    "hiring_plan",
    "case",
    "One month of the plan that the director has drafted: how many start at its beginning.",
    FICTION,
    ("month",),
    (
        whole("month", "Month after the opening, 1 to 12.", low=1, high=12),
        whole("hires", "Newcomers who start, each beside a veteran.", "persons"),
    ),
)

_VETERANS = Table(
    "veterans",
    "case",
    "One veteran who could move to a new city, and how well he or she fits each group there.",
    FICTION,
    ("veteran_id",),
    (
        text("veteran_id", "The veteran's number.", pattern=r"V\d{2}"),
        text("profile", "How he or she sells.", choices=VETERAN_PROFILES),
        flag("willing", "Has been asked, and wants to move."),
        *(
            whole(f"fit_{group}", f"How well he or she fits {place}.", "points, 0 to 10", high=10)
            for group, place in _GROUP_OF.items()
        ),
    ),
)

#: In the order in which a reader meets them.
STAFFING = (_CALL_PLAN, _SELLERS, _SELLER_MONTHS, _HIRING_PLAN, _VETERANS)
