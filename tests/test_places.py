"""Where things are, and files that nobody ever sees half of."""

import os
import stat
from pathlib import Path

import pytest

from playbook import places
from playbook.errors import PlaybookError
from playbook.places import (
    cache_folder,
    course_root,
    instructor_secret,
    site_address,
    write_named,
    write_whole,
)


def test_the_secret_is_made_once_and_kept(tmp_path, monkeypatch):
    monkeypatch.delenv("PLAYBOOK_SECRET", raising=False)
    first = instructor_secret(tmp_path / "secret")
    assert len(first) == 64
    assert instructor_secret(tmp_path / "secret") == first
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0
    monkeypatch.setenv("PLAYBOOK_SECRET", "told")
    assert instructor_secret(tmp_path / "secret") == "told"


def test_an_empty_secret_is_told_rather_than_used(tmp_path, monkeypatch):
    monkeypatch.delenv("PLAYBOOK_SECRET", raising=False)
    (tmp_path / "secret").write_text(" \n")
    with pytest.raises(PlaybookError, match="the file of the secret is empty"):
        instructor_secret(tmp_path / "secret")


def test_the_course_is_the_nearest_folder_above_that_holds_one(tmp_path, monkeypatch):
    (tmp_path / "mine" / "exercises" / "01-a").mkdir(parents=True)
    (tmp_path / "mine" / "_config.yml").touch()
    (tmp_path / "mine" / "exercises" / "01-a" / "master.md").touch()
    monkeypatch.chdir(tmp_path / "mine" / "exercises")
    assert course_root() == course_root("exercises/*/master.md") == tmp_path / "mine"


def test_outside_a_course_the_kits_own_is_meant(tmp_path, monkeypatch, root):
    monkeypatch.chdir(tmp_path)
    assert course_root() == root
    with pytest.raises(PlaybookError, match=r"there is no course here: no nothing\.md here or above"):
        course_root("nothing.md")


def test_caches_lie_where_they_are_told_to_or_where_this_system_keeps_them(tmp_path, monkeypatch):
    monkeypatch.setenv("PLAYBOOK_CACHE", str(tmp_path))
    assert cache_folder("prepared") == tmp_path / "reserve-manager-playbook" / "prepared"
    monkeypatch.delenv("PLAYBOOK_CACHE")
    assert cache_folder("prepared").parts[-2:] == ("reserve-manager-playbook", "prepared")
    assert cache_folder("prepared").is_absolute()


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "page.html"
    write_whole(path, ["one\n", "zwei \ud800\n"])
    assert path.read_bytes() == b"one\nzwei ?\n"
    assert path.stat().st_mode & 0o777 == 0o644

    def stops():
        yield "half"
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        write_whole(path, stops())
    assert path.read_bytes() == b"one\nzwei ?\n"
    assert os.listdir(tmp_path) == ["page.html"]


@pytest.fixture
def linked(tmp_path):
    """A sheet of marks that its owner alone may read, and a link to it."""
    sheet, link = tmp_path / "marks.csv", tmp_path / "link.csv"
    sheet.write_text("old")
    sheet.chmod(0o600)
    link.symlink_to(sheet)
    return sheet, link


def test_a_file_that_a_person_named_keeps_who_may_read_it_and_a_link_stays_a_link(linked):
    """A sheet of marks that its owner alone could read was open to everybody afterwards."""
    sheet, link = linked
    write_named(link, ["new", b"er"])
    assert (link.is_symlink(), sheet.read_text(), sheet.stat().st_mode & 0o777) == (True, "newer", 0o600)
    write_whole(sheet, ["again"])
    assert (sheet.read_text(), sheet.stat().st_mode & 0o777) == ("again", 0o600)


def test_a_link_in_a_folder_of_ours_is_not_followed(linked):
    """Whoever hands in a repository may have put a link where results are written."""
    sheet, link = linked
    write_whole(link, ["new"])
    assert (link.is_symlink(), link.read_text(), sheet.read_text()) == (False, "new", "old")
    assert link.stat().st_mode & 0o777 == 0o644


def test_a_device_stays_one(monkeypatch):
    monkeypatch.setattr(places.os, "replace", None)  # or this machine would lose it
    write_whole(Path(os.devnull), ["marks"])
    write_named(Path(os.devnull), ["marks"])


def test_a_pipe_stays_one(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_named(pipe, ["marks"])
    assert os.read(reader, 10) == b"marks"
    os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize("text", ["", "foo", "https://", "ftp://e.org/c", "https://e.org/c?x=1"])
def test_what_is_no_address_is_told(text):
    with pytest.raises(PlaybookError, match="is no address of a site") as caught:
        site_address(text)
    assert "as in --site https://example.org/" in caught.value.remedy


@pytest.mark.parametrize("text", ["https://[x", "https:// x.org/a b", "https://x.org/a b"])
def test_an_address_that_nobody_can_open_is_told(text):
    with pytest.raises(PlaybookError, match="is no address of a site"):
        site_address(text)


def test_a_link_that_leads_to_itself_gives_way(tmp_path):
    (tmp_path / "a").symlink_to(tmp_path / "a")
    write_named(tmp_path / "a", ["x"])
    assert (tmp_path / "a").read_text(encoding="utf-8") == "x"


def test_an_address_loses_what_may_stand_at_its_end():
    assert (
        site_address(" https://e.org/c/index.html ") == site_address("https://e.org/c/") == "https://e.org/c"
    )


def test_what_is_being_written_can_be_told_by_its_name(tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(places.os, "replace", lambda making, path: seen.append(os.path.basename(making)))
    write_whole(tmp_path / "page.html", ["x"])
    assert seen[0].startswith(places.WRITING)
