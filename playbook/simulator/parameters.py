"""Every number of the simulator, in one place: its unit, and where it comes from.

The simulator is a wind tunnel, not a forecast: it shows which plan stands the same gusts better. *Own* marks the
course's own choice, set so that the model behaves as the practice says; nothing is calibrated on a real firm.
Money is in thousands of CNY; a hazard is what an event's chance collects in a month.
"""

from dataclasses import dataclass

#: Steps of a run, months.
MONTHS = 24
#: Months of Spring Festival, when few firms receive anybody.
FESTIVAL_MONTHS = (2, 14)
#: Cash in thousand CNY below which hiring and budgets stop, and the share of runs that may fall below it: the
#: certificate's rule, to which the reference keeps as well.
CASH_LIMIT, CASH_SHARE = -6000.0, 0.10
#: Most sellers that one run can ever hire, those who left included.
SLOTS = 176
#: Most that can be hired in one month (own: what one office can interview).
MOST_HIRES = 12
#: Veterans whom the company can ask.
MOST_VETERANS = 8
#: Most supervisor groups of one city, and most supervisors that one group sees in a run.
MOST_GROUPS, MOST_TURNS = 8, 8

# What the equations hold beside the parameters below; all own.
#: Months of service after which a seller counts as ripe.
RIPE_AFTER = 6
#: From this month on a gate can stop hiring.
GATE_FROM = 9
#: Beyond one newcomer too many for each who is coached, no more leave than at that.
CROWDED_MOST = 1.0
#: Months after which a customer renews.
CONTRACT = 12
#: A firm in the pipeline is worth so many untouched ones when days are dealt to districts.
PIPELINE_WORTH = 4.0
#: How much more a follow-up of an A firm is pressed than one of a B firm.
PRESSED = 2.0
#: Most visits that a firm of full weight gets in a month of sowing.
MOST_TOUCHES = 1.5
#: Least minutes of a day that are left for customers: who would drive longer stays overnight.
LEAST_MINUTES = 200.0
#: Tours of a month among which a district's firms are divided, for the way between two of them.
TOURS = 30.0
#: Mean way between neighbours, as a share of the square root of the area that each has.
NEIGHBOUR = 0.7
#: What an untouched firm counts, against one in the pipeline, when hosts of salons are chosen.
HOST_POOL = 0.02
#: Exponent of focus in the time that checking takes: little until nobody else may be visited.
CHOOSY_POWER = 4
#: Share of warming that needs knowledge of the section; what full reference cover adds to warming.
WARM_KNOWING, WARM_REFERENCE = 0.5, 0.6
#: Share of a seat's effect on a B firm that needs references.
SEAT_REFERENCE = 0.8


@dataclass(frozen=True)
class Parameters:
    """The numbers of the model. Every line ends with its unit and source."""

    # --- Firms
    firms_per_listed: int = 16  # firms that one account stands for; own: the list holds one firm in sixteen
    unknown_staff: float = 6.0  # people of a firm that did not say; own, below the middle of the list
    # --- Sellers
    ramp_spread: float = 1.2  # months; own, as in chapter 9: 80 % of full at t50 + 1.66 months
    t50_beside: float = 3.5  # months to half of full beside a veteran; the practice's 3-6 up to 6-12
    t50_alone: float = 4.6  # months to half of full in a group without one; the same
    t50_veteran: float = 1.5  # months that a veteran needs in a city new to her; own
    grown: float = 7.0  # months of learning after which a seller counts as a veteran of the group; own
    quit_beside: float = (
        0.038  # hazard of leaving in a group with a veteran; own, with newcomers' near chapter 9's 3.5 %
    )
    quit_alone: float = 0.04  # the same in a group without; own, with newcomers' near chapter 9's 5 %
    quit_veteran: float = 0.6  # factor on it for a veteran; own
    quit_guaranteed: float = 0.22  # factor on it while pay is guaranteed; own
    quit_thin: float = 0.2  # how much thin management adds to it; own
    quit_long_days: float = 0.22  # how much fourteen-hour days add to it; own
    quit_crowded: float = 0.1  # how much too many newcomers at a time add to newcomers' leaving; own
    learning: float = 4.0  # months on the clock in which a seller is a newcomer; own
    quit_new: float = 0.42  # how much more often newcomers leave; own
    coach: float = 2.4  # newcomers that one supervisor can coach at a time; own: two or three
    coach_veteran: float = 0.48  # the same for a veteran beside her own work; own, low, since she sells
    crowding: float = 0.85  # exponent with which the clock slows when there are more newcomers; own, near 1, so that haste costs
    fill: float = 0.8  # chance that a vacancy is filled within a month; own
    # --- Veterans who move
    move_wanted: float = 40.0  # package at which the first one asked comes with even chances; own
    move_reluctance: float = 12.0  # how much more each further one wants; own: the willing ones come first
    move_spread: float = 12.0  # spread of what they want; own, logistic
    # --- Supervisors
    boss_quit: float = 0.05  # hazard of leaving; own
    boss_gap_bench: int = 1  # months until one from the bench follows; own
    boss_gap_market: int = 6  # months until one from the market follows; own
    span: float = 10.0  # sellers a supervisor; the practice's team of ten
    overload: float = 0.93  # what a supervisor without a veteran is worth; own: she manages and sells herself
    density_power: float = 0.15  # exponent of management density; own: small, as coaching and leaving carry management's part too
    # --- A working day
    choosy: float = (
        1.6  # minutes a visit to check who fits, if all others are left out, by profile and industry; own
    )
    days: float = 20.0  # selling days a month; own, as in the cases
    minutes: float = 480.0  # working time a day; the practice's 9-18 h less lunch
    service: float = 42.0  # minutes a visit; own
    detour: float = 1.3  # kilometres driven for one straight kilometre; own, as in the cases
    road_speed: float = 50.0  # km/h between office and district; own
    town_speed: float = 30.0  # km/h between customers; own, as in the cases
    park: float = 6.0  # minutes to park and find the door; own
    scatter: float = 0.8  # share of unaimed days that each district gets alike; the rest go by its firms; own
    festival: float = 0.65  # share of a usual month's work in the months of Spring Festival; own
    cadence_floor: float = 0.68  # share of a full month that is worked without any cadence; own
    cadence_gain: float = 0.47  # what cadence adds up to weekly and monthly reviews; own
    cadence_beyond: float = 0.02  # what it adds beyond, up to fourteen-hour days; own
    reviews: float = 0.6  # cadence at which weekly and monthly reviews are held; own, the scale of the lever
    bench_time: float = 0.10  # share of the time that candidates learn instead of selling; own
    # --- From untouched to customer
    meet: float = 0.38  # hazard at the first visit of a month that a firm in need opens its door; own
    tired: float = 30.0  # visits in vain after which a door opens half as readily; own
    meet_known: float = 1.4  # factor on it where the decision maker's name is known; own
    warm: float = 0.2  # hazard from B to A at many visits; own
    close: float = 0.37  # hazard from A to a decision at many visits; own
    keen: float = 0.5  # log of how much sooner a firm is ready and decides for each sd of its `score`; own
    suits: float = 0.5  # what each sd of its `score` adds to the log of our attraction; own
    follow_most: float = 2.5  # visits a month beyond which a firm is not followed up; own
    attract: float = -2.0  # log of our attraction without references; own; that of no decision is 0
    by_reference: float = 1.4  # what full reference cover adds to it; own
    by_insight: float = 1.3  # what full knowledge of a section adds to it; own
    by_ripeness: float = 0.50  # what a team of experienced sellers adds to it, against one of newcomers; own
    rival: float = 0.38  # attraction of rivals in a district of average strength; own
    installed: float = 5.0  # factor on it where a rival's product runs; own
    rival_sellers: float = 3.0  # rivals' sellers that are added everywhere before districts are compared; own
    answer: float = 8.0  # how much rivals answer our share of a district's need; own
    provoked: float = 4.0  # how many wins one at a rival's customer counts for them; own
    calm: float = 0.10  # share of their answer that fades in a month; own
    learn: float = 6500.0  # visits in a section that give 63 % of what can be known of it; own
    near: float = 0.055  # what a customer counts for firms of its district and section; own
    circle: float = 240.0  # firms in need of a district and section at which that holds; own
    circle_power: float = 1.0  # exponent with which it thins out among more firms; own
    far: float = 0.018  # the same for firms of its section elsewhere; own
    town: float = 0.015  # the same for firms of its district in other sections; own
    benchmark: float = 45.0  # what a benchmark customer counts for; own
    benchmark_pull: float = 2.4  # factor on our attraction at a benchmark account; own: our best people
    benchmark_days: float = 2.4  # selling days that each takes a month until it is ready; own
    benchmark_visits: float = 4.0  # visits that each gets for them; own
    talk: float = 0.003  # hazard by word of mouth at full reference cover; own
    # --- Ways to sell beside visits
    ecosystem_gain: float = 34.0  # factor by which a full ecosystem adds to word of mouth; own
    ecosystem_half: float = 30.0  # budget a month with half of the effect; own; ADBUDG (Little 1970)
    ecosystem_shape: float = 1.6  # its exponent; own
    online_gain: float = 0.03  # hazard at a full online budget, IT maturity 3 or more; own
    online_half: float = 35.0  # budget a month with half of the effect; own; ADBUDG (Little 1970)
    online_shape: float = 1.4  # its exponent; own
    salon_seats: float = 40.0  # seats; own
    salon_days: float = 2.5  # selling days that one salon takes; own
    salon_sow: float = 0.0125  # hazard of an untouched firm with a seat; own
    salon_warm: float = 0.41  # hazard of a B firm with a seat at full reference cover; own
    salon_close: float = 0.26  # hazard of an A firm with a seat at full reference cover; own
    # --- Chance that is common to many
    year_spread: float = 0.30  # spread (sd of the log) of a section's year; own: industries have bad years
    city_spread: float = 0.15  # the same of the city's readiness, which nobody knows before; own
    # --- Customers
    churn: float = 0.015  # hazard of leaving; own
    churn_load: float = 0.7  # how much it grows when sellers have too many customers; own
    load: float = 50.0  # customers a seller; the case of the F company: 100,000 customers, 2,000 sellers
    # --- Money, thousand CNY
    margin: float = 0.77  # gross margin; own, `customer_margin` of the cases
    pay: float = 7.3  # a seller a month, social insurance included; own
    pay_veteran: float = 5.0  # on top for a veteran who moved; own, base and rent of chapter 9
    veteran_missed: float = 220.0  # margin that her old city misses, once; own
    commission: float = 0.14  # of bookings; own
    commission_renewal: float = 0.03  # of renewals; own
    supervisor: float = 14.5  # a month; own
    manager: float = 18.0  # a month; own
    hire: float = 4.0  # to find one newcomer; own
    guarantee: float = 2.8  # a month for each newcomer while pay is guaranteed; own
    bench: float = 1.5  # a month for each candidate on the bench; own
    office_once: float = 15.0  # to furnish an office; own, the practice's small offices in rented flats
    office_month: float = 4.0  # its rent a month; own, as in the cases
    salon: float = 12.0  # one salon; own
    frozen_below: float = CASH_LIMIT  # cash below which hiring and budgets stop; own
    # --- What a successor inherits
    inherit_customer: float = 0.85  # renewals of each customer's contract; own
    inherit_a: float = 0.22  # years of margin of each A firm; own
    inherit_b: float = 0.06  # years of margin of each B firm; own
    inherit_seller: float = 50.0  # each experienced seller, as it costs to find and train one; own
