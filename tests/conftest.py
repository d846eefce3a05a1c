"""What all tests share: what they need of the machine, and a summary of what they cover."""

import contextlib
import functools
import os
import shutil
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import settings

#: Fixtures that tests of several rooms use.
pytest_plugins = [
    "tests.shared.mini",
    "tests.shared.postgres",
    "tests.shared.runners",
    "tests.shared.trainees",
    "tests.shared.undisturbed",
]

ROOT = Path(__file__).resolve().parents[1]
#: Kinds of test that must run here, named by their markers: a skip among them is a failure.
REQUIRED = set(filter(None, os.environ.get("PLAYBOOK_REQUIRE", "").replace(" ", "").split(",")))

# The same examples on every run, and none that fails because the machine is busy.
settings.register_profile("course", deadline=None, derandomize=True, max_examples=40)
settings.load_profile("course")


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--long`` runs what `make prove` adds to `make test`."""
    parser.addoption("--long", action="store_true", help="also run the tests marked `long`")


#: Cities on which the quick subset tests what holds in every city: the worked example's and one trainee's.
_QUICK_CITIES = ("jinhua", "nanjing")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long ones out, unless they are asked for or named one by one; the slowest rooms come first.

    What is tested on every city is `slow` on all but two. A worker runs a whole file (``--dist loadfile``): what a
    module's tests share - a walk in the browser, a graded cohort - is made once, not on each worker.
    """
    if not config.getoption("--long") and not any("::" in argument for argument in config.args):
        left_out = [item for item in items if item.get_closest_marker("long")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    for item in items:
        if not _is_of_a_quick_city(item):
            item.add_marker(pytest.mark.slow)
    items.sort(key=_rank)


def _is_of_a_quick_city(item: pytest.Item) -> bool:
    """No parameter of the test is a case other than the two that are quick, or such a case's name."""
    params = getattr(item, "callspec", None)
    names = [getattr(value, "name", value) for value in params.params.values()] if params else []
    return not any(isinstance(name, str) and name in _every_city() - {*_QUICK_CITIES} for name in names)


@functools.cache
def _every_city() -> frozenset[str]:
    """The names of all cases that ship."""
    from playbook.cases import list_cases

    return frozenset(case.name for case in list_cases())


#: Rooms whose tests take longest come first, so that the workers end at nearly the same time.
_LONGEST = ("browser", "book", "site", "authoring", "running", "grading")


def _rank(item: pytest.Item) -> int:
    room = item.path.parts[len(ROOT.parts) + 1 :][:1]
    return _LONGEST.index(room[0]) if room and room[0] in _LONGEST else len(_LONGEST)


@pytest.fixture(scope="session")
def root() -> Path:
    """The course's folder."""
    return ROOT


def _chromium_path() -> str | None:
    return os.environ.get("PLAYBOOK_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@contextlib.contextmanager
def open_chromium(path: str | None = None):
    """A Chromium without a window; names ending in .test are this host."""
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-background-networking", "--host-resolver-rules=MAP *.test 127.0.0.1"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path or _chromium_path(), args=flags)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where Chromium is; tests that need it are skipped without it, and say how to get it."""
    path = _chromium_path()
    if not path:
        pytest.skip("no Chromium here: apt-get install chromium, or name it in PLAYBOOK_CHROMIUM")
    return path


@pytest.fixture(scope="module")
def chromium_browser(chromium: str):
    """One Chromium for a module's tests; names ending in .test are this host.

    No longer than that: Playwright keeps a loop running, beside which no kernel can be started.
    """
    with open_chromium(chromium) as browser:
        yield browser


@pytest.fixture(scope="session")
def site(root: Path):
    """Both editions of the site, built once for all workers: the second one finds them unchanged."""
    from playbook.site.build import build_site

    return build_site(root)


@pytest.fixture(scope="session")
def site_folder(site) -> Path:
    """The trainees' edition."""
    return site.folder


@pytest.fixture(scope="session")
def instructors_folder(site) -> Path:
    """The instructors' edition: every page there is."""
    from playbook.site.edition import Edition

    return site.folders[Edition.INSTRUCTORS]


@pytest.fixture(scope="session")
def site_address(instructors_folder: Path):
    """The address of the instructors' edition, served for the length of the run."""
    from playbook.site.serve import serving

    with serving(instructors_folder) as address:
        yield address


@pytest.fixture(autouse=True)
def _no_case_from_outside(undisturbed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests do not see the case, seals or data that whoever runs them works with."""
    for name in ("PLAYBOOK_CASE", "PLAYBOOK_SEALS", "PLAYBOOK_DATA"):
        monkeypatch.delenv(name, raising=False)
    if cases := sys.modules.get("playbook.cases.case"):  # nor the case that a test before them has opened
        monkeypatch.setattr(cases, "_current", [])
    if company := sys.modules.get("playbook.company"):
        monkeypatch.setattr(company, "_own", [])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):
    """Turn the skip of a required test into a failure."""
    report = yield
    markers = {marker.name for marker in item.iter_markers()}
    required = REQUIRED & markers if "peer" not in markers else REQUIRED & {"peer"}
    if report.skipped and required and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"{', '.join(sorted(required))} tests must run here, and this one did not: {reason}"
    return report


def pytest_terminal_summary(terminalreporter) -> None:
    """Say how many tests passed for each room."""
    files = [
        report.nodeid.partition("::")[0].split("/")
        for report in terminalreporter.stats.get("passed", [])
        if report.when == "call"
    ]
    rooms = Counter(parts[1] for parts in files if len(parts) > 2)
    if rooms:
        terminalreporter.section("passed, by room")
        terminalreporter.write_line("  ".join(f"{room} {count}" for room, count in sorted(rooms.items())))
