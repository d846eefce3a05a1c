import base64
import json

import pytest

from playbook.site.lighten import lighten

ICONS = '<script defer src="../_static/scripts/fontawesome.js?digest=55c2"></script>\n'


@pytest.fixture
def site(tmp_path):
    for name, text in {
        "book/page.html": f"<html>{ICONS}<p>Text</p></html>",
        "_static/scripts/fontawesome.js": "icons",
        "_static/scripts/theme.js.map": "map",
        "_static/sphinx_yaq/math.js": "a whole library",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def quiz(**model) -> str:
    return f'<span class="yaq-q" data-model="{base64.b64encode(json.dumps(model).encode()).decode()}"></span>'


def test_the_script_for_all_icons_is_left_out(site):
    lighten(site)
    assert (site / "book/page.html").read_text(encoding="utf-8") == "<html><p>Text</p></html>"
    assert not (site / "_static/scripts/fontawesome.js").exists()
    assert not list(site.rglob("*.map"))


def test_doing_it_twice_changes_nothing(site):
    lighten(site)
    before = (site / "book/page.html").read_bytes()
    lighten(site)
    assert (site / "book/page.html").read_bytes() == before


def test_the_formula_library_goes_when_no_quiz_needs_it(site):
    (site / "book/page.html").write_text(quiz(type="TF", answer="T"), encoding="utf-8")
    lighten(site)
    assert (site / "_static/sphinx_yaq/math.js").read_text(encoding="utf-8").startswith("var math")


def test_the_formula_library_stays_when_a_quiz_needs_it(site):
    (site / "book/page.html").write_text(quiz(type="FB", math=True, answer="x^2"), encoding="utf-8")
    lighten(site)
    assert (site / "_static/sphinx_yaq/math.js").read_text(encoding="utf-8") == "a whole library"
