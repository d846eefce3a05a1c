"""Packages for learning platforms: every file that is named is there, and every chapter has its page."""

import io
import json
import re
import zipfile
from xml.etree import ElementTree

import pytest

from playbook.authoring.master import find_masters
from playbook.errors import PlaybookError
from playbook.site.packages import CANNOT, FORMS, package

SITE = "https://example.org/opening-a-city/"
NAMES = {
    "ims": "{http://www.imsproject.org/xsd/imscp_rootv1p1p2}",
    "adl": "{http://www.adlnet.org/xsd/adlcp_rootv1p2}",
    "cmi5": "{https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd}",
}


@pytest.fixture(scope="module")
def masters(root):
    return find_masters(root / "exercises", ["03", "04"])


def opened(form, masters, **more):
    return zipfile.ZipFile(io.BytesIO(package(form, SITE, "Opening <a> City", masters, **more)))


def test_a_scorm_package_names_its_files_chapters_and_least_scores(masters):
    archive = opened("scorm12", masters, pass_share=0.7)
    manifest = ElementTree.fromstring(archive.read("imsmanifest.xml"))
    named = {one.get("href") for one in manifest.iter(f"{NAMES['ims']}file")}
    assert named == set(archive.namelist()) - {"imsmanifest.xml"}
    resources = {one.get("identifier"): one for one in manifest.iter(f"{NAMES['ims']}resource")}
    items = list(manifest.iter(f"{NAMES['ims']}item"))
    assert [one.find(f"{NAMES['adl']}masteryscore").text for one in items] == ["70", "70"]
    assert all(resources[one.get("identifierref")].get(f"{NAMES['adl']}scormtype") == "sco" for one in items)
    assert manifest.find(f".//{NAMES['ims']}organization/{NAMES['ims']}title").text == "Opening <a> City"


def test_a_cmi5_package_has_an_unit_for_each_chapter(masters):
    archive = opened("cmi5", masters)
    course = ElementTree.fromstring(archive.read("cmi5.xml"))
    units = list(course.iter(f"{NAMES['cmi5']}au"))
    assert [one.get("id") for one in units] == [f"{SITE}{one.id}" for one in masters]
    assert {(one.get("moveOn"), one.get("masteryScore"), one.get("launchMethod")) for one in units} == {
        ("CompletedOrPassed", "0.6", "AnyWindow")
    }
    assert {one.find(f"{NAMES['cmi5']}url").text for one in units} < set(archive.namelist())


@pytest.mark.parametrize("form", FORMS)
def test_a_page_knows_its_chapter_and_holds_no_answer(form, masters):
    archive = opened(form, masters)
    page = archive.read("03-entry-industries.html").decode()
    about = json.loads(re.search(r'<script id="about" type="application/json">(.*?)</script>', page, re.S)[1])
    assert about["address"] == "https://example.org/opening-a-city/book/03-entry-industries.html"
    assert about["origin"] == "https://example.org"
    assert about["points"] == masters[0].points
    assert set(about) == {
        "exercise",
        "title",
        "points",
        "page",
        "live",
        "questions",
        "decision",
        "address",
        "origin",
        "mastery",
    }
    assert package(form, SITE, "T", masters) == package(form, SITE, "T", masters)


def test_a_form_that_is_not_known_is_told(masters):
    with pytest.raises(PlaybookError, match="--format 'scorm2004' is not known") as caught:
        package("scorm2004", SITE, "T", masters)
    assert caught.value.remedy == "use one of scorm12, cmi5"


@pytest.mark.parametrize("site", ["example.org", "ftp://x.org", "https://", "https://x.org/?a=1"])
def test_what_is_no_address_is_told(site, masters):
    with pytest.raises(PlaybookError, match="is no address of a site") as caught:
        package("cmi5", site, "T", masters)
    assert "--site https://" in caught.value.remedy


def test_packages_say_what_they_cannot_carry():
    assert CANNOT[0].startswith("What is reported is what the trainee's browser says")


def test_the_books_pages_and_the_exercises_can_be_asked(root):
    from playbook.site.browser.lite import SHARED

    assert "asked.js" in SHARED
    assert 'add_js_file("asked.js"' in (root / "playbook/site/sphinx_ext.py").read_text("utf-8")
