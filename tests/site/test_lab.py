import json

import pytest

from playbook.authoring.release import Release
from playbook.site.lab import lay_out, open_lab


def write_release(folder, name):
    notebooks = folder / name
    notebooks.mkdir()
    path = notebooks / "03-entry-industries.ipynb"
    path.write_text(json.dumps({"cells": [], "metadata": {"playbook": {"release": name}}}), encoding="utf-8")
    return Release(name, folder, (path,), folder / "kit.whl", folder / "seals")


@pytest.fixture
def first(tmp_path):
    return write_release(tmp_path, "1.0-aaaa")


def test_notebooks_are_put_where_the_trainee_works(first, tmp_path):
    (added,) = lay_out(first, tmp_path / "my-work")
    assert added.name == "03-entry-industries.ipynb"


def test_work_is_never_overwritten(first, tmp_path):
    (own,) = lay_out(first, tmp_path / "my-work")
    own.write_text('{"cells": ["mine"], "metadata": {"playbook": {"release": "1.0-aaaa"}}}', encoding="utf-8")
    assert lay_out(first, tmp_path / "my-work") == []
    assert "mine" in own.read_text(encoding="utf-8")


def test_a_newer_release_is_put_beside_the_work(first, tmp_path):
    (own,) = lay_out(first, tmp_path / "my-work")
    before = own.read_bytes()
    (beside,) = lay_out(write_release(tmp_path, "1.1-bbbb"), tmp_path / "my-work")
    assert beside.name == "03-entry-industries.1.1-bbbb.ipynb"
    assert own.read_bytes() == before


def test_a_file_that_is_no_notebook_is_left_alone_too(first, tmp_path):
    folder = tmp_path / "my-work"
    folder.mkdir()
    (folder / "03-entry-industries.ipynb").write_text("not json", encoding="utf-8")
    lay_out(first, folder)
    assert (folder / "03-entry-industries.ipynb").read_text(encoding="utf-8") == "not json"


def test_jupyterlab_listens_on_this_machine_and_knows_the_seals(first, tmp_path, monkeypatch):
    calls = []
    monkeypatch.setattr("subprocess.call", lambda command, env: calls.append((command, env)) or 0)
    assert open_lab(first, tmp_path, browser=False) == 0
    command, environment = calls[0]
    assert "--ip=127.0.0.1" in command
    assert environment["PLAYBOOK_SEALS"] == str(first.seals)
