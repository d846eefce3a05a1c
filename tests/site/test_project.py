"""The shell around the course: what the files at its top promise is there."""

import fnmatch
import itertools
import re
import tomllib

import pytest
import yaml
from typer.main import get_command

from playbook.cli import app


def commands() -> dict:
    return get_command(app).commands


def targets(root) -> dict[str, str]:
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z]+):.*?## (.+)$", makefile, re.MULTILINE))


def test_every_make_target_says_what_it_does(root):
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)[1].split()
    assert set(phony) == set(targets(root))
    assert {"course", "book", "lab", "test", "prove", "bench", "lock", "accept", "clean", "help"} <= set(
        phony
    )


def test_every_command_has_help_with_an_example():
    for name, command in commands().items():
        if hasattr(command, "commands"):
            continue
        assert f"playbook {name}" in (command.help or ""), f"`playbook {name} --help` shows no example"


@pytest.mark.slow
def test_the_documents_name_only_commands_and_targets_that_exist(root):
    for document in ("README.md", "CONTRIBUTING.md", "book/instructor/index.md"):
        text = (root / document).read_text(encoding="utf-8")
        code = "\n".join(re.findall(r"`([^`\n]+)`", text) + re.findall(r"```\w*\n(.*?)```", text, re.DOTALL))
        for name in re.findall(r"\bplaybook ([a-z][a-z-]+)", code):
            assert name in commands(), f"{document}: playbook {name}"
        for name in re.findall(r"\bmake ([a-z]+)", code):
            assert name in targets(root), f"{document}: make {name}"


def test_workflows_run_nothing_that_make_or_the_command_line_does_not(root):
    allowed = re.compile(r"(make [a-z]+|bash \.ci/run|\.venv/bin/playbook .+|sudo apt-get .+)")
    for workflow in sorted((root / ".github" / "workflows").glob("*.yml")):
        for job in yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"].values():
            for step in job["steps"]:
                if "run" in step:
                    assert allowed.fullmatch(step["run"].strip()), f"{workflow.name}: {step['run']}"


def test_the_course_is_tested_on_every_python_from_its_oldest_on_and_on_none_beside_it(root):
    workflow = yaml.safe_load((root / ".github/workflows/site.yml").read_text(encoding="utf-8"))
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    job = workflow["jobs"]["test"]
    minors = [int(version.removeprefix("3.")) for version in job["strategy"]["matrix"]["python"]]
    oldest = int(project["requires-python"].removeprefix(">=3."))
    assert minors == list(range(oldest, minors[-1] + 1))
    assert minors[-1] >= 14
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"for name in \$\(PYTHON\) ", makefile)
    assert job["env"]["PYTHON"] == "python"


def test_every_page_is_in_the_table_of_contents_and_every_entry_has_a_page(root):
    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    pages = {path.relative_to(root).with_suffix("").as_posix() for path in (root / "book").rglob("*.md")}
    entries = [entry for part in toc["parts"] for entry in _entries(part.get("chapters", []))]
    named = [toc["root"], *(entry["file"] for entry in entries if "file" in entry)]
    for entry in entries:
        if "glob" in entry:
            matched = fnmatch.filter(pages, entry["glob"])
            assert matched, f"no page is called {entry['glob']}"
            named += [page for page in matched if page.count("/") == entry["glob"].count("/")]
    assert sorted(named) == sorted(pages)


def test_the_table_of_contents_names_no_chapter(root):
    text = (root / "_toc.yml").read_text(encoding="utf-8")
    for master in (root / "exercises").glob("*/master.md"):
        assert master.parent.name not in text


def _entries(chapters):
    for entry in chapters:
        yield entry
        yield from _entries(entry.get("sections", []))


def test_every_exercise_has_its_chapter_its_instructors_page_and_a_picture_of_its_panel(root):
    for master in sorted((root / "exercises").glob("*/master.md")):
        slug = master.parent.name
        assert (root / "book" / f"{slug}.md").is_file()
        assert (root / "book" / "instructor" / f"{slug}.md").is_file()
        picture = root / "book" / "_static" / "panels" / f"{slug}.png"
        assert picture.is_file()
        assert picture.stat().st_size < 150_000


def test_the_book_leaves_out_what_is_not_a_page(root):
    config = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
    assert config["only_build_toc_files"]
    assert {"exercises/**", "tests/**", ".venv/**", "_build/**", "README.md"} <= set(
        config["exclude_patterns"]
    )
    assert config["sphinx"]["config"]["html_copy_source"] is False


def test_the_lock_names_no_index_and_hashes_every_file(root):
    for lock in (root / "requirements.txt", root / "playbook/authoring/bundle/requirements.txt"):
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text
        assert "index-url" not in text
        for block in re.split(r"\n(?=[a-z0-9])", text.strip()):
            assert "--hash=sha256:" in block, block.splitlines()[0]


def test_the_lock_holds_every_dependency(root):
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *itertools.chain(*project["optional-dependencies"].values())]
    locked = set(
        re.findall(r"^([a-z0-9-]+)==", (root / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)
    )
    names = {re.match(r"[A-Za-z0-9-]+", line)[0].lower() for line in wanted}
    assert names <= locked


def test_nothing_compiles_grammars_before_a_notebook_can_be_opened(root):
    for lock in (root / "requirements.txt", root / "playbook/authoring/bundle/requirements.txt"):
        text = lock.read_text(encoding="utf-8")
        assert "\njsonschema==" in text
        assert "\nrfc3987-syntax==" not in text, lock


def test_the_licences_and_the_citation_agree_with_the_package(root):
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == project["version"]
    assert citation["license"] == project["license"] == "MIT"
    assert "CC BY 4.0" in (root / "LICENSE-content.md").read_text(encoding="utf-8")
