import pytest

from playbook.errors import PlaybookError
from playbook.figures.style import FONT_FILE, HAN_FAMILY
from playbook.site.fonts import SOURCE_FONT, characters_shipped, characters_used, cut_font

pytestmark = pytest.mark.slow


def test_the_shipped_font_holds_every_character_in_use(root):
    missing = characters_used(root) - characters_shipped()
    assert not missing, f"run python -m playbook.site.fonts: {''.join(sorted(missing))}"


def test_the_shipped_font_is_small():
    assert FONT_FILE.stat().st_size < 400_000


def test_the_font_carries_a_name_of_its_own_and_its_licence():
    from fontTools.ttLib import TTFont

    with TTFont(FONT_FILE) as font:
        assert font["name"].getDebugName(1) == HAN_FAMILY
    licence = (FONT_FILE.parent / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence


def test_without_the_source_font_the_message_says_how_to_get_it(tmp_path):
    with pytest.raises(PlaybookError, match="fonts-noto-cjk"):
        cut_font(tmp_path, source=tmp_path / "absent.ttc", out=tmp_path / "cut.otf")


@pytest.mark.skipif(not SOURCE_FONT.is_file(), reason="needs Debian's fonts-noto-cjk")
def test_the_font_can_be_cut_again(tmp_path):
    page = tmp_path / "book" / "index.md"
    page.parent.mkdir()
    page.write_text("罕见字：鑫淼", encoding="utf-8")
    cut_font(tmp_path, out=tmp_path / "cut.otf")
    assert set("鑫淼") <= characters_shipped(tmp_path / "cut.otf")
