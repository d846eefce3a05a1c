from pathlib import Path

import pytest

from playbook.casemaking.dictionary import dictionary_markdown
from playbook.casemaking.impurities import NOTES
from playbook.casemaking.instructor import instructor_markdown, write_pages
from playbook.cases import SCHEMA

BOOK = Path(__file__).parents[2] / "book"


@pytest.mark.parametrize(
    ("page", "text"),
    [("data-dictionary.md", dictionary_markdown), ("instructor/data.md", instructor_markdown)],
)
def test_the_page_in_the_book_is_up_to_date(page, text):
    assert (BOOK / page).read_text(encoding="utf-8") == text(), "run `playbook case remake`"


def test_every_column_of_every_table_is_explained():
    text = dictionary_markdown()
    for table in SCHEMA.values():
        section = text.split(f"### `{table.name}`")[1].split("### ")[0]
        for column in table.columns:
            assert f"| `{column.name}` | {column.dtype} |" in section
            assert column.meaning.endswith(".")


def test_readers_are_not_told_what_was_planted():
    text = dictionary_markdown()
    for note in NOTES.values():
        assert note not in text
    assert "logit" not in text


def test_every_note_is_on_a_column_that_exists():
    for table, column in NOTES:
        assert column in SCHEMA[table].names


def test_the_pages_are_written_where_the_book_is(tmp_path):
    (tmp_path / "instructor").mkdir()
    assert [path.name for path in write_pages(tmp_path)] == ["data-dictionary.md", "data.md"]
    assert (tmp_path / "data-dictionary.md").read_text(encoding="utf-8") == dictionary_markdown()
