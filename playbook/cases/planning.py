"""Tables that plans stand on: what things cost, who is on which list, whom one meets, who may lead. All fiction."""

from playbook.cases.columns import (
    ADCODE,
    DISTRICT_CODE,
    RIVALS,
    Table,
    flag,
    number,
    text,
    whole,
)
from playbook.cases.company import FICTION

#: Levels of the bench, from the lowest; `left` is where people go who leave the company.
LEVELS = ("S", "M0", "M1", "M1.5", "M2")
#: What two candidates are compared by when a city is chosen.
CRITERIA = ("market", "pressure", "cost", "distance")
REASONS = ("price", "product", "trust", "timing")
_SELLER_PROFILES = ("offensive", "explosive", "market", "activity", "farming")

_ASSUMPTIONS = Table(
    "assumptions",
    "case",
    "One number that a plan stands on and that nobody can look up: the usual value, and the range it may lie in.",
    FICTION,
    ("name",),
    (
        text("name", "Short name, as in the exercises.", pattern=r"[a-z][a-z0-9_]*"),
        text("meaning", "What it says."),
        text("unit", "The unit of the three numbers."),
        number("usual", "The value to reckon with."),
        number("low", "The least that is likely."),
        number("high", "The most that is likely."),
    ),
)

_LEAD_LISTS = Table(
    "lead_lists",
    "case",
    "One line on one of three lists of firms of the test district: the company's own, an exhibition's, the chamber's.",
    FICTION,
    ("entry_id",),
    (
        text("entry_id", "The line's number.", pattern=r"E\d{5}"),
        text("list", "Whose list it is.", choices=("ours", "exhibition", "chamber")),
        text(
            "account_id",
            "The account, on the company's own list.",
            pattern=r"A\d{5}",
            missing="Another list; it knows no account numbers.",
        ),
        text("name", "The firm's (invented) name as this list spells it."),
        text("phone", "The firm's (invented) telephone number as this list types it."),
        DISTRICT_CODE,
    ),
    links=(("district_adcode", "districts", "district_adcode"), ("account_id", "accounts", "account_id")),
)

_UNIT_SIZES = Table(
    "unit_sizes",
    "reference",
    "How many people a firm of one section has, on average.",
    "National Bureau of Statistics, Fourth National Economic Census (manufacturing); assumptions of the course",
    ("section",),
    (
        text("section", "Section of industry.", pattern=r"[A-S]"),
        number("people_per_unit", "People in a firm (legal unit), on average.", "persons", low=1.0),
        text("source", "Where the number comes from."),
    ),
    links=(("section", "sections", "section"),),
)

_WIN_LOSS = Table(
    "win_loss",
    "case",
    "One interview with a firm to which the company made an offer, beside what the seller had noted.",
    FICTION,
    ("interview_id",),
    (
        text("interview_id", "The interview's number.", pattern=r"V\d{4}"),
        DISTRICT_CODE,
        text("rival", "The competitor met.", choices=(*RIVALS, "none")),
        text("status", "How the deal stands on the day of the interview.", choices=("won", "lost", "open")),
        text(
            "reason_seller",
            "Why it was lost, says the seller.",
            choices=REASONS,
            missing="It was not lost.",
        ),
        text(
            "reason_buyer",
            "Why it was lost, says the buyer.",
            choices=REASONS,
            missing="It was not lost, or the buyer did not say.",
        ),
        number(
            "price_gap_pct",
            "How much dearer the company's offer was than the other one; below 0 where it was cheaper.",
            "percent",
            low=-100.0,
            missing="No competitor was met.",
        ),
    ),
    links=(("district_adcode", "districts", "district_adcode"),),
)

_RIVALS = Table(
    "rivals",
    "case",
    "The sellers of one company in one district, and its price there.",
    FICTION,
    ("district_adcode", "seller_of"),
    (
        DISTRICT_CODE,
        text(
            "seller_of",
            "Whose sellers: a competitor's, or the company's own (ours).",
            choices=("ours", *RIVALS),
        ),
        whole("sellers", "Sellers who work in the district.", "persons"),
        number("price_index", "The price for the same offer; the company's own is 100.", "index", low=1.0),
    ),
    links=(("district_adcode", "districts", "district_adcode"),),
)

_LAUNCH_OPTIONS = Table(
    "launch_options",
    "case",
    "One city that the company may open next: what it holds, what it costs, and whom it takes.",
    FICTION,
    ("adcode",),
    (
        text("city", "The city's name in pinyin."),
        ADCODE,
        whole("market_accounts", "Accounts worth covering.", "accounts", low=1),
        number(
            "value_10k",
            "Contracts to be signed in a month, once the team there is complete.",
            "CNY 10,000 a month",
        ),
        number("cost_10k", "What opening the city costs.", "CNY 10,000"),
        whole("km", "By road from the company's head office.", "km"),
        whole("managers", "Managers (M2) that opening takes.", "persons"),
        whole("supervisors", "Supervisors (M1) that opening takes.", "persons"),
        whole("veterans", "Experienced sellers that opening takes.", "persons"),
        number("rival_pressure", "How strongly competitors hold the city, 0 (empty) to 1 (full).", high=1.0),
    ),
    links=(("adcode", "cities", "adcode"),),
)

_JUDGEMENTS = Table(
    "judgements",
    "case",
    "One comparison by one judge: how many times as important the first criterion is as the second.",
    FICTION,
    ("judge", "criterion_a", "criterion_b"),
    (
        text("judge", "The judge.", pattern=r"[A-Z][a-z]+"),
        text("criterion_a", "The first criterion.", choices=CRITERIA),
        text("criterion_b", "The second criterion.", choices=CRITERIA),
        number(
            "ratio", "1 for equal, up to 9 for far more important, down to 1/9.", "ratio", low=0.1, high=9.0
        ),
    ),
)

_BENCH = Table(
    "bench",
    "case",
    "One person on the bench, with what is known of him or her.",
    FICTION,
    ("person_id",),
    (
        text("person_id", "The person's number.", pattern=r"P\d{3}"),
        text(
            "level",
            "S seller, M0 candidate, M1 supervisor, M1.5 reserve manager, M2 manager.",
            choices=LEVELS,
        ),
        flag("in_pool", "Named to the pool of reserve managers."),
        whole("pool_quarters", "Quarters in the pool.", "quarters"),
        flag("course_done", "Has finished the course for managers."),
        flag("led_team", "Has led a team."),
        whole("results", "Score for results.", "points", high=100),
        whole("process", "Score for how the work is done.", "points", high=100),
        whole("team", "Score for leading people.", "points", high=100),
        whole("strategy", "Score for reading a market.", "points", high=100),
        flag("red_line", "Has crossed a red line: false records, money, harassment."),
        whole("markets", "Kinds of market that he or she has worked in.", "markets"),
        number("bookings_10k", "Contracts signed in the last year.", "CNY 10,000"),
        text("profile", "How he or she sells.", choices=_SELLER_PROFILES),
        flag("would_move", "Would move to another city."),
    ),
)

_BENCH_MOVES = Table(
    "bench_moves",
    "case",
    "How many people went from one level to another in a quarter: the four quarters of the last year together.",
    FICTION,
    ("from_level", "to_level"),
    (
        text("from_level", "The level at the start of the quarter.", choices=LEVELS),
        text("to_level", "The level at its end; `left` for those who left.", choices=(*LEVELS, "left")),
        whole("people", "People who went this way in the four quarters.", "persons"),
    ),
)

#: The tables for plans, in the order in which a reader meets them.
PLANNING = (
    _ASSUMPTIONS,
    _LEAD_LISTS,
    _UNIT_SIZES,
    _WIN_LOSS,
    _RIVALS,
    _LAUNCH_OPTIONS,
    _JUDGEMENTS,
    _BENCH,
    _BENCH_MOVES,
)
