"""The instructor's line: where trainees send what they hand in."""

import pytest

from playbook.authoring.sending import pieces, sent_to
from playbook.errors import PlaybookError


def config(folder, line):
    (folder / "_config.yml").write_text(f"sphinx:\n  config:\n    language: en\n{line}", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("", []),
        ("The group Reserve managers, spring", [["The group Reserve managers, spring", ""]]),
        ("wang.fang@example.com", [["wang.fang@example.com", "mailto:wang.fang@example.com"]]),
        (
            "Upload it: https://example.com/up?x=1.",
            [["Upload it: ", ""], ["https://example.com/up?x=1", "https://example.com/up?x=1"], [".", ""]],
        ),
        ("微信群：储备经理", [["微信群：储备经理", ""]]),
    ],
)
def test_addresses_become_links_and_words_stay_words(line, shown):
    assert pieces(line) == shown


@pytest.mark.parametrize(
    ("line", "what", "remedy"),
    [
        (3, "is no text but 3", "write one line"),
        (["a"], "is no text", "write one line"),
        ("a\nb", "is more than one line", "write one line"),
        ("x" * 201, "has 201 characters", "shorten it"),
        ("www.example.com/up", "is no whole address", "write https://www.example.com/up"),
        ("ftp://example.com", "which a browser would not open", "https:// before it"),
        ("javascript://x", "which a browser would not open", "https:// before it"),
        ("mailto:a@b.cc", "which a browser would not open", "a mail address alone"),
        ("https://", "a web address without a host", "write the whole address"),
    ],
)
def test_a_line_that_leads_nowhere_is_refused_with_its_remedy(line, what, remedy):
    with pytest.raises(PlaybookError) as error:
        pieces(line)
    assert what in error.value.what
    assert remedy in error.value.remedy


def test_it_is_read_from_the_courses_settings(tmp_path):
    assert sent_to(config(tmp_path, '    playbook_hand_in: "The group"\n')) == [["The group", ""]]
    assert sent_to(config(tmp_path, "")) == []
    assert sent_to(tmp_path / "elsewhere") == []


def test_settings_that_cannot_be_read_name_the_file(tmp_path):
    with pytest.raises(PlaybookError, match="no YAML") as error:
        sent_to(config(tmp_path, "    playbook_hand_in: @group\n"))
    assert "into quotation marks" in error.value.remedy
    assert error.value.where.endswith("_config.yml")
