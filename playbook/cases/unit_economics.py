"""Tables by which a city is judged after a year: its quarters, and how long customers stay. All fiction."""

from playbook.cases.columns import ADCODE, Table, number, text, whole
from playbook.cases.company import FICTION

#: The channels by which the customers of the cohorts came.
COHORT_CHANNELS = ("direct", "online", "referral", "salon")

_QUARTERS = Table(
    "quarters",
    "case",
    "One city in one quarter of its first year: what its report to head office says.",
    FICTION,
    ("adcode", "quarter"),
    (
        text("city", "The city's name in pinyin."),
        ADCODE,
        whole("quarter", "Quarter since the city opened.", "quarter", low=1, high=4),
        number("revenue_10k", "What customers paid for the quarter.", "CNY 10,000"),
        number("selling_cost_10k", "Pay, travel and rent of the sales team in the quarter.", "CNY 10,000"),
        number("opening_cost_10k", "Spent once, for opening the city.", "CNY 10,000"),
        whole("new_customers", "Customers won in the quarter.", "customers"),
        number("pipeline_10k", "Offers that are open at the end of the quarter.", "CNY 10,000"),
        number("target_10k", "Contracts to be signed in the next quarter.", "CNY 10,000", low=0.1),
        whole("managers_ready", "Managers ready to lead, at the end of the quarter.", "persons"),
        whole("managers_required", "Managers that the plan asks for.", "persons", low=1),
    ),
    links=(("adcode", "cities", "adcode"),),
)

_COHORTS = Table(
    "cohorts",
    "case",
    "The customers who came in one year by one channel, so many years later. Years that are not over have no row.",
    FICTION,
    ("channel", "start_year", "year"),
    (
        text("channel", "The channel by which they came.", choices=COHORT_CHANNELS),
        whole("start_year", "The year in which they came.", "year", low=2000, high=2100),
        whole("year", "Years since then; 0 is the start.", "years", high=20),
        whole("active", "Those who are still customers.", "customers"),
    ),
)

#: The tables of chapter 12, in the order in which a reader meets them.
UNIT_ECONOMICS = (_QUARTERS, _COHORTS)
