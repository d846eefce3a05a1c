"""Figures and documents name the invented company as their source, and never where records are a company's own."""

import json
import re
from pathlib import Path

import pytest

from playbook.cases import open_case
from playbook.cases.case import find_case
from playbook.company import source_of, speaking_of
from playbook.exercises.compose import compose, sections
from playbook.figures.style import finish, new_figure

#: Sentences of the catalogue that name the company.
CATALOGUE = Path(__file__).resolve().parents[1] / "playbook" / "locale" / "playbook.pot"


def sources():
    entries = re.findall(r'^msgid ((?:".*"\n)+)', CATALOGUE.read_text("utf-8"), re.MULTILINE)
    texts = ["".join(map(json.loads, entry.splitlines())) for entry in entries]
    return [text for text in texts if "QiHang Cloud (" in text]


def test_no_source_names_the_invented_company_where_records_are_a_companys_own():
    assert len(sources()) > 25
    for text in sources():
        with speaking_of(True):
            assert "our company" in source_of(text)
            assert not re.search("QiHang|fictional|invented", source_of(text))
        assert source_of(text) == text


@pytest.fixture
def own(tmp_path):
    """A case of own records: Wuxi's, as an import would have written it."""
    shipped = find_case("wuxi").folder
    (tmp_path / "ours").mkdir()
    for path in shipped.iterdir():
        (tmp_path / "ours" / path.name).write_bytes(path.read_bytes())
    record = json.loads((shipped / "case.json").read_text("utf-8"))
    told = json.dumps(record | {"case": "ours", "generator": "import"})
    (tmp_path / "ours" / "case.json").write_text(told, encoding="utf-8")
    return find_case(tmp_path / "ours")


def test_a_figure_of_the_notebooks_case_says_whose_records_it_shows(own, monkeypatch):
    def line():
        return finish(new_figure()[0], "QiHang Cloud (fictional), accounts table").get_supxlabel()

    roster = own.folder.parent / "roster.csv"
    roster.write_text("id,city\n1001,ours\n1002,wuxi\n", encoding="utf-8")
    monkeypatch.setenv("PLAYBOOK_ROSTER", str(roster))
    open_case("1001")
    assert line() == "Source: our company, accounts table"
    open_case("1002")
    assert line() == "Source: QiHang Cloud (fictional), accounts table"


@pytest.mark.slow
def test_a_document_says_whose_records_it_rests_on_whatever_is_opened(own):
    from playbook.authoring.master import find_masters
    from playbook.authoring.release import describe
    from playbook.authoring.solve import run_master
    from playbook.exercises.city_playbook import page
    from playbook.exercises.plain import to_plain

    [master] = find_masters(names=["03"])
    for case, said in ((own, "our company"), (find_case("wuxi"), "QiHang Cloud (invented company)")):
        answers = {
            name: {"answer": to_plain(value), "outcome": "passed"}
            for name, value in run_master(master, case).expected.items()
        }
        parts = sections({master.id: answers}, [describe(master)], case)
        document = page(compose("Li Wei", case, parts))
        assert said in document
        assert ("QiHang" in document) == (case is not own)
