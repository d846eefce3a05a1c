"""What is kept between two calls of a command goes when nobody has used it for a month."""

import os
import time

from playbook.grading.prepared import remove_old


def test_old_files_and_folders_go_and_others_stay(tmp_path):
    for name in ("old", "young"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "inner.json").write_text("{}")
        (tmp_path / f"{name}.json").write_text("{}")
    long_ago = time.time() - 60 * 86_400
    for path in (tmp_path / "old", tmp_path / "old.json"):
        os.utime(path, (long_ago, long_ago))
    remove_old(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["young", "young.json"]


def test_a_folder_that_is_not_there_is_no_error(tmp_path):
    remove_old(tmp_path / "nowhere")
