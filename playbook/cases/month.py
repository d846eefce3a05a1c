"""Tables on which a month is led: the working calendar, how a month fills, the board, the reports, a day's stops."""

from playbook.cases.columns import Table, date, flag, number, text, whole
from playbook.cases.company import FICTION

#: Grades of customers, the best first.
GRADES = ("A", "B", "C")
_SELLER = text("seller", "The seller's (invented) family name; each occurs once.", pattern=r"[A-Z][a-z]+")

_CALENDAR = Table(
    "calendar",
    "reference",
    "One day, and whether it is worked: weekends, public holidays, and the weekend days worked in exchange.",
    "General Office of the State Council, notices on public holidays of 2024 (October 2023) and 2025 (November 2024)",
    ("date",),
    (
        date("date", "The day."),
        flag("workday", "It is worked."),
        text("holiday", "The public holiday on that day.", missing="No public holiday."),
    ),
)

_MONTH_SHARE = Table(
    "month_share",
    "case",
    "One working day of one past month: which part of the month's contracts was signed by its evening.",
    FICTION,
    ("month", "days_left"),
    (
        text("month", "The past month.", pattern=r"\d{4}-\d{2}"),
        whole("days_left", "Working days of that month that came after this day.", "days", high=24),
        number("share", "Part of that month's contracts signed so far, 0 to 1.", "share", high=1.0),
    ),
)

_MONTH_DAYS = Table(
    "month_days",
    "case",
    "One working day of the running month, up to today: the contracts signed on it.",
    FICTION,
    ("date",),
    (date("date", "The working day."), whole("contracts", "Contracts signed on that day.", "contracts")),
    links=(("date", "calendar", "date"),),
)

_BOARD = Table(
    "board",
    "case",
    "One seller's line on the board in the office, as of this evening.",
    FICTION,
    ("seller",),
    (
        _SELLER,
        text("group", "The supervisor's group.", pattern=r"G\d"),
        number(
            "weight",
            "What the seller can do, an experienced one being 1; a learner has less.",
            "ratio",
            low=0.1,
        ),
        whole("booked", "Contracts signed this month: new ones, renewals and extensions.", "contracts"),
        whole("pipeline_a", "Open deals with A customers that may be signed this month.", "deals"),
        whole("pipeline_b", "Open deals with B customers that may be signed this month.", "deals"),
    ),
)

_VISIT_REPORTS = Table(
    "visit_reports",
    "case",
    "One seller's daily reports of the last three months.",
    FICTION,
    ("seller",),
    (
        _SELLER,
        whole("days_reported", "Days with a report.", "days", low=1),
        whole("round_days", "Days of these on which exactly 5 or 10 visits are reported.", "days"),
        whole("visits_reported", "Visits that the reports name.", "visits", low=1),
        whole("visits_found", "Visits of these at which the phone's position was the customer's.", "visits"),
    ),
    links=(("seller", "board", "seller"),),
)

_STOPS = Table(
    "stops",
    "case",
    "One customer who can be visited tomorrow.",
    FICTION,
    ("stop_id",),
    (
        text("stop_id", "The stop's number.", pattern=r"K\d{2}"),
        text("account_id", "The account.", pattern=r"A\d{5}"),
        number("lat", "Latitude.", "degrees", low=-180.0, high=180.0),
        number("lon", "Longitude.", "degrees", low=-180.0, high=180.0),
        text("grade", "Grade of the customer.", choices=GRADES),
        whole("prize", "What the visit is expected to bring: chance of a contract times margin.", "CNY 100"),
        whole("service_min", "How long the visit takes.", "minutes", low=5),
        whole(
            "from_min", "From when on the visit may begin: minutes after 9:00, lunch not counted.", "minutes"
        ),
        whole("to_min", "Until when it may begin.", "minutes", high=480),
    ),
    links=(("account_id", "accounts", "account_id"),),
)

#: The tables of a month, in the order in which a reader meets them.
MONTH = (_CALENDAR, _MONTH_SHARE, _MONTH_DAYS, _BOARD, _VISIT_REPORTS, _STOPS)
