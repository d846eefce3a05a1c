"""Nothing of a solution is published; what would be is found."""

import json
import re

import pytest

from playbook.authoring import load_master, run_master
from playbook.authoring.leak import Secrets, scan, scan_text
from playbook.authoring.release import write_release
from tests.shared.mini import MASTER, write_master

CANARY = "canary7f3a"


@pytest.fixture
def secrets(mini, jinhua):
    expected = [(name, plain) for name, plain in run_master(mini, jinhua).expected.items()]
    return Secrets.of([mini], ["public text"], [*expected, ("made up", 2.718281828)])


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.py", 'prospects = int((accounts["section"] == "C").sum())', "solution of prospects"),
        (
            "a.html",
            "<p>by_section = <b>accounts</b>.groupby(&quot;section&quot;).size().rename(&quot;accounts&quot;).reset_index()</p>",
            "solution of by_section",
        ),
        (
            "a.ipynb",
            json.dumps({"cells": [{"source": "You counted the header too. Really?"}]}),
            "hint of prospects",
        ),
        ("a.json", json.dumps({"v": 2.718281828}), "expected value of made up"),
        ("a.txt", "about 2.71828, they say", "expected value of made up"),
    ],
)
def test_a_leak_is_found(tmp_path, secrets, name, content, what):
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert what in {leak.what.removeprefix("99-mini: ") for leak in scan(tmp_path, secrets)}


def test_what_is_public_anyway_is_no_leak(tmp_path, mini):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "a.md").write_text('accounts = case.accounts\ncheck("prospects", prospects)')
    assert scan(tmp_path / "site", Secrets.of([mini], [])) == []


def with_canaries(text: str) -> str:
    """A master with a canary in every cell that is not released, its metadata included."""
    text = re.sub(
        r"(tags: \[(?:solution|wrong|arguments|instructor)\][\s\S]*?\n)(```\n)", rf"\1# {CANARY}\n\2", text
    )
    return text.replace("hint: ", f"hint: {CANARY} ").replace(f'hint: {CANARY} "', f'hint: "{CANARY} ')


@pytest.mark.slow
def test_no_canary_reaches_a_release(tmp_path):
    text = with_canaries(MASTER)
    assert text.count(CANARY) > 15
    folder = write_master(tmp_path, text)
    release = write_release(tmp_path / "release", masters_folder=folder, cases=["jinhua"], jobs=1)
    master = load_master(folder / "99-mini")
    assert scan(release.folder, Secrets.of([master], []), canaries=[CANARY]) == []


def test_what_a_sum_leaves_in_the_last_places_is_no_digit_of_an_answer(mini):
    secrets = Secrets.of([mini], [], [("a sum", 0.6000000000000001), ("an answer", 0.612345678)])
    assert scan_text("0.5999999995999996", secrets) == []
    assert [leak.what for leak in scan_text("0.6123457", secrets)] == ["expected value of an answer"]
