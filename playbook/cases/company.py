"""The company's tables, column by column. All of it is fiction."""

from playbook.cases.columns import (
    ADCODE,
    CHANNEL,
    DISTRICT,
    DISTRICT_CODE,
    DIVISION,
    EXPORT,
    LAT,
    MATURITY,
    NUMBER,
    OWNER,
    RIVALS,
    SECTION,
    Column,
    Table,
    date,
    flag,
    number,
    text,
    whole,
)

FICTION = "Fictional records of QiHang Cloud (启航云)"

_ACCOUNTS = Table(
    "accounts",
    "case",
    "One business in the city that the company has on its list.",
    FICTION,
    ("account_id",),
    (
        text("account_id", "The account's number.", pattern=r"A\d{5}"),
        text("name", "The firm's (invented) name."),
        DISTRICT_CODE,
        DISTRICT,
        Column("lat", NUMBER, "Latitude of the firm's address.", **LAT),
        Column("lon", NUMBER, "Longitude of the firm's address.", **LAT),
        SECTION,
        DIVISION,
        whole("employees", "People employed.", "persons", low=1, missing="The firm did not say."),
        number("revenue_10k", "Revenue of the last year.", "CNY 10,000 a year"),
        whole("founded", "Year of registration.", "year", low=1949, high=2025),
        EXPORT,
        MATURITY,
        OWNER,
        text(
            "comp_installed",
            "The competitor whose product is in use.",
            choices=RIVALS,
            missing="No competitor's product is in use.",
        ),
        flag("decision_maker_known", "The company knows by name who decides."),
        text("source", "Where the account came from.", choices=("registry", "exhibition", "referral", "web")),
        flag("need", "In the first survey the firm said that it needs the product."),
        whole("visits_12m", "Visits by the company in the 12 months before the first survey.", "visits"),
        whole("contacts", "People at the firm whom the company had met before the first survey.", "persons"),
        flag("quote_asked", "The firm has asked for a price since the first survey."),
    ),
    links=(("district_adcode", "districts", "district_adcode"), ("section", "sections", "section")),
)

_OPPORTUNITIES = Table(
    "opportunities",
    "case",
    "One chance of a sale, from first talk to won, lost or still open.",
    FICTION,
    ("opportunity_id",),
    (
        text("opportunity_id", "The opportunity's number.", pattern=r"O\d{5}"),
        text("account_id", "The account that may buy.", pattern=r"A\d{5}"),
        text("rep_id", "The sales representative.", pattern=r"R\d{3}"),
        date("created", "The day on which it was opened."),
        text("stage", "The furthest stage reached, S1 to S5.", choices=("S1", "S2", "S3", "S4", "S5")),
        number("amount_cny", "Annual contract value asked for.", "CNY a year"),
        text("grade", "The representative's grade of the account when opening.", choices=("A", "B", "C")),
        CHANNEL,
        text("competitor", "The competitor met.", choices=(*RIVALS, "none")),
        text("status", "How it stands.", choices=("won", "lost", "open")),
        text(
            "loss_reason",
            "Why it was lost.",
            choices=("price", "competitor", "no_decision", "timing"),
            missing="It was not lost.",
        ),
        date("closed", "The day on which it was won or lost.", missing="It is still open."),
        whole(
            "cycle_days",
            "Days from opening to closing; known only after closing.",
            "days",
            missing="It is still open.",
        ),
    ),
    links=(("account_id", "accounts", "account_id"),),
)

_REFERENCES = Table(
    "references",
    "case",
    "One time that a customer (the referrer) spoke for the company to a prospect.",
    FICTION,
    ("reference_id",),
    (
        text("reference_id", "The reference's number.", pattern=r"F\d{5}"),
        text("referrer_id", "The account that spoke for the company.", pattern=r"A\d{5}"),
        text("prospect_id", "The account that listened.", pattern=r"A\d{5}"),
        date("date", "The day of the reference."),
        number("influence", "How much the prospect says it counted, 0 (nothing) to 1.", high=1),
        flag("converted", "The prospect became a customer."),
        number("years_to_convert", "Time from the reference to the (expected) contract.", "years"),
        number("clv_cny", "The prospect's customer lifetime value, not discounted.", "CNY"),
    ),
    links=(("referrer_id", "accounts", "account_id"), ("prospect_id", "accounts", "account_id")),
)

_DENSITIES = Table(
    "densities",
    "case",
    "One city in which the company is opening: what it has, and what it would need.",
    FICTION,
    ("adcode",),
    (
        text("city", "The city's name in pinyin."),
        ADCODE,
        whole("managers_ready", "Managers ready to lead a region there.", "persons"),
        whole("managers_required", "Managers that the plan asks for.", "persons", low=1),
        whole("reps", "Sales representatives on the payroll.", "persons"),
        number("rep_equivalents", "The same, counted as experienced representatives.", "persons"),
        whole("reps_required", "Experienced representatives that the workload asks for.", "persons", low=1),
        whole("accounts_icp", "Accounts that fit the ideal customer profile.", "accounts", low=1),
        whole(
            "accounts_covered",
            "Accounts with a running relation, some of them beyond that profile.",
            "accounts",
        ),
        whole("accounts_a", "Of the covered ones, accounts graded A.", "accounts"),
        whole("bench_m0", "Candidates on the bench: level M0.", "persons"),
        whole("bench_m1", "Candidates on the bench: level M1.", "persons"),
        whole("bench_m15", "Candidates on the bench: level M1.5.", "persons"),
    ),
    links=(("adcode", "cities", "adcode"),),
)

_CUSTOMERS = Table(
    "customers_home",
    "shared",
    "One customer, present or past, in the company's home markets.",
    FICTION,
    ("customer_id",),
    (
        text("customer_id", "The customer's number.", pattern=r"H\d{5}"),
        text("name", "The firm's (invented) name."),
        text("home_city", "The home market.", choices=("Hangzhou", "Ningbo", "Shaoxing")),
        SECTION,
        DIVISION,
        whole("employees", "People employed.", "persons", low=1),
        number("revenue_10k", "Revenue of the last year.", "CNY 10,000 a year"),
        EXPORT,
        MATURITY,
        OWNER,
        date("start", "First day of the contract."),
        number("acv_cny", "Annual contract value.", "CNY a year"),
        CHANNEL,
        number("health", "Health of the relation, 0 (about to leave) to 1.", high=1),
        flag("reference_ok", "The customer agrees to be named as a reference."),
        date("churn_date", "The day on which the customer left.", missing="Still a customer."),
    ),
    links=(("section", "sections", "section"),),
)

_PANEL = Table(
    "launch_panel",
    "shared",
    "One fictional, unnamed city in one month.",
    FICTION,
    ("city_id", "month"),
    (
        text("city_id", "The fictional city.", pattern=r"L\d\d"),
        whole("month", "Month of the panel, 1 to 24.", "month", low=1, high=24),
        flag("treated", "The launch programme ran in this city at some time."),
        whole(
            "launch_month",
            "The first month of the programme.",
            "month",
            low=1,
            high=24,
            missing="Never launched.",
        ),
        number("bookings_10k", "Contracts signed in the month.", "CNY 10,000"),
        number("md", "Management density: managers ready over managers required.", "ratio"),
        number("sd", "Sales density: experienced-equivalent representatives over required.", "ratio"),
        number("kd", "Market density: covered accounts over accounts worth covering.", "ratio"),
    ),
)


#: The company's tables, in the order in which a reader meets them.
COMPANY = (_ACCOUNTS, _OPPORTUNITIES, _REFERENCES, _DENSITIES, _CUSTOMERS, _PANEL)
