"""Small books, built as the course is: every warning an error, results keyed on the data."""

import os
import shutil

import pytest
from typer.testing import CliRunner

from playbook.authoring.release import Release
from playbook.cli import app
from playbook.errors import PlaybookError
from playbook.places import course_root
from playbook.site import build as building
from playbook.site.build import _build_pages, _front_door
from playbook.site.edition import Edition, contents

PAGE = """\
---
jupytext: {text_representation: {extension: .md, format_name: myst}}
kernelspec: {name: python3, display_name: Python 3}
---
# A page

```{code-cell} ipython3
from pathlib import Path
print("the file says", Path("../data/figure.txt").read_text())
```
"""


@pytest.fixture
def small_book(tmp_path, root):
    """Our configuration with one page; returns a function that builds it and gives back the page."""
    shutil.copy(root / "_config.yml", tmp_path)
    shutil.copytree(root / "book" / "_static", tmp_path / "book" / "_static")
    (tmp_path / "book" / "_templates").mkdir()
    (tmp_path / "book" / "references.bib").touch()
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: book/index\n", encoding="utf-8")
    (tmp_path / "data").mkdir()
    (tmp_path / "_build").mkdir()

    def build(page: str) -> str:
        (tmp_path / "book" / "index.md").write_text(page, encoding="utf-8")
        _build_pages(tmp_path, tmp_path, Edition.INSTRUCTORS, False, lambda what, done, total: None)
        return (tmp_path / "_build" / "html" / "book" / "index.html").read_text(encoding="utf-8")

    build.folder = tmp_path
    return build


@pytest.mark.slow
@pytest.mark.long
def test_a_changed_data_file_executes_the_page_anew(small_book):
    figure = small_book.folder / "data" / "figure.txt"
    figure.write_text("one", encoding="utf-8")
    assert "the file says one" in small_book(PAGE)
    figure.write_text("two", encoding="utf-8")
    assert "the file says two" in small_book(PAGE)
    caches = list((small_book.folder / "_build" / ".jupyter_cache").iterdir())
    assert len(caches) == 1, "results that no longer fit the data are dropped"


@pytest.mark.slow
@pytest.mark.long
def test_a_changed_style_sheet_reaches_pages_that_have_not_changed(small_book):
    before = small_book("# A page\n")
    folder = small_book.folder
    (folder / "book" / "_static" / "course.css").write_text("body { color: red }", encoding="utf-8")
    _build_pages(folder, folder, Edition.INSTRUCTORS, False, lambda what, done, total: None)
    assert "red" in (folder / "_build" / "html" / "_static" / "course.css").read_text(encoding="utf-8")
    after = (folder / "_build" / "html" / "book" / "index.html").read_text(encoding="utf-8")
    assert after != before, "pages ask for the new version, not for the one that a browser has kept"


FAULTS = {
    "a broken link": ("[somewhere](nowhere.md)", "nowhere.md"),
    "an unknown term": ("{term}`no such term`", "no such term"),
    "an unknown reference": ("{cite:t}`nobody1900`", "nobody1900"),
    "a formula that cannot be drawn": (r"$\underbrace{a}_{b}$", "underbrace"),
    "a card of no exercise": ("```{exercise-card} 99-none\n```", "99-none"),
}


@pytest.mark.slow
def test_every_fault_of_a_page_fails_the_build_and_is_named(small_book):
    with pytest.raises(PlaybookError) as raised:
        small_book("# A page\n\n" + "\n\n".join(text for text, _ in FAULTS.values()) + "\n")
    for fault, (_, name) in FAULTS.items():
        assert name in str(raised.value), fault
    assert "book.log" in str(raised.value)


@pytest.mark.slow
def test_a_failing_cell_fails_every_build_and_names_page_line_cell_and_error(small_book):
    page = f"{PAGE}\n```{{code-cell}} ipython3\nprint('never')\n```\n"
    for _ in range(2):
        with pytest.raises(PlaybookError) as raised:
            small_book(page)
        message = str(raised.value)
        line = 1 + PAGE[: PAGE.index("from pathlib")].count("\n")
        assert f"index.md:{line}: WARNING: cell 1 stops with FileNotFoundError: [Errno 2]" in message
        assert message.count("WARNING") == 1


@pytest.mark.slow
@pytest.mark.long
def test_pages_run_side_by_side_and_a_changed_one_alone_runs_again(small_book):
    book, log = small_book.folder / "book", small_book.folder / "_build" / "book.log"
    toc = "format: jb-book\nroot: book/index\nchapters: [{file: book/one}, {file: book/two}]\n"
    (small_book.folder / "_toc.yml").write_text(toc, encoding="utf-8")
    # Each end of a pipe waits for the other: one after the other, the pages would never end.
    pipe = small_book.folder / "pipe"
    os.mkfifo(pipe)

    def page(name: str, code: str) -> None:
        text = f"{PAGE.split('from pathlib')[0]}{code}\n```\n"
        (book / f"{name}.md").write_text(text, encoding="utf-8")

    page("one", f"with open({str(pipe)!r}, 'w') as pipe:\n    print(pipe.write('a word'))")
    page("two", f"with open({str(pipe)!r}) as pipe:\n    print('page one sent', pipe.read())")
    small_book("# A page\n")
    said = log.read_text(encoding="utf-8")
    assert "book/one.md: Using cached notebook" in said
    assert "book/two.md: Using cached notebook" in said
    assert "Executing notebook" not in said
    html = small_book.folder / "_build" / "html" / "book" / "two.html"
    assert "page one sent a word" in html.read_text(encoding="utf-8")
    page("two", "print('nothing', 'was sent')")
    small_book("# A page\n")
    ran = [line for line in log.read_text(encoding="utf-8").splitlines() if line.startswith("running pages")]
    assert [line.split()[-1] for line in ran] == ["book/two"]
    assert "nothing was sent" in html.read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.long
def test_a_page_without_a_warm_kernel_is_run_in_its_own(small_book, monkeypatch):
    (small_book.folder / "data" / "figure.txt").write_text("one", encoding="utf-8")
    (small_book.folder / "sitecustomize.py").write_text(
        "import playbook.site.run_pages as pages\npages.KERNEL = 'no-such-kernel'\n", encoding="utf-8"
    )
    monkeypatch.setenv("PYTHONPATH", str(small_book.folder))
    assert "the file says one" in small_book(PAGE)
    assert "Executing notebook" in (small_book.folder / "_build" / "book.log").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_picture_takes_its_alternative_text_from_the_figure(small_book):
    page = PAGE.split("from pathlib")[0] + (
        "from playbook.figures.style import new_figure, finish\n"
        "fig, ax = new_figure()\nax.set_title('Trade leads')\nax.set_xlabel('Share (%)')\n"
        "finish(fig, 'a source')\n```\n"
    )
    assert 'alt="Trade leads. Share (%)."' in small_book(page)


def test_the_front_door_leads_to_the_book(tmp_path):
    _front_door(tmp_path)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert 'url=book/index.html"' in page
    assert 'lang="en"' in page


def test_outside_a_course_the_message_says_where_to_go(tmp_path, monkeypatch, root):
    monkeypatch.chdir(root / "tests")
    assert course_root() == root


def test_a_trainees_table_of_contents_leaves_out_what_only_instructors_read(tmp_path, root):
    assert contents(root, tmp_path, Edition.INSTRUCTORS) == root / "_toc.yml"
    shown = contents(root, tmp_path, Edition.TRAINEES).read_text(encoding="utf-8")
    assert "book/glossary" in shown
    assert "book/[0-9][0-9]-*" in shown
    assert "instructor" not in shown.lower()


def test_a_stopped_build_of_the_instructors_edition_does_not_stand_in_the_way(tmp_path, monkeypatch):
    html, place = tmp_path / "_build" / "html", tmp_path / "_build" / "instructors"
    for left in (html / "lite" / "index.html", place / "half.html"):
        left.parent.mkdir(parents=True)
        left.touch()

    def pages(root, apart, *_):
        (apart / "_build" / "html").mkdir(parents=True)
        (apart / "_build" / "html" / "index.html").touch()

    monkeypatch.setattr(building, "_build_pages", pages)
    monkeypatch.setattr(building, "_finish", lambda *_: None)
    building._build_edition(tmp_path, Edition.INSTRUCTORS, html, place, True, "key", lambda *_: None)
    found = sorted(path.relative_to(place).as_posix() for path in place.rglob("*.html"))
    assert found == ["index.html", "lite/index.html"]


def test_the_command_says_what_own_records_do_not_allow(tmp_path, monkeypatch):
    """The parts that take minutes stand aside; what the release refused is told once, when it is built."""
    refused = (("05-customer-profiles", "ours"), ("07-benchmark-customers", "ours"))
    release = Release("r", tmp_path, (), tmp_path, tmp_path, refused)
    monkeypatch.setattr(building, "course_root", lambda: tmp_path)
    monkeypatch.setattr(building, "write_release", lambda *_, **__: release)
    monkeypatch.setattr(building, "_offer_downloads", lambda *_: None)
    monkeypatch.setattr(building, "_browser_edition", lambda *_: [])

    def pages(root, edition, html, place, *_):
        place.mkdir(parents=True, exist_ok=True)
        (place / "index.html").touch()

    monkeypatch.setattr(building, "_build_edition", pages)
    told = "The records of ours do not allow 05-customer-profiles, 07-benchmark-customers: trainees are told so there."
    first, second = (CliRunner().invoke(app, ["build"]).output for _ in range(2))
    assert told in first
    assert "Nothing has changed" in second
    assert told not in second
