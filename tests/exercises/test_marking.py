"""Answers are marked against seals: right, wrong and where, and the hint only for who earned it."""

import json
import math
import sys

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from playbook.exercises import Outcome, Question, Sealed, call_plain, mark, seal_question, to_plain
from playbook.exercises.sealing import Tolerance, decrypt, encrypt


def question(kind, **more):
    defaults = {
        "choice": {"choices": ["a", "b", "c"]},
        "table": {"key": "section"},
        "plan": {"judge": "none"},
    }
    return Question.from_dict(
        {"id": "q", "title": "Q", "kind": kind, "points": 2, **defaults.get(kind, {}), **more}
    )


def marked(q, expected, answer, wrong=()):
    sealed = seal_question(q, to_plain(expected), [(to_plain(w), h) for w, h in wrong], salt="salt")
    sealed = Sealed.from_dict(json.loads(json.dumps(sealed.as_dict())))
    return mark(sealed, to_plain(answer))


# numbers


@pytest.mark.parametrize("answer", [2.267, 2.2675, 2.2665])
def test_a_number_within_its_tolerance_passes(answer):
    assert marked(question("number", atol=0.001), 2.267, answer).outcome is Outcome.PASSED


@pytest.mark.parametrize("answer", [2.2691, 2.2649, -2.267, 0])
def test_a_number_outside_its_tolerance_fails(answer):
    assert marked(question("number", atol=0.001), 2.267, answer).outcome is Outcome.FAILED


def test_a_whole_number_may_come_as_a_float():
    assert marked(question("number"), 27, 27.0).outcome is Outcome.PASSED
    assert marked(question("number"), 27, 28).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (0.12, "100 times too small"),
        (1200, "100 times too large"),
        (-12, "sign"),
        ("12", "Leave the quotes out"),
        ([12], "Leave the brackets out"),
        (pd.Series([12]), ".iloc[0]"),
        (math.nan, "missing value"),
        (math.inf, "divide by zero"),
        (pd.DataFrame({"a": [1]}), "one number"),
        (True, "one number"),
        (17, "17 CNY is not the number asked for."),
        (11.5, "If you have rounded"),
        ((1, 25), "two values with a comma between them"),
        ((1, 0, 0), "3 values with commas between them. Write a large number without commas"),
    ],
)
def test_a_wrong_number_is_told_what_is_wrong(answer, words):
    result = marked(question("number", rtol=0.01, unit="CNY"), 12, answer)
    assert result.outcome is Outcome.FAILED
    assert words in result.message


finite = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12)


@given(finite, st.floats(0.0005, 50), st.floats(-3, 3))
def test_absolute_tolerance_agrees_with_arithmetic(value, atol, steps):
    answer = value + steps * atol
    off = abs(answer - value)
    assume(abs(off - atol) > 1e-6 * atol + 1e-12 * abs(value))
    assume(abs(value) < 1e9 * atol)
    result = marked(question("number", atol=atol), value, answer)
    assert (result.outcome is Outcome.PASSED) == (off <= atol)


@given(finite, st.floats(0.001, 0.2), st.floats(-3, 3))
def test_relative_tolerance_agrees_with_arithmetic(value, rtol, steps):
    assume(abs(value) > 1e-6)
    answer = value * (1 + steps * rtol)
    off = abs(answer - value) / abs(value)
    assume(abs(off - rtol) > 1e-6)
    result = marked(question("number", rtol=rtol), value, answer)
    assert (result.outcome is Outcome.PASSED) == (off <= rtol)


@given(finite, st.floats(0.001, 0.2))
def test_a_relative_seal_does_not_tell_the_size(value, rtol):
    assume(abs(value) > 1e-6)
    grid = Tolerance(rtol=rtol).grid(value)
    assert abs(grid.offset) <= grid.width < 0.5


# choices, sets, rankings


def test_a_choice_ignores_case_and_blanks():
    assert marked(question("choice"), "b", " B ").outcome is Outcome.PASSED
    assert marked(question("choice"), "b", "a").outcome is Outcome.FAILED
    assert "not among the choices" in marked(question("choice"), "b", "z").message


def test_a_yes_or_no_may_be_true_or_false():
    assert marked(question("choice", choices=["yes", "no"]), "yes", True).outcome is Outcome.PASSED


def test_a_set_takes_any_order_and_shares_its_points():
    q = question("set", points=4)
    assert marked(q, ["C", "G", "F"], {"F", "G", "C"}).outcome is Outcome.PASSED
    partly = marked(q, ["C", "G", "F"], ["C", "G", "K"])
    assert partly.outcome is Outcome.PARTIAL
    assert partly.points == 1.0
    assert "'K' does not belong" in partly.message
    assert marked(q, ["C", "G"], pd.Series(["G", "C"])).outcome is Outcome.PASSED


def test_a_set_with_a_comma_missing_is_told_where():
    asked = question("set", choices=["export", "stage"])
    assert 'write "export", "stage"' in marked(asked, ["export"], ["exportstage"]).message


def test_a_set_in_one_text_is_told_to_be_taken_apart():
    assert "in its own quotes" in marked(question("set"), ["C", "G"], "C G").message
    joined = marked(question("set", choices=["+size", "-lq"]), ["+size"], "+size -lq")
    assert "'+size -lq' is one text" in joined.message
    assert "you give 3" in marked(question("set"), ["C", "G"], ["C", "G", "F"]).message


def test_a_ranking_counts_its_top_and_names_the_first_wrong_place():
    q = question("ranking", top=3)
    assert marked(q, list("CGFK"), list("CGFA")).outcome is Outcome.PASSED
    assert "place 2" in marked(q, list("CGFK"), list("CFG")).message
    assert "reversed" in marked(question("ranking"), list("CGF"), list("FGC")).message
    assert "no order" in marked(q, list("CGFK"), {"C", "G", "F"}).message
    assert "has 4 entries; 3 are asked for" in marked(question("ranking"), list("CGF"), list("CGFX")).message
    assert "'X' does not belong" in marked(q, list("CGFK"), list("CXG")).message


def test_a_ranking_by_tau_forgives_a_swap():
    q = question("ranking", tau=0.6)
    assert marked(q, list("ABCDE"), list("BACDE")).outcome is Outcome.PASSED
    assert marked(q, list("ABCDE"), list("CBADE")).outcome is Outcome.FAILED


# tables

TABLE = pd.DataFrame(
    {"section": ["C", "G", "F"], "lq": [2.267, 1.1, 0.4], "name": ["Making", "Trade", "Building"]}
)


@pytest.mark.parametrize(
    "answer",
    [
        TABLE,
        TABLE.iloc[::-1],
        TABLE.set_index("section"),
        TABLE[["name", "section", "lq"]],
        TABLE.assign(more=1),
        TABLE.assign(lq=TABLE.lq + 0.0005),
    ],
)
def test_a_table_passes_in_any_row_and_column_order(answer):
    assert marked(question("table", atol=0.001), TABLE, answer).outcome is Outcome.PASSED


def test_a_column_with_the_key_as_its_index_is_a_table():
    series = TABLE.set_index("section")["lq"].rename("x")
    assert marked(question("table", atol=0.001, columns=["lq"]), TABLE, series).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (TABLE.drop(columns="lq"), "no column 'lq'"),
        (TABLE.drop(columns="section"), "no column 'section'"),
        (TABLE.iloc[:2], "1 is missing"),
        (pd.concat([TABLE, TABLE.iloc[:1]]), "'C' stands in the table more than once"),
        (pd.concat([TABLE, TABLE.iloc[:1].assign(section="Z")]), "1 should not be there (first: Z)"),
        (TABLE.assign(lq=[2.267, 1.3, 0.4]), "column 'lq' differs in row G"),
        (TABLE.assign(lq=["2", "1", "0"]), "holds text"),
        (TABLE.rename(columns={"lq": "a", "name": "b"}), "no column 'lq'"),
        (TABLE.assign(lq=...), "three dots `...` still stand in column 'lq'"),
        (TABLE.assign(lq=[2.267, ..., 0.4]), "three dots `...` still stand in row 'G'"),
        (TABLE.assign(lq=[2.3, 1.1, 0.4]), "If you have rounded"),
        (TABLE["lq"], "'section', the column that names its rows, is missing"),
        (TABLE.groupby("section"), "say what to work out"),
        (5, "asks for a table"),
    ],
)
def test_a_wrong_table_is_told_where(answer, words):
    result = marked(question("table", atol=0.001), TABLE, answer)
    assert result.outcome in (Outcome.FAILED, Outcome.PARTIAL)
    assert words in result.message


def test_a_table_shares_its_points_by_rows_rounded_down_to_halves():
    q = question("table", atol=0.001, points=2)
    assert marked(q, TABLE, TABLE.assign(lq=[2.267, 1.3, 0.4])).points == 1.0


def test_order_counts_only_where_it_is_asked_for():
    q = question("table", atol=0.001, ordered=True)
    assert marked(q, TABLE, TABLE).outcome is Outcome.PASSED
    assert "not in the order" in marked(q, TABLE, TABLE.iloc[::-1]).message


def test_codes_as_numbers_do_not_match_codes_as_text_with_leading_zeros():
    q = question("table", key=["code"])
    right = pd.DataFrame({"code": ["033", "034"], "n": [1, 2]})
    assert marked(q, right, right.assign(code=[33, 34])).outcome is Outcome.FAILED


# functions


def grade(answer, expected=lambda n: n * 2, **more):
    q = question("function", **more)
    arguments = [(1,), (5,), (9,)]
    sealed = seal_question(q, call_plain(expected, arguments), [], salt="s", arguments=arguments)
    plain = call_plain(answer, arguments) if callable(answer) else to_plain(answer)
    return mark(sealed, plain)


def test_a_function_is_judged_by_what_it_returns():
    assert grade(lambda n: n + n).outcome is Outcome.PASSED
    assert "right in 1 of 3 tries" in grade(lambda n: 2).message
    assert grade(lambda n: ...).outcome is Outcome.UNATTEMPTED
    assert "begin with `return`" in grade(lambda n: None).message
    assert "three dots `...` still stand in it" in grade(lambda n: n / ...).message
    assert "stopped with ZeroDivisionError" in grade(lambda n: n / 0).message
    assert grade(lambda n: n / 0).outcome is Outcome.ERRORED
    assert "asks for a function" in grade(3).message
    assert grade(lambda n: str(n * 2)).outcome is Outcome.FAILED


def test_what_a_function_returned_is_told_as_the_choices_are_written():
    result = grade(lambda n: "C", lambda n: "AB"[n > 4], returns="choice", choices=["A", "B", "C"])
    assert "in try 1 it gave 'C'" in result.message


# hints


def test_a_typical_wrong_answer_earns_its_hint_and_no_other_does():
    wrong = [(9.0, "You forgot the header."), (7.0, "You took the mean.")]
    q = question("number", atol=0.1)
    assert marked(q, 8.0, 9.05, wrong).hint == "You forgot the header."
    assert marked(q, 8.0, 7.0, wrong).hint == "You took the mean."
    assert marked(q, 8.0, 12.0, wrong).hint == ""
    assert marked(q, 8.0, 8.0, wrong).hint == ""


def test_a_wrong_form_earns_its_hint_too():
    wrong = [
        (TABLE.drop(columns="lq"), "Keep the quotient."),
        (TABLE.assign(lq=[1.0, 2.0, 3.0]), "Transposed."),
    ]
    q = question("table", atol=0.001)
    assert marked(q, TABLE, TABLE.drop(columns="lq"), wrong).hint == "Keep the quotient."
    assert marked(q, TABLE, TABLE.assign(lq=[1.0, 2.0, 3.0]).iloc[::-1], wrong).hint == "Transposed."


def test_neither_answers_nor_hints_can_be_read_in_a_seal():
    sealed = seal_question(
        question("set"),
        to_plain(["Manufacturing", "Trade"]),
        [(to_plain(["Farming"]), "Look at the shares")],
        salt="s",
    )
    text = json.dumps(sealed.as_dict())
    for secret in ("Manufacturing", "Trade", "Farming", "Look at"):
        assert secret.casefold() not in text.casefold()


@given(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8"), min_size=12))
def test_a_hint_opens_with_its_key_only(key, hint):
    assert decrypt(key, encrypt(key, hint)) == hint
    assert decrypt(key + "x", encrypt(key, hint)) != hint


def test_a_solution_of_the_wrong_kind_is_refused():
    with pytest.raises(ValueError, match="is not a number"):
        seal_question(question("number"), "text", salt="s")


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("number", 3.0), ("choice", "a"), ("set", ["C"]), ("ranking", ["C", "G"]), ("table", TABLE)],
)
@given(answer=anything)
def test_no_answer_makes_marking_fail(kind, expected, answer):
    result = marked(question(kind, **({"choices": ["a", "b"]} if kind == "choice" else {})), expected, answer)
    assert result.outcome in Outcome


@pytest.mark.slow
@given(st.permutations(["a", "b", "c", "d", "e", "f"]))
def test_a_rankings_tau_is_kendalls(order):
    """A ranking passes exactly when scipy's rank correlation reaches the least one that is asked for."""
    from scipy.stats import kendalltau

    best = ["a", "b", "c", "d", "e", "f"]
    tau = kendalltau([best.index(name) for name in order], range(6)).statistic
    for least in (-0.4, 0.2, 0.6):
        assume(abs(tau - least) > 1e-9)
        passed = marked(question("ranking", tau=least), best, order).outcome is Outcome.PASSED
        assert passed == (tau >= least and order != best[::-1])


# other forms of the same answer


@pytest.mark.parametrize(
    ("expected", "written"),
    [(0.0463, 0.05), (0.1174, 0.12), (2.267, 2.3), (2.03, 2.0), (46.83, 47), (213.4, 213), (0.8, 0.8)],
)
def test_a_number_may_be_rounded_as_a_manager_would_write_it(expected, written):
    assert marked(question("number", atol=0.001), expected, written).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("expected", "written"),
    [
        (0.1174, 0.1),
        (0.1174, 0.13),
        (2.267, 2.0),
        (2.267, 2.4),
        (46.83, 50),
        (2.267, 2.26001),
        (0.0144, 0.01),
    ],
)
def test_a_number_that_was_rounded_too_far_or_not_at_all_does_not_pass(expected, written):
    assert marked(question("number", atol=0.001), expected, written).outcome is Outcome.FAILED


def test_large_numbers_may_be_rounded_where_a_share_is_the_tolerance_and_counts_never():
    assert marked(question("number", rtol=0.001), 234_567.8, 235_000).outcome is Outcome.PASSED
    assert marked(question("number", rtol=0.001), 234_567.8, 230_000).outcome is Outcome.FAILED
    assert marked(question("number"), 361, 360).outcome is Outcome.FAILED


def test_a_count_that_is_a_hundred_times_off_is_not_taken_for_a_percentage():
    assert "percentage" not in marked(question("number"), 300, 3).message
    assert "percentage" in marked(question("number", atol=0.001), 0.25, 25.0).message


def test_a_percentage_in_quotes_is_told_how_to_be_written():
    assert "25 % is `0.25`" in marked(question("number", atol=0.001), 0.25, "25 %").message


PAIRS = pd.DataFrame({"a": ["x", "x", "y"], "b": ["p", "q", "p"], "similarity": [0.5, 0.71, 0.2]})


@pytest.mark.parametrize(
    "answer",
    [
        PAIRS.set_index(["a", "b"])["similarity"],
        PAIRS.set_index(["a", "b"])["similarity"].rename_axis([None, None]),
        PAIRS.set_index(["a", "b"]),
        PAIRS.set_index("a"),
        PAIRS.rename(columns={"similarity": "s"}),
        list(PAIRS.itertuples(index=False, name=None)),
        PAIRS.to_dict("records"),
        PAIRS.to_dict("list"),
    ],
)
def test_a_table_with_two_keys_comes_in_many_forms(answer):
    q = question("table", key=["a", "b"], columns=["similarity"], atol=0.001)
    assert marked(q, PAIRS, answer).outcome is Outcome.PASSED


TWO = TABLE[["section", "lq"]]


@pytest.mark.parametrize(
    "answer",
    [
        TWO.rename(columns={"lq": "average"}),
        TWO.rename(columns={"lq": "LQ "}),
        TWO.rename(columns={"lq": "mean"}).assign(count=[3, 4, 5]),
        TWO.rename(columns={"lq": "quotient"}).assign(name=["a", "b", "c"]),
        TWO.rename(columns={"section": "index"}),
        dict(zip(TWO["section"], TWO["lq"], strict=True)),
        TWO.assign(lq=[2.27, 1.10, 0.40]),
    ],
)
def test_the_value_column_may_have_any_name(answer):
    q = question("table", atol=0.001, columns=["lq"])
    assert marked(q, TWO, answer).outcome is Outcome.PASSED


def test_of_several_columns_with_other_names_the_right_one_is_asked_for():
    q = question("table", atol=0.001, columns=["lq"])
    result = marked(q, TWO, TWO.assign(x=[1.0, 2.0, 3.0], y=[3.0, 2.0, 1.0]).drop(columns="lq"))
    assert result.outcome is Outcome.FAILED
    assert "Keep the one that holds it" in result.message


def test_a_column_that_says_the_same_of_every_row_earns_nothing():
    zeros = pd.DataFrame({"section": list("ABCD"), "n": [0, 0, 0, 7]})
    q = question("table", points=4)
    assert marked(q, zeros, zeros.assign(n=0)).points == 0
    assert marked(q, zeros, zeros.assign(n=[0, 0, 1, 7])).points == 3


@pytest.mark.parametrize(
    "answer",
    [
        pd.Series([2.0, 1.0], index=["C", "G"]),
        pd.DataFrame({"lq": [2.0, 1.0]}, index=["C", "G"]),
        pd.DataFrame({"section": ["C", "G"]}),
        [["C"], ["G"]],
        [["C", "G"]],
        {"C": 2.0, "G": 1.0},
        {1: "C", 2: "G"},
        {"C": 1, "G": 2}.keys(),
        {1: "C", 2: "G"}.values(),
    ],
)
def test_names_are_found_in_lists_tables_and_beside_numbers(answer):
    assert marked(question("set"), ["G", "C"], answer).outcome is Outcome.PASSED
    assert marked(question("ranking"), ["C", "G"], answer).outcome is Outcome.PASSED


def test_a_column_of_yes_and_no_is_told_to_be_a_filter():
    mask = pd.Series([True, False], index=["C", "G"])
    assert "Keep those with a yes" in marked(question("set"), ["C"], mask).message


@pytest.mark.parametrize(
    "answer", ['"b"', "b.", "(b)", "B)", pd.Series({"b": 0.2}), pd.DataFrame({"x": ["b"]}).x]
)
def test_a_choice_may_be_written_with_signs_round_it(answer):
    assert marked(question("choice"), "b", answer).outcome is Outcome.PASSED


def test_words_of_a_choice_may_be_joined_by_any_sign():
    q = question("choice", choices=["small firms", "large firms"])
    assert marked(q, "small firms", "small_firms").outcome is Outcome.PASSED
    assert marked(q, "small firms", "large-firms").outcome is Outcome.FAILED


def test_a_chosen_set_is_not_found_by_asking_again():
    """Nothing in what is said of one entry tells whether it belongs."""
    q = question("set", choices=list("abcdefgh"), points=2)
    said = {one: marked(q, ["a", "b", "c", "d"], [one]) for one in "abcdefgh"}
    assert len({(r.outcome, r.points, r.message.replace(repr(one), "")) for one, r in said.items()}) == 1
    wrong = marked(q, ["a", "b", "c", "d"], ["a", "b", "g", "h"])
    assert "'g'" not in wrong.message
    assert "'h'" not in wrong.message


def test_a_section_may_be_called_by_its_name():
    class Case:
        sections = pd.DataFrame(
            {"section": ["C", "F"], "name": ["Manufacturing", "Trade"], "name_zh": ["制造业", "批发"]}
        )

    def outcome(q, expected, answer):
        return mark(seal_question(q, to_plain(expected), salt="s"), to_plain(answer), Case()).outcome

    for written in ("manufacturing", "制造业", "C Manufacturing", "C: Manufacturing", "C (manufacturing)"):
        assert outcome(question("choice", choices=["C", "F"]), "C", written) is Outcome.PASSED
        assert outcome(question("set"), ["C", "F"], [written, "F"]) is Outcome.PASSED
    named = pd.DataFrame({"section": ["Manufacturing", "Trade"], "n": [1, 2]})
    assert outcome(question("table"), named.assign(section=["C", "F"]), named) is Outcome.PASSED
    assert outcome(question("choice", choices=["C", "F"]), "C", "F Manufacturing") is Outcome.FAILED
    traits = question("set", choices=["manufacturing", "exports"])
    assert outcome(traits, ["manufacturing"], ["manufacturing"]) is Outcome.PASSED


def test_what_is_only_near_a_wrong_answer_earns_no_hint():
    q, wrong = question("number", atol=0.01), [(7.0, "You took the mean.")]
    assert marked(q, 8.0, 7.0043217, wrong).hint == ""
    assert marked(q, 8.0, 7.0000217, wrong).hint == "You took the mean."
    assert marked(q, 8.0, 7.005, wrong).hint == "You took the mean."


def test_a_question_may_have_several_right_answers():
    q = question("number", atol=0.001)
    sealed = seal_question(q, 2.25, [(3.0, "No.")], also=[2.31], salt="s")
    sealed = Sealed.from_dict(json.loads(json.dumps(sealed.as_dict())))
    assert [mark(sealed, value).outcome for value in (2.25, 2.31)] == [Outcome.PASSED] * 2
    assert mark(sealed, 3.0).hint == "No."
    assert mark(sealed, 2.28).outcome is Outcome.FAILED


# plans


def tour(plan, case):
    """A judge: known letters, at most three of them; each is worth one."""
    from playbook.chapters.judging import Constraint, Judgement, entries_of

    entries = entries_of(plan, "letter")
    known = [entry for entry in dict.fromkeys(entries) if entry in ("a", "b", "c", "d")]
    rules = (
        Constraint("known", bool(entries) and len(known) == len(entries), "Not all are letters."),
        Constraint("time", len(entries) <= 3, "Too many."),
        Constraint("calm", True, ""),
    )
    return Judgement(rules, float(len(known[:3])), 3.0)


def planned(answer, points=6):
    q = question("plan", judge=f"{__name__}:tour", points=points)
    return mark(seal_question(q, to_plain(["a", "b", "c"]), salt="s"), to_plain(answer))


@pytest.fixture
def by_name(monkeypatch):
    """Judges are found by name, and this file is nobody's module."""
    monkeypatch.setitem(sys.modules, __name__, type(sys)("judges"))
    sys.modules[__name__].tour = tour


def weighed(plan, case, given=None):
    """What a plan reaches is its length; what was measured says how much is possible."""
    from playbook.chapters.judging import Constraint, Judgement

    reached = 1.0 if len(plan) >= given["wanted"] else 0.5
    return Judgement((Constraint("there", True, ""),), reached, 1.0, f"{len(plan)} of {given['wanted']}.")


def test_a_judge_gets_what_was_measured_when_the_answer_was_sealed(by_name):
    sys.modules[__name__].weighed = weighed
    q = question("plan", judge=f"{__name__}:weighed", points=6, within=0.001)
    sealed = seal_question(q, to_plain(["a", "b"]), salt="s", given={"wanted": 2})
    sealed = Sealed.from_dict(json.loads(json.dumps(sealed.as_dict())))
    whole, half = (mark(sealed, to_plain(plan)) for plan in (["x", "y"], ["x"]))
    assert (str(whole.outcome), whole.points, whole.message) == ("passed", 6, "2 of 2.")
    assert (str(half.outcome), half.points, half.message) == ("partial", 3, "1 of 2.")


def test_a_decision_may_be_typed_and_other_plans_may_not():
    assert question("plan", judge="x:y", decision=True).kind.may_be_typed
    assert not question("plan", judge="x:y").kind.may_be_typed
    assert not question("number").kind.may_be_typed


@pytest.mark.parametrize(
    "junk", [["nonsense"], "nonsense", ["x", "y", "z"], [1, 2], {"x": 1}, pd.DataFrame({"q": [1]})]
)
def test_a_plan_of_nothing_that_is_known_earns_nothing(by_name, junk):
    assert planned(junk).points == 0


def test_a_plan_earns_for_what_it_reaches_and_less_where_it_breaks_a_rule(by_name):
    assert planned(["a", "b", "c"]).points == 6
    assert planned(["a"]).points == 2
    assert planned(["nonsense", "a"]).points < planned(["a"]).points
    assert 0 < planned(["a", "b", "c", "d"]).points < 6
    assert "reaches 66.6 % of the best possible; 97 % is asked for" in planned(["a", "b"]).message


@pytest.mark.parametrize(
    "answer",
    [
        pd.DataFrame({"name": ["x", "y", "z"]}, index=pd.Index(["a", "b", "c"], name="letter")),
        pd.DataFrame({"name": ["x", "y", "z"]}, index=["a", "b", "c"]),
        pd.Series([1.0, 2.0, 3.0], index=["a", "b", "c"]),
        pd.Series(["a", "b", "c"], index=["x", "y", "z"]),
        pd.DataFrame({"whatever": ["a", "b", "c"]}),
        {"a": 1, "b": 1, "c": 1},
        [["a"], ["b"], ["c"]],
    ],
)
def test_a_plan_may_come_as_a_table_or_with_its_entries_in_the_index(by_name, answer):
    assert planned(answer).outcome is Outcome.PASSED


def test_a_word_that_may_be_chosen_keeps_its_hint_though_a_section_is_called_so():
    class Case:
        sections = pd.DataFrame({"section": ["C"], "name": ["Manufacturing"]})

    traits = question("set", choices=["manufacturing", "exports", "state-owned"])
    wrong = [(to_plain(["manufacturing", "state-owned"]), "Read the table from the top.")]
    sealed = seal_question(traits, to_plain(["exports", "state-owned"]), wrong, salt="s")
    assert (
        mark(sealed, to_plain(["manufacturing", "state-owned"]), Case()).hint
        == "Read the table from the top."
    )


def test_words_of_a_decision_are_not_read_as_sections(by_name):
    """A trait called *manufacturing* is no section C."""
    from playbook.cases import load_case

    said = []

    def listening(plan, case, given=None):
        said.append(plan["profile"])
        return weighed([], case, {"wanted": 1})

    sys.modules[__name__].listening = listening
    q = question("plan", judge=f"{__name__}:listening", points=6, decision=True)
    sealed = seal_question(q, to_plain({"profile": ["x"]}), salt="s")
    mark(sealed, to_plain({"profile": ["manufacturing"]}), load_case("jinhua"))
    assert said == [["manufacturing"]]
