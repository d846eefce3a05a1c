"""Alike notebooks: planted copies are found with what shows it, honest ones are left in peace, and no mark moves."""

import copy
from dataclasses import replace

import pytest

from playbook.authoring.master import find_masters
from playbook.cases.roster_file import read_roster
from playbook.desk import likeness
from playbook.desk.likeness import find_pairs, likeness_page
from playbook.desk.oral import card
from playbook.gradebook.gradebook import Gradebook
from playbook.submissions.hand_in import find_hand_ins
from tests.grading.fuzz import check_harmless
from tests.shared import forty

EXERCISE = "03-entry-industries"


@pytest.fixture(scope="module")
def master():
    [found] = find_masters(names=[EXERCISE])
    return found


@pytest.fixture(scope="module")
def honest(master):
    """Notebooks of everybody, each in a hand of their own, by trainee."""
    return {
        one.id: forty.notebook(master, one, forty.answers(master, one, one.skill)) for one in forty.people()
    }


def alike(tmp_path, master, notebooks):
    """The pairs of a cohort in which everybody hands this in."""
    (tmp_path / "roster.csv").write_text(forty.roster_csv(forty.people()), encoding="utf-8")
    for trainee, notebook in notebooks.items():
        forty.put(tmp_path / "in" / trainee / f"{EXERCISE}.ipynb", notebook, forty.START)
    with Gradebook(tmp_path / "g.sqlite") as book:
        book.keep_roster(read_roster(tmp_path / "roster.csv"))
        book.record(list(find_hand_ins(tmp_path / "in", [EXERCISE], roster=book.roster())))
        before = book.attempts()
        found = find_pairs(book, [master])
        assert book.attempts() == before
    return found


def code(notebook):
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def renamed(notebook, old, new):
    """A copy in which the copier has typed a name of their own."""
    made = copy.deepcopy(notebook)
    for cell in code(made):
        cell["source"] = cell["source"].replace(f'"{old}"', f'"{new}"')
    return made


def with_own_hand(notebook):
    """The same with an added cell, odd names and remarks."""
    made = copy.deepcopy(notebook)
    cells = [cell for cell in code(made) if cell["metadata"].get("playbook", {}).get("question")]
    for number, cell in enumerate(cells[:3]):
        cell["source"] = f"# my uncle's rule of thumb {number}\nuncle_{number} = {number}\n{cell['source']}"
    made["cells"].insert(
        4,
        {
            "cell_type": "code",
            "id": "5f0c3a91",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": "1+1",
        },
    )
    return made


@pytest.mark.slow
def test_honest_notebooks_raise_no_alarm(tmp_path, master, honest):
    assert alike(tmp_path, master, honest) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("how", "kinds"),
    [
        ("name kept", {"another's name", "the same added cells"}),
        ("name changed", {"the same added cells", "the same odd names", "the same remarks"}),
        ("added cells taken out", {"the same odd names", "the same remarks"}),
    ],
)
def test_a_copy_is_found_by_what_nobody_was_given(tmp_path, master, honest, how, kinds):
    source = with_own_hand(honest["E1001"])
    made = copy.deepcopy(source) if how == "name kept" else renamed(source, "E1001", "E1014")
    if how == "added cells taken out":
        made["cells"] = [
            cell for cell in made["cells"] if str(cell["id"]).startswith(("step", "question", "hand"))
        ]
    made["metadata"]["touched"] = True  # other bytes
    [pair] = alike(tmp_path, master, {**honest, "E1001": source, "E1014": made})
    assert pair.trainees == ("E1001", "E1014")
    assert kinds <= {one.kind for one in pair.evidence}
    assert pair.strong is (how != "added cells taken out")


@pytest.mark.slow
def test_a_copy_with_every_name_and_remark_of_its_own_is_not_found(tmp_path, master, honest):
    """What this cannot see: who types it all anew leaves nothing that tells."""
    plain = renamed(honest["E1001"], "E1001", "E1014")
    for cell in code(plain):
        cell["source"] = "\n".join(line for line in cell["source"].splitlines() if "#" not in line)
    plain["cells"] = [
        cell for cell in plain["cells"] if str(cell["id"]).startswith(("step", "question", "hand"))
    ]
    other = copy.deepcopy(plain)
    for cell in code(other):
        cell["source"] = cell["source"].replace('"E1014"', '"E1001"') + "\n"
    assert alike(tmp_path, master, {**honest, "E1001": other, "E1014": plain}) == []


ZH = "先进入机械制造行业，因为这里有十二家出口企业，三个月后再决定。"


@pytest.mark.parametrize(
    ("text", "sentences", "weight"),
    [
        (f'decision = "{ZH}"', 1, 2),
        ("decision = '先进入机械制造行业，因为这里的企业多些再说吧。'", 1, 2),
        ('title = "各行业企业数量分布"', 0, 0),
        ('decision = "My uncle sells bicycles nearby"', 0, 0),  # shorter than the course asks for
        ('decision = "My uncle sells bicycles nearby, his aunt repairs them on Sundays."', 1, 2),
    ],
)
def test_a_chinese_sentence_is_one_as_an_english_one_is(master, text, sentences, weight):
    cell = {"cell_type": "code", "id": "step-1", "metadata": {}, "source": text}
    found = likeness.traces({"cells": [cell]}, likeness.Given.of(master)).sentences
    assert len(found) == sentences
    assert [likeness._weight("the same sentences", one) for one in found] == [weight] * sentences


def test_a_chinese_remark_of_several_words_weighs_as_an_english_one():
    remarks = ("my own way here", "先按行业分组", "按行业", "sorted here")
    assert [likeness._weight("the same remarks", one) for one in remarks] == [2, 2, 1, 1]


@pytest.mark.slow
def test_chinese_sentences_that_two_share_are_found(tmp_path, master, honest):
    made = {}
    for trainee in ("E1001", "E1014"):
        made[trainee] = copy.deepcopy(honest[trainee])
        for number, cell in enumerate(code(made[trainee])[:3]):
            cell["source"] += f"\nmine_of_{trainee}_{number} = '{ZH}第{number}点。'"
    [pair] = alike(tmp_path, master, {**honest, **made})
    assert pair.trainees == ("E1001", "E1014")
    assert {one.kind for one in pair.evidence} >= {"the same sentences"}


@pytest.mark.slow
def test_an_example_that_many_took_over_is_no_evidence(tmp_path, master, honest):
    shown = {
        name: with_own_hand(one) if number < 12 else one for number, (name, one) in enumerate(honest.items())
    }
    assert alike(tmp_path, master, shown) == []


@pytest.mark.slow
def test_the_card_asks_about_lines_of_the_trainees_own(master, honest):
    made = card("Li Wei", "wuxi", honest["E1001"], master)
    assert len(made.questions) == 2
    assert len({one.title for one in made.questions}) == 2
    sources = "\n".join(cell["source"] for cell in code(honest["E1001"]))
    starters = "\n".join(block.starter for block in master.blocks)
    for asked in made.questions:
        assert asked.line.rstrip("…") in sources
        assert asked.line not in starters
        assert asked.ask.endswith("?") or asked.ask.endswith(".")


def test_the_card_asks_nothing_about_sentences_and_takes_the_line_with_most_to_ask(master):
    from playbook.desk.oral import _ask, _tellable

    sentence = 'decision = "I go there first if the number of accounts is above 40 and / or 50."'
    assert "goes the other way" not in _ask(sentence)[1]
    lines = _tellable('x = 0\n# note\ntop = table.sort_values("lq", ascending=False)\n', {"x = 1"})
    assert lines[0].startswith("top")
    notes = {one.title for one in master.questions if not one.kind.computed}
    made = card(
        "x",
        "",
        forty.notebook(
            master,
            forty.people()[9],
            {one.question.id: forty.solved(one, forty.people()[9]) for one in master.blocks},
        ),
        master,
    )
    assert not notes & {one.title for one in made.questions}


def test_a_notebook_that_holds_nothing_has_a_card_without_questions(master):
    assert card("x", "", None, master).questions == ()


@pytest.mark.slow
def test_the_page_says_that_it_proves_nothing(tmp_path, master, honest):
    source = with_own_hand(honest["E1001"])
    found = alike(tmp_path, master, {**honest, "E1001": source, "E1014": renamed(source, "E1001", "E1014")})
    page = likeness_page(found)
    check_harmless(page)
    assert "it proves nothing" in page
    assert "To ask Li Wei" in page
    assert f"Chapter 3 · {master.title} · E1001, E1014" in page
    assert EXERCISE not in page


def test_a_rare_wrong_answer_is_told_with_its_questions_title():
    shared = likeness._Shared(EXERCISE, {"lq": "Location quotients"})
    shared.people = dict.fromkeys(["a", "b", *map(str, range(20))])
    for trainee in ("a", "b"):
        shared.note("the same rare wrong answer", "lq\0Divide by the city.", trainee, "0.5")
    [(_pair, piece)] = likeness._pieces(shared)
    assert (piece.words, piece.question) == ("“Location quotients”: Divide by the city. (0.5)", "lq")
    hint = replace(piece, words=f"{piece.words} See `mix` <b>")
    pair = likeness.Alike(EXERCISE, "Chapter 3 · Entry", ("a", "b"), ("A", "B"), ("", ""), (hint,))
    page = likeness_page([pair])
    check_harmless(page)
    assert "See <code>mix</code> &lt;b&gt;" in page
