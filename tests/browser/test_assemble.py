"""Python for the browser is assembled from any source that gives the right bytes, and from no other."""

import hashlib
import io
import json
import subprocess
import sys
import tarfile
import zipfile

import pytest

from playbook.errors import PlaybookError
from playbook.site.browser import archives, needs, pyodide, sources
from playbook.site.browser.lite import Exercise, read_exercises
from playbook.site.browser.pyodide import Lock, Missing, assemble, read_lock

RIGHT = b"the right bytes"


def lock_of(*source_names: str, name: str = "a.zip", data: bytes = RIGHT) -> Lock:
    """A lock of one file that these sources may hold."""
    file = {
        "file": name,
        "sha256": hashlib.sha256(data).hexdigest(),
        "size": len(data),
        "sources": list(source_names),
    }
    return Lock("0", {source: {"kind": source} for source in source_names}, (file,), "digest")


@pytest.fixture
def given(monkeypatch):
    """Sources that give what a test says: name → bytes, or why not; and a list of who was asked."""
    asked = []

    def source(name: str, answer):
        def ask(entry, wanted):
            asked.append(name)
            if isinstance(answer, str):
                raise sources.Unavailable(answer)
            return [(file["file"], answer) for file in wanted]

        monkeypatch.setitem(pyodide.KINDS, name, ask)

    return source, asked


def test_the_first_source_that_gives_the_right_bytes_is_taken(given, tmp_path):
    source, asked = given
    source("release", RIGHT)
    source("spare", RIGHT)
    found = assemble(lock_of("release", "spare"), tmp_path)
    assert found["a.zip"].read_bytes() == RIGHT
    assert asked == ["release"]


@pytest.mark.parametrize("first", ["no answer", b"other bytes"])
def test_a_source_that_is_silent_or_lies_gives_way_to_the_next(given, tmp_path, first):
    source, asked = given
    source("release", first)
    source("spare", RIGHT)
    assert assemble(lock_of("release", "spare"), tmp_path)["a.zip"].read_bytes() == RIGHT
    assert asked == ["release", "spare"]


def test_what_was_fetched_once_is_not_fetched_again(given, tmp_path):
    source, asked = given
    source("release", RIGHT)
    assemble(lock_of("release"), tmp_path)
    assemble(lock_of("release"), tmp_path)
    assert asked == ["release"]


def test_a_damaged_file_in_the_cache_is_fetched_anew(given, tmp_path):
    source, _ = given
    source("release", RIGHT)
    (tmp_path / "a.zip").write_bytes(b"x" * len(RIGHT))
    assert assemble(lock_of("release"), tmp_path)["a.zip"].read_bytes() == RIGHT


def test_what_cannot_be_had_is_named_with_what_was_tried(given, tmp_path):
    source, _ = given
    source("release", "no answer from the host")
    source("spare", b"other bytes")
    with pytest.raises(Missing) as error:
        assemble(lock_of("release", "spare"), tmp_path)
    message = str(error.value)
    assert "a.zip" in message
    assert "no answer from the host" in message
    assert "another content" in message
    assert not (tmp_path / "a.zip").exists()


def test_progress_tells_how_much_is_done(given, tmp_path):
    source, _ = given
    source("release", RIGHT)
    told = []
    assemble(lock_of("release"), tmp_path, lambda done, total, what: told.append((done, total)))
    assert told == [(0, len(RIGHT)), (len(RIGHT), len(RIGHT))]


def test_the_lock_names_every_file_that_is_packed():
    lock = read_lock()
    names = [file["file"] for file in lock.files]
    for archive in archives.ARCHIVES:
        for wheel in archive.wheels:
            assert archives.wheel_of(wheel, names)
    for file in lock.files:
        assert len(file["sha256"]) == 64
        assert file["size"] > 0
        assert set(file["sources"]) <= set(lock.sources)
        assert ("wheel" in file["sources"]) == ("requirement" in file)


def test_the_official_release_is_asked_first():
    lock = read_lock()
    assert next(iter(lock.sources)) == "release"
    assert lock.version in lock.sources["release"]["url"]


def test_a_web_address_that_does_not_answer_is_left_quickly(monkeypatch):
    def refuse(address, timeout):
        assert timeout <= 10
        raise OSError("Connection refused")

    monkeypatch.setattr(sources.urllib.request, "urlopen", refuse)
    with pytest.raises(sources.Unavailable, match=r"no answer from example\.org"):
        list(sources.from_url({"url": "https://example.org/{file}"}, [{"file": "a"}]))


def test_modules_are_compiled_in_place_without_their_docstrings(tmp_path):
    (tmp_path / "one.py").write_text('"""Words."""\nvalue = 1\n', encoding="utf-8")
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "__init__.py").write_text('"""Kept."""\n', encoding="utf-8")
    (tmp_path / "template.py").write_text("{% not python %}\n", encoding="utf-8")
    script = archives.HERE / "compile_tree.py"
    subprocess.run(
        [sys.executable, str(script), str(tmp_path), "/there", "two"], check=True, capture_output=True
    )
    assert sorted(
        path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()
    ) == [
        "one.pyc",
        "template.py",
        "two/__init__.pyc",
    ]
    show = "import one, two; print(one.value, one.__doc__, two.__doc__)"
    done = subprocess.run(
        [sys.executable, "-c", show], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["1", "None", "Kept."]


def test_an_archive_has_the_same_bytes_for_the_same_files(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name / "lib").mkdir(parents=True)
        (tmp_path / name / "lib" / "module.py").write_text("value = 1\n", encoding="utf-8")
    first, second = archives._tar(tmp_path / "a"), archives._tar(tmp_path / "b")
    assert first == second
    with tarfile.open(fileobj=io.BytesIO(first), mode="r:gz") as archive:
        assert archive.getnames() == ["lib/module.py"]


def kit_with(tmp_path, **modules: str):
    """A wheel of the course's package with these modules."""
    path = tmp_path / "kit.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for name, text in modules.items():
            wheel.writestr(f"playbook/{name.replace('_in_', '/')}.py", text)
    return path


def test_an_exercise_says_which_large_archives_it_will_ask_for(tmp_path):
    kit = kit_with(
        tmp_path,
        market_in_plain="import pandas\n",
        market_in_exact="def solve():\n    from scipy.optimize import milp\n    return milp\n",
        chapters_in_learn_in_panel="from playbook.market import exact\nimport matplotlib\n",
    )
    modules = {"scipy": "science", "matplotlib": "figures"}
    assert needs.heavy_archives("from playbook.market.plain import x", kit, modules) == []
    assert needs.heavy_archives("from playbook.market.exact import solve", kit, modules) == ["science"]
    assert needs.heavy_archives("from playbook.chapters.learn.panel import panel", kit, modules) == [
        "science",
    ]


def test_another_content_is_another_file_and_the_same_content_the_same():
    cells = [{"cell_type": "code", "source": ["x = 1"]}]
    one = Exercise("00-a", "A", {"cells": cells, "metadata": {"playbook": {"release": "1"}}}, 1, ())
    same = Exercise("00-a", "A", {"cells": cells, "metadata": {"playbook": {"release": "2"}}}, 1, ())
    other = Exercise("00-a", "A", {"cells": [{"cell_type": "code", "source": ["x = 2"]}]}, 1, ())
    assert one.file == same.file != other.file
    assert one.file.startswith("00-a~")


def test_released_notebooks_name_the_kernel_of_the_browser(tmp_path):
    (tmp_path / "notebooks").mkdir()
    notebook = {"cells": [], "metadata": {"kernelspec": {"name": "python3"}}}
    (tmp_path / "notebooks" / "00-a.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    question = {"id": "q", "title": "Q", "stretch": False, "answer": "a"}
    described = {"exercises": [{"exercise": "00-a", "title": "A", "questions": [question]}]}
    (tmp_path / "release.json").write_text(json.dumps(described), encoding="utf-8")
    (exercise,) = read_exercises(tmp_path)
    assert exercise.notebook["metadata"]["kernelspec"]["name"] == "python"
    assert (exercise.title, exercise.questions) == ("A", (("q", "Q", False, "a"),))


def test_without_a_release_the_build_says_how_to_make_one(tmp_path):
    from playbook.site.browser import build_browser_edition

    with pytest.raises(PlaybookError, match="playbook release"):
        build_browser_edition(tmp_path / "site")
