import pytest

from playbook.site.lighten import lighten

ICONS = '<script defer src="../_static/scripts/fontawesome.js?digest=55c2"></script>\n'


@pytest.fixture
def site(tmp_path):
    for name, text in {
        "book/page.html": f"<html>{ICONS}<p>Text</p></html>",
        "_static/scripts/fontawesome.js": "icons",
        "_static/scripts/theme.js.map": "map",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


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
