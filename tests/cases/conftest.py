"""What the tests of the cases share: a folder to spoil, an unseen case, and no setting from outside."""

import shutil
from pathlib import Path

import pytest

from playbook.casemaking import make_case
from playbook.cases import Case, load_case
from playbook.cases import case as case_module


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch):
    """No case held or current, no roster, whatever ran before."""
    for name in ("PLAYBOOK_CASE", "PLAYBOOK_ROSTER", "PLAYBOOK_SEED", "PLAYBOOK_DATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(case_module, "_current", [])


@pytest.fixture
def spoilt(tmp_path) -> Path:
    """A copy of Jinhua's folder that a test may damage."""
    return Path(shutil.copytree(load_case("jinhua").folder, tmp_path / "case"))


@pytest.fixture(scope="session")
def unseen(tmp_path_factory) -> Case:
    """An unseen Jinhua."""
    return make_case(
        "330700", b"an instructor's secret", tmp_path_factory.mktemp("unseen"), resample_public=True
    )
