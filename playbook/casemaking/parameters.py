"""Every number behind the company's records, in one place, each with where it comes from.

*Own* marks the course's own choice: QiHang Cloud is fiction and nothing of it is calibrated on a firm.
"""

import numpy as np

# --- The records -----------------------------------------------------------------------------------------
TODAY = np.datetime64("2025-06-30")  # own: the last day of the records
MONTHS_OPEN = (22, 30)  # own: how long the company has sold in the city
ROWS = (2_300, 2_720)  # own: firms on the list, smallest and largest city by workers
MOST_ROWS = 2_630  # own: so that a city's tables stay below 750,000 bytes
SECTIONS = "CEFGHIJKLM"  # sections that the company sells to

# --- Firms -----------------------------------------------------------------------------------------------
#: Persons a unit. C: Fourth National Economic Census 2018 (104.7 million people, 3.270 million units); others own.
UNIT_SIZE = dict(zip(SECTIONS, (32.0, 40, 10, 20, 10, 15, 40, 18, 12, 15), strict=True))
#: How much more likely a firm of the section is to stand on the company's list. Own.
LISTED = dict(zip(SECTIONS, (1.6, 1.0, 0.75, 1.0, 0.6, 1.7, 1.6, 1.5, 1.2, 1.7), strict=True))
#: Share of exporters by section. Own.
EXPORTERS = dict(zip(SECTIONS, (0.34, 0.03, 0.24, 0.10, 0.02, 0.10, 0.02, 0.02, 0.06, 0.06), strict=True))
SMALL_SHARE, SMALL_SIZE = 0.88, (2.1, 0.9)  # own: lognormal body, median 8 people
LARGE_FROM, LARGE_POWER = 18, 1.06  # Pareto tail: Axtell 2001, Science 293
LARGEST = 4_000  # own: larger firms are head office's, not the city team's
#: Revenue a head in CNY 10,000 a year, the middle one, by section. Own; trade turns over goods, services time.
REVENUE_A_HEAD = dict(zip(SECTIONS, (60, 75, 130, 62, 24, 85, 110, 100, 40, 55), strict=True))
REVENUE_SPREAD = 0.6  # own: standard deviation of its logarithm
OWNERS = (("private", "foreign", "state", "collective"), (0.80, 0.08, 0.08, 0.04))  # own
SOURCES = (("registry", "exhibition", "referral", "web"), (0.55, 0.2, 0.1, 0.15))  # own
RIVAL_INSTALLED = (0.14, 0.06)  # own: share with a rival's product, and how much more per step of IT maturity

# --- Need ------------------------------------------------------------------------------------------------
BASE_NEED = (0.15, 0.17)  # own: share of the list that says it needs the product
#: Coefficient of a trait in the logit of need where it is dealt to the city's profile, and where not. Own.
NEED_STRONG = {
    "export": 1.00,
    "it_maturity": 0.50,  # a step above 2
    "log10_employees": 1.10,  # a tenfold above 10
    "competitor": -1.30,
    "manufacturing": 0.95,
    "young": 1.00,  # founded 2015 or later
    "state": 1.45,
    "exhibition": 1.10,
}
NEED_WEAK = {
    "export": 0.30,
    "it_maturity": 0.08,
    "log10_employees": 0.15,
    "competitor": -0.25,
    "manufacturing": 0.10,
    "young": 0.0,
    "state": 0.0,
    "exhibition": 0.0,
}
NEED_KM, NEED_TRADE = -0.015, 0.20  # own: per km from the centre; section F

# --- Sellers ---------------------------------------------------------------------------------------------
RAMP_T50 = {True: 3.5, False: 5.5}  # months to half of the full level, with and without a veteran in the team
RAMP_SPREAD = 1.2  # own; 80 % of full after 5.2 and 7.2 months: inside the practice's 3-6 to 6-12
QUIT_A_MONTH = {True: 0.035, False: 0.05}  # own: with and without a veteran
VETERAN_QUIT = 0.01  # own
RIPE_SPREAD = 0.25  # own: how far full levels of sellers differ (standard deviation of the logarithm)
TEAM = 9  # own: sellers a supervisor, where supervisors are there

# --- Opportunities ---------------------------------------------------------------------------------------
OPENED_FOR_EACH = (
    0.40,
    0.52,
)  # own: opportunities for each firm on the list, after little work and after much
AGAIN = 0.16  # own: share of opportunities that are a second try at an account
NEED_PULL = 9.0  # own: how much likelier an account in need is to be tried
WINS_BY_GRADE = {"A": 0.37, "B": 0.14, "C": 0.04}  # own
GRADE_MIX = {True: (0.58, 0.30, 0.12), False: (0.10, 0.30, 0.60)}  # own: A, B, C of large and small accounts
LARGE = 20  # employees
REVERSAL = (0.024, 0.030)  # own: what the better of C and F wins more within a grade, and the worse less
CHANNELS = (("direct", "salon", "online", "partner"), (0.48, 0.19, 0.19, 0.14))  # own, beside referral
CYCLE_LOG_DAYS = 3.55  # own: about 35 days for a small account of grade A
CYCLE_LARGE, CYCLE_GRADE, CYCLE_SPREAD = 0.38, 0.12, 0.50  # own: longer for large accounts and weak grades
LOSS_WITH_RIVAL = (("price", "no_decision", "timing", "competitor"), (0.28, 0.30, 0.14, 0.28))  # own
LOSS_ALONE = (("price", "no_decision", "timing"), (0.30, 0.48, 0.22))  # own

# --- The calendar ----------------------------------------------------------------------------------------
MONTH_END = {
    "won": 0.45,
    "lost": 0.28,
}  # share of closings in the last five working days; own, form Oyer 1998
FESTIVAL = 0.35  # own: work done in the fortnight before and the week after Spring Festival
SEASON = 0.08  # own: swing of the year

# --- Money -----------------------------------------------------------------------------------------------
ACV = (6_000, 60_000)  # own: least and most contract value, CNY a year
ACV_AT_ONE, ACV_POWER, ACV_SPREAD = 8_600, 0.29, 0.33  # own: CNY 8,600 x people^0.29
MARGIN, LIFE_YEARS = 0.70, 4.0  # own: gross margin; years of life, 1 / CHURN
CHURN = 0.25  # own: share of customers that do not renew at the end of a contract year

# --- References ------------------------------------------------------------------------------------------
HEARD = 0.62  # own: share of later wins that had heard a customer speak
TALKS_A_WIN = 1.8  # own: talks that led to nothing, for each that led to a contract

# --- Launch panel ----------------------------------------------------------------------------------------
PANEL_CITIES, PANEL_MONTHS, PANEL_TREATED = 32, 24, 12  # own
LAW = (0.5, 0.7, 0.9)  # own: exponents, in an order dealt to the city, each times 0.93 to 1.07
LAUNCH_EFFECT = float(np.log(1.18))  # own
