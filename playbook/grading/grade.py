"""Grade a folder of hand-ins: read, prepare, run, mark, write."""

from __future__ import annotations

import json
import os
import secrets
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from xml.etree import ElementTree

from playbook.errors import PlaybookError
from playbook.exercises.master import Master
from playbook.exercises.release import Progress, no_progress
from playbook.grading.marker import Marker
from playbook.grading.result import GRADED, Graded
from playbook.grading.runner import Runner
from playbook.grading.submission import Submission

#: Where the instructor's secret stands, unless PLAYBOOK_SECRET holds it.
SECRET_FILE = Path(".playbook-secret")


def instructor_secret(path: Path = SECRET_FILE) -> str:
    """The secret that seeds unseen cases: from PLAYBOOK_SECRET, else from a file made on first use.

    Keep it: with another secret the unseen cases are others, and regrading is no longer repeatable.
    """
    told = os.environ.get("PLAYBOOK_SECRET", "").strip()
    if told:
        return told
    try:
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        pass
    except OSError as error:
        raise PlaybookError(
            f"the secret can't be read: {error.strerror}", where=str(path), remedy="check its rights"
        ) from None
    secret = secrets.token_hex(32)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secret + "\n")
    except OSError as error:
        raise PlaybookError(
            f"no secret could be kept: {error.strerror}",
            where=str(path.absolute()),
            remedy="set PLAYBOOK_SECRET",
        ) from None
    return secret


def grade_all(
    submissions: Sequence[Submission],
    marker: Marker,
    runner: Runner,
    *,
    jobs: int = 2,
    progress: Progress = no_progress,
) -> list[Graded]:
    """Grade submissions side by side; one broken notebook costs only itself.

    Returns:
        Results in the order of the submissions.
    """
    pairs = {}
    for one in submissions:
        if not one.problem:
            case, _ = marker.whose_case(one)
            pairs[one.exercise, case.name] = (one.exercise, case)
    marker.prepare_all(pairs.values(), jobs, progress)
    results: dict[int, Graded] = {}
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        futures = {pool.submit(marker.grade, one, runner): place for place, one in enumerate(submissions)}
        for done, future in enumerate(as_completed(futures), 1):
            results[futures[future]] = future.result()
            progress("grading", done, len(futures))
    return [results[place] for place in range(len(submissions))]


def write_results(results: Iterable[Graded], out: Path) -> None:
    """Write ``out/<trainee>/<exercise>.json`` for each result, each in one step, and ``out/junit.xml``."""
    results = list(results)
    for graded in results:
        name = graded.exercise or "unknown-exercise"
        _write(
            out / graded.trainee / f"{name}.json",
            json.dumps(graded.as_dict(), ensure_ascii=False, indent=1) + "\n",
        )
    _write(out / "junit.xml", junit(results))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(temporary, 0o644)
    os.replace(temporary, path)


def junit(results: Iterable[Graded]) -> str:
    """Results as JUnit XML: a suite for each submission, a test case for each question."""
    root = ElementTree.Element("testsuites", name="playbook grade")
    for graded in results:
        suite = ElementTree.SubElement(
            root,
            "testsuite",
            name=_xml(f"{graded.trainee}/{graded.exercise}"),
            tests=str(max(len(graded.questions), 1)),
            failures=str(
                sum(q.result.outcome in ("failed", "partial", "unattempted") for q in graded.questions)
            ),
            errors=str(
                sum(q.result.outcome == "errored" for q in graded.questions) + (graded.status != GRADED)
            ),
            time=f"{graded.seconds:.3f}",
        )
        if graded.status != GRADED:
            case = ElementTree.SubElement(
                suite, "testcase", classname=_xml(graded.trainee), name=_xml(graded.exercise)
            )
            ElementTree.SubElement(case, "error", message=_xml(f"not graded: {graded.reason}"))
        for question in graded.questions:
            result = question.result
            case = ElementTree.SubElement(
                suite,
                "testcase",
                classname=_xml(f"{graded.trainee}.{graded.exercise}"),
                name=_xml(result.question),
            )
            if result.outcome == "passed":
                continue
            tag = "error" if result.outcome == "errored" else "failure"
            words = f"{result.outcome}, {result.points:g} of {result.max_points:g} points"
            element = ElementTree.SubElement(case, tag, message=_xml(words))
            element.text = _xml(f"{result.message} {result.hint}".strip())
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _xml(text: str) -> str:
    """Text without the characters that XML has no way to write."""
    return "".join(
        c for c in text if c in "\t\n" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff"
    )


def below(results: Iterable[Graded], points: float) -> list[Graded]:
    """Graded results with fewer points than asked for."""
    return [graded for graded in results if graded.status == GRADED and graded.points < points]


def masters_by_id(masters: Iterable[Master]) -> dict[str, Master]:
    """Masters by their ids."""
    return {master.id: master for master in masters}
