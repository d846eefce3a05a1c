"""Every file finds its person, however a platform or a person packed it; what is not certain is held."""

import unicodedata

import pytest

from playbook.submissions.hand_in import find_hand_ins
from playbook.submissions.platforms import read_path
from tests.submissions.layouts import EXERCISES, LAYOUTS, ROSTER, in_folder, in_zip, notebook


def content(layout):
    return {one.path: notebook(one.typed, note=str(n)) for n, one in enumerate(LAYOUTS[layout])}


@pytest.fixture(params=["folder", "zip"])
def pack(request, tmp_path):
    """Put files into a folder, or into a zip."""
    return lambda files: (
        in_folder(files, tmp_path / "in") if request.param == "folder" else in_zip(files, tmp_path / "in.zip")
    )


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_file_finds_its_person(pack, layout):
    found = find_hand_ins(pack(content(layout)), EXERCISES, roster=ROSTER)
    known = {one.path: one.owner for one in LAYOUTS[layout] if one.owner}
    assert {one.source: one.trainee for one in found} == known
    assert {one.source for one in found.held} == {one.path for one in LAYOUTS[layout] if not one.owner}
    assert not found.passed


WITHOUT = {
    "Moodle, a folder each": ["Li Wei", "Wang Fang", "Na Ouyang", "李伟"],
    "Moodle, flat": ["Li Wei", "Wang Fang", "王芳", "李伟强（销售一部）"],
    "Canvas": ["weili", "wangfang", "naouyang", "李伟"],
    "Blackboard": ["E1024", "e1025", "2033"],
    "Brightspace": ["Li Wei", "Wang Fang", "欧阳娜"],
    "Teams": ["Li Wei", "Wang Fang", "李伟强"],
    "Google": ["Li Wei", "Wang Fang", "王芳"],
    "GitHub Classroom": ["octo-cat", "wangfang", "wf99"],
    "Sakai": ["E1024", "E1025", "2033"],
    "学习通, zips in a zip": ["2031", "2032", "2034"],
    "the kit's bundle, handed in whole": ["li-wei", "Wang Fang", "2033"],
}


@pytest.mark.parametrize("layout", WITHOUT)
def test_without_a_roster_each_person_is_one(pack, layout):
    found = find_hand_ins(pack(content(layout)), EXERCISES)
    by_source = {one.source: one.trainee for one in found}
    assert [by_source.get(one.path) for one in LAYOUTS[layout]] == WITHOUT[layout]


def test_a_platforms_form_is_seen_in_names_as_a_mac_writes_them_and_not_in_a_number_by_hand():
    name = "garcíajosé_12345_67890_03-entry-industries.ipynb"
    assert read_path([unicodedata.normalize("NFD", name)]) == read_path([name])
    assert read_path([name]).name == "garcíajosé"
    assert read_path(["03_2031_20261120_李伟.ipynb"]) is None
