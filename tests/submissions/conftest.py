"""What tests of hand-ins share."""

import pytest

from playbook.submissions.hand_in import find_hand_ins
from tests.submissions.layouts import EXERCISES, ROSTER, in_folder, notebook


@pytest.fixture
def find(tmp_path):
    """Find the owners of files, given by path and typed name."""

    def find(files, roster=ROSTER, settled=None, made=None):
        made = made or {
            path: notebook(typed, EXERCISES[1] if "05" in path else EXERCISES[0], note=path)
            for path, typed in files.items()
        }
        return find_hand_ins(in_folder(made, tmp_path / "in"), EXERCISES, roster=roster, settled=settled)

    return find
