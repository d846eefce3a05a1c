"""The models a manager uses: pure functions over DataFrames.

Every public name of the modules can be imported from here; a module is loaded when one of its names is used.
"""

from playbook.lazily import lazy_names

_NAMES = {
    "density": """BreakthroughFit additive_index binding_factor breakthrough_index city_densities
        density_lift elasticity_lift fit_breakthrough_law log_contributions scorecard""",
    "rollout": "RolloutNeed bench_pool regions_supported rollout_need",
    "industry": """customers_at herfindahl industry_table krugman_index location_quotient shares shift_share
        specialised_sections""",
    "entry": """entry_indicators entry_industry_scores like_for_like score_parts score_sensitivity
        section_overview wilson_interval win_rates""",
    "profile": """ABC_RULE NEXT_ACTIONS AbcRule abc_grade fit_points missing_by next_action
        prepare_accounts""",
    "firms": "one_row_per_firm",
    "groups": """Profiles cluster_profiles describe_groups gower_distance k_medoids silhouette
        silhouette_by_k""",
    "scoring": "VisitList auc lift_table precision_recall_at top_decile_lift",
    "reference": """EntryProfile business_reference_value congruency entry_profile lifetime_value similarity
        similarity_coverage size_band""",
    "selection": """GREEDY_SHARE Selection best_selection coverage_curve coverage_value greedy_selection
        own_coverage""",
    "bases": """BaseArea FARTHEST_KM OfficeCosts Offices base_area best_bases best_offices catchments fewest_for
        km_to_offices office_choices offices_cost visits_a_day""",
    "bench": """PairWeights Sequence absorption ahp_weights bench_supply best_sequence eligible_managers
        moving_rates pairs_of sequence_in_turn sequence_of""",
    "channels": """Mix adbudg adbudg_from_judgements average_cost best_mix break_even_guests mix_wins
        next_cost""",
    "phases": "best_lag city_signs lag_correlations lagged phase_of phases_of verdicts",
    "capacity": """ListEstimate MarketSize chapman clean_phones firms_from_workers lincoln_petersen market_size
        tornado""",
    "distances": "distance_table haversine_km swapped_points with_points_repaired",
    "territories": "Territories best_territories territories_of territory_choices",
    "rivals": """attraction_share installed_shares keep_out next_seller reason_gap rival_field
        square_law_survivors""",
    "benchmark": """BenchmarkProblem benchmark_problem candidate_accounts largest_accounts prospect_accounts
        winning_days""",
    "economics": """StayCurve cohort_survival constant_lifetime fit_sbg gate_numbers lifetime_years magic_number
        payback_months sbg_lifetime sbg_survival""",
    "effect": "Change did event_study launch_ratios rise_before",
    "targeting": "KNOWN_BEFORE Propensity hold_out_split propensity",
    "seeding": "Seeding best_seeding groups_of seeding_by_fit seeding_of",
    "staffing": """Package capacity_by_month cohort_table fit_ramp hire_worth latest_hire option_payout package
        quit_rate ramp ramp_month ramp_table ready_month stack_cohorts workload_reps""",
    "goals": """Limits at_risk control_limits days_left largest_remainder light_of projection straight_share
        to_talk_to usual_share weighted_pipeline working_days""",
    "route": "DAY_MIN LEAST_STOPS Route best_route clock minutes_between most_prize nearest_first route_of",
    "traits": "TRAITS rate_by_traits_met trait_flags trait_table",
}
__getattr__, __all__ = lazy_names(__name__, _NAMES)


def __dir__() -> list[str]:
    return sorted(__all__)
