"""Masters are read, and what is wrong in one is named with its cell."""

import pytest

from playbook.authoring import find_masters, load_master
from playbook.authoring import master as master_module
from playbook.authoring.master import _read_master
from playbook.errors import PlaybookError
from tests.shared.mini import MASTER, write_master


def test_a_master_is_read_whole(mini):
    assert (mini.id, mini.title, mini.header.do_minutes, mini.points) == ("99-mini", "Mini", 5, 6.0)
    assert [q.id for q in mini.questions] == ["prospects", "by_section", "density", "enter"]
    first = mini.blocks[0]
    assert first.starter.startswith("# Count")
    assert [w.hint for w in first.wrongs] == ["You counted every account.", "You counted the header too."]


def test_a_left_out_starter_is_the_answer_and_its_check(mini):
    assert mini.blocks[1].starter == 'by_section = ...\ncheck("by_section", by_section)'


def test_judgements_are_recorded_by_default(mini):
    assert [q.feedback for q in mini.questions] == ["full", "full", "full", "recorded"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("kind: number", "kind: numbr", "`kind: numbr` is not one of number"),
        ("points: 2, unit", "points: 1.3, unit", "`points: 1.3` is not a positive multiple of one half"),
        ("title: Prospects, ", "", "lacks 'title'"),
        ("unit: accounts", "units: accounts", "a number question has no field 'units'"),
        ("kind: table, key: section", "kind: table", "a table needs `key: column`"),
        (":tags: [arguments]", ":tags: [instructor]", "a function needs a cell tagged `arguments`"),
        ("hint: You counted every account.", "nothing: 1", "a wrong answer without a hint"),
        (
            "hint: You counted the header too.",
            "hint: You counted every account.",
            "two hints of 'prospects' are the same",
        ),
        (":tags: [starter]", ":tags: [startr]", "unknown tag 'startr'"),
        ("id: by_section", "id: prospects", "two questions are called 'prospects'"),
        ("  minutes: {read: 3, do: 5}\n", "", "`playbook: {minutes: …}`"),
        ("minutes: {read: 3, do: 5}", "minutes: 5", "`minutes: 5` is not understood"),
        ("read: 3", "read: three", "`minutes:` holds 'three'"),
        ("title: Mini", "titel: Mini\n  title: Mini", "a key that means nothing: `titel:`"),
        ("section: A section", "section: A\n  judges: x", "`judges: x` is not understood"),
        ("section: A section", "section: A\n  measures: x", "`measures: x` is not understood"),
        (
            "section: A section",
            "section: A\n  measures: {mine: playbook.figures.style:use_style}",
            "it takes 0 arguments, and is called with 2",
        ),
        (
            "section: A section",
            "section: A\n  figure: playbook.chapters.nowhere:draw",
            "`figure: playbook.chapters.nowhere:draw`: there is no module playbook.chapters.nowhere",
        ),
        (
            "section: A section",
            "section: A\n  figure: playbook.figures.style:draw",
            "the module playbook.figures.style has no function 'draw'",
        ),
        (
            "section: A section",
            "section: A\n  judges: {mine: playbook.figures.style:use_style}",
            "it takes 0 arguments, and is called with 2",
        ),
        (
            "section: A section",
            "section: A\n  summary: playbook.figures.style:describe",
            "`summary: playbook.figures.style:describe`: it takes 1 arguments, and is called with 2",
        ),
        (
            "section: A section",
            "section: A\n  review: ['Why?', 'When?']",
            "`review: ['Why?', 'When?']` is not understood",
        ),
        ("section: A section", "section: A\n  part: markets", "`part: markets` is not understood"),
        ("section: A section", "section: A\n  short_way: 1", "`short_way: 1` is not understood"),
        ("section: A section", "section: A\n  review: Why?", "`review: Why?` is not understood"),
        ("section: A section", "section: A\n  figure: draw", "it is not written as package.module:function"),
        (
            "section: A section",
            "section: A\n  panel: playbook.chapters.three_densities.panel:panel",
            "0 cells are tagged `panel`, and the front matter names one",
        ),
        ('open_exercise("99-mini")', 'open_exercise("98-mini")', "the cell opens the exercise '98-mini'"),
        ("kind: choice,", "kind: plan, judge: mine,", "a plan question has no field 'choices'"),
        (
            "kind: choice, choices: [C, G, F],",
            "kind: plan, judge: mine,",
            "the front matter names no judge 'mine'",
        ),
        ("kind: function,", "kind: function, returns: table,", "`returns: table` is not number or choice"),
        ("exercise: 99-mini", "exercise: 98-mini", "the master calls itself '98-mini'"),
        ("choices: [C, G, F], ", "", "a choice needs `choices: [...]`"),
        ("atol: 0.001", "atol: 0.001, rtol: 0.1", "give `atol` or `rtol`, not both"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, old, new, words):
    folder = write_master(tmp_path, MASTER.replace(old, new, 1))
    with pytest.raises(PlaybookError) as caught:
        load_master(folder / "99-mini")
    assert words in str(caught.value)
    assert "master.md" in str(caught.value)
    assert caught.value.remedy


def test_a_cell_is_named_by_number(tmp_path):
    folder = write_master(tmp_path, MASTER.replace("kind: number", "kind: numbr"))
    with pytest.raises(PlaybookError, match=r"master\.md cell 5: question 'prospects'"):
        load_master(folder / "99-mini")


def test_one_wrong_answer_is_too_few(tmp_path):
    start = MASTER.index("```{code-cell} ipython3\n---\ntags: [wrong]\nhint: You counted the header too.")
    stop = MASTER.index("## Question 2")
    folder = write_master(tmp_path, MASTER[:start] + MASTER[stop:])
    with pytest.raises(PlaybookError, match="'prospects' has 1 wrong answers"):
        load_master(folder / "99-mini")


def test_masters_are_found_by_the_beginning_of_their_names(tmp_path, mini):
    assert [m.id for m in find_masters(mini.path.parents[1], ["99"])] == ["99-mini"]
    with pytest.raises(PlaybookError, match=r"no exercise '12'[\s\S]*there are: 99-mini"):
        find_masters(mini.path.parents[1], ["12"])


class TestKept:
    """A master's text is parsed once for all that read it later."""

    @pytest.fixture(autouse=True)
    def cache(self, tmp_path, monkeypatch):
        monkeypatch.setenv("PLAYBOOK_CACHE", str(tmp_path / "cache"))
        _read_master.cache_clear()
        return tmp_path / "cache" / "reserve-manager-playbook" / "masters"

    @pytest.fixture
    def parsed(self, monkeypatch):
        """How often something was parsed."""
        times = []
        whole = master_module._jupytext
        monkeypatch.setattr(master_module, "_jupytext", lambda: times.append(1) or whole())
        return times

    def again(self, path):
        _read_master.cache_clear()
        return load_master(path)

    def test_it_is_the_same_and_not_parsed_again(self, tmp_path, parsed):
        path = write_master(tmp_path, MASTER) / "99-mini"
        assert self.again(path) == self.again(path)
        assert len(parsed) == 1

    def test_a_changed_text_is_parsed(self, tmp_path, parsed):
        path = write_master(tmp_path, MASTER) / "99-mini"
        assert load_master(path).title == "Mini"
        (path / "master.md").write_text(
            MASTER.replace("title: Mini", "title: Another title"), encoding="utf-8"
        )
        assert load_master(path).title == "Another title"
        assert len(parsed) == 2

    @pytest.mark.parametrize("broken", ["", "{", "[1, 2]", '{"cells": []}'])
    def test_what_was_kept_and_broke_is_parsed_anew(self, tmp_path, cache, parsed, broken):
        path = write_master(tmp_path, MASTER) / "99-mini"
        whole = load_master(path)
        for kept in cache.iterdir():
            kept.write_text(broken)
        assert self.again(path) == whole
        assert self.again(path) == whole
        assert len(parsed) == 2

    def test_what_json_cannot_hold_is_not_kept(self, tmp_path, cache):
        path = (
            write_master(tmp_path, MASTER.replace("playbook:", "written: 2026-11-30\nplaybook:", 1))
            / "99-mini"
        )
        assert self.again(path) == self.again(path)
        assert not list(cache.glob("*"))

    def test_without_a_folder_to_keep_it_in_it_is_read_all_the_same(self, tmp_path, cache):
        cache.parent.mkdir(parents=True)
        cache.write_text("a file")
        assert load_master(write_master(tmp_path, MASTER) / "99-mini").cells
