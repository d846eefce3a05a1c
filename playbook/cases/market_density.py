"""Tables on a city that is running: its months and those of four pilots, and what each way to sell brings. Fiction."""

from playbook.cases.columns import DISTRICT_CODE, Table, date, number, text, whole
from playbook.cases.company import FICTION

#: Ways to sell, in the order in which the practice came to them.
WAYS = ("direct", "salon", "online", "ecosystem")
#: The city itself and its pilots.
CITY_IDS = ("own", "P1", "P2", "P3", "P4")

_CITY_MONTHS = Table(
    "city_months",
    "case",
    "One month of one city: this city (own), or one of four that were opened before it (P1 to P4).",
    FICTION,
    ("city_id", "month"),
    (
        text("city_id", "The city: `own`, or a pilot.", choices=CITY_IDS),
        whole("month", "The city's month, 1 being that of its opening.", low=1),
        whole("sellers", "Sellers at work.", "persons", low=1),
        whole("visits", "Visits they made.", "visits"),
        whole("ab_added", "Firms newly graded A or B.", "firms"),
        whole("ab_stock", "Firms graded A or B at the end of the month.", "firms"),
        number("bookings_10k", "Contracts signed.", "CNY 10,000"),
        whole("wins_talk", "Contracts won in single talks.", "contracts"),
        whole("wins_referral", "Contracts of firms that a customer sent.", "contracts"),
        whole("wins_salon", "Contracts of firms that decided at or after a salon.", "contracts"),
        whole("wins_peer", "Contracts of firms that followed a firm like themselves.", "contracts"),
        number("cost_10k", "What the city cost.", "CNY 10,000"),
    ),
)

_CHANNEL_MONTHS = Table(
    "channel_months",
    "case",
    "One month of one way to sell, in this city and its pilots together: the last twelve months.",
    FICTION,
    ("channel", "month"),
    (
        text(
            "channel",
            "direct: single talks; salon: events; online: chat, mail, livestream; ecosystem: partners and circles.",
            choices=WAYS,
        ),
        whole("month", "The month, 12 being the last one.", low=1, high=12),
        number("spend_10k", "Money spent, the pay of sellers not included.", "CNY 10,000"),
        number("pay_10k", "Pay of the sellers who work this way.", "CNY 10,000"),
        whole("leads", "Firms that became interested.", "firms"),
        whole("wins", "Contracts.", "contracts"),
    ),
)

_CHANNEL_CURVES = Table(
    "channel_curves",
    "case",
    "The company's estimate of what a quarter's money brings in one way to sell, the sellers' pay included.",
    FICTION,
    ("channel",),
    (
        text("channel", "The way to sell.", choices=WAYS),
        number("top", "Contracts a quarter that no money can exceed.", "contracts a quarter"),
        number("c", "Shape: 1 bends from the start, more is an S.", low=1.0),
        number("half_10k", "Money a quarter that brings half of the top.", "CNY 10,000", low=1.0),
    ),
)

_SALONS = Table(
    "salons",
    "case",
    "One salon of the last year.",
    FICTION,
    ("salon_id",),
    (
        text("salon_id", "The salon's number.", pattern=r"L\d{2}"),
        date("date", "The day."),
        DISTRICT_CODE,
        number("cost_cny", "Hall, speaker and preparation: what it costs whoever comes.", "CNY"),
        whole("invited", "Firms invited.", "firms"),
        whole("attended", "Firms that came, one guest each.", "firms"),
        whole("wins_90d", "Guests who signed within 90 days.", "contracts"),
    ),
    links=(("district_adcode", "districts", "district_adcode"),),
)

#: The tables of the chapter on phase and model.
MARKET_DENSITY = (_CITY_MONTHS, _CHANNEL_MONTHS, _CHANNEL_CURVES, _SALONS)
