from playbook.site.digest import EXECUTION_INPUTS, SITE_INPUTS, digest, inputs


def write(root, name, text):
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_a_changed_data_file_changes_the_digest(tmp_path):
    write(tmp_path, "data/cases/jinhua/accounts.csv", "a\n1\n")
    before = digest(tmp_path, EXECUTION_INPUTS)
    write(tmp_path, "data/cases/jinhua/accounts.csv", "a\n2\n")
    assert digest(tmp_path, EXECUTION_INPUTS) != before


def test_a_renamed_file_changes_the_digest(tmp_path):
    write(tmp_path, "playbook/market/a.py", "x = 1\n")
    before = digest(tmp_path, EXECUTION_INPUTS)
    (tmp_path / "playbook/market/a.py").rename(tmp_path / "playbook/market/b.py")
    assert digest(tmp_path, EXECUTION_INPUTS) != before


def test_prose_changes_the_site_but_not_what_its_code_computes(tmp_path):
    write(tmp_path, "book/index.md", "# One\n")
    execution, site = digest(tmp_path, EXECUTION_INPUTS), digest(tmp_path, SITE_INPUTS)
    write(tmp_path, "book/index.md", "# Two\n")
    assert digest(tmp_path, EXECUTION_INPUTS) == execution
    assert digest(tmp_path, SITE_INPUTS) != site


def test_caches_and_hidden_files_do_not_count(tmp_path):
    write(tmp_path, "playbook/market/__pycache__/a.pyc", "x")
    write(tmp_path, "book/.ipynb_checkpoints/a.md", "x")
    write(tmp_path, "book/.hidden.md", "x")
    assert inputs(tmp_path, SITE_INPUTS) == []


def test_the_same_files_in_another_place_have_the_same_digest(tmp_path):
    for place in ("one", "two"):
        write(tmp_path / place, "data/a.csv", "a\n")
        write(tmp_path / place, "data/b.csv", "b\n")
    assert digest(tmp_path / "one", SITE_INPUTS) == digest(tmp_path / "two", SITE_INPUTS)
