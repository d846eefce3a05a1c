"""An example cohort of forty: hand-ins made from the masters' solutions and recorded wrong answers.

    python -m tests.shared.forty /tmp/forty        # writes roster.csv and submissions/; grade them with `playbook grade`

Who knows what is drawn once, so that every run makes the same cohort: strong and weak, stuck, stopped and falling,
each in a style of their own. Names are invented.
"""

from __future__ import annotations

import copy
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from playbook.authoring.beginners import read_mistakes
from playbook.authoring.master import Block, Master, find_masters
from playbook.authoring.release import release_notebook

EXERCISES = ("00-first-notebook", "01-three-densities", "03-entry-industries")
#: The first day of the course, seconds since 1970 (UTC), and of a week.
START, WEEK_S, DAY_S = 1_791_763_200.0, 604_800.0, 86_400.0
FAMILY = [
    "Li",
    "Wang",
    "Zhang",
    "Liu",
    "Chen",
    "Yang",
    "Zhao",
    "Huang",
    "Zhou",
    "Wu",
    "Xu",
    "Sun",
    "Hu",
    "Zhu",
    "Gao",
    "Lin",
    "He",
    "Guo",
    "Ma",
    "Luo",
]
GIVEN = [
    "Wei",
    "Fang",
    "Na",
    "Min",
    "Jing",
    "Lei",
    "Jun",
    "Yan",
    "Tao",
    "Ming",
    "Xia",
    "Hong",
    "Ping",
    "Bo",
    "Rui",
    "Yue",
    "Kai",
    "Lan",
    "Qi",
    "Shan",
]
CITIES = ["wuxi", "zibo", "dalian", "foshan", "guiyang", "jiaxing"]
TEAMS = (("North 1", "North"), ("North 2", "North"), ("South 1", "South"), ("South 2", "South"))
#: Questions on which most of the weak go wrong, and the one wrong way that they take: the master's by its number,
#: or what is done to the right answer.
TRAPS: dict[tuple[str, str], int | str] = {
    ("00-first-notebook", "share"): "{answer} = {answer} * 1000",
    ("01-three-densities", "index"): 0,
    ("03-entry-industries", "lq"): 0,
    ("03-entry-industries", "hhi"): "{answer} = {answer} * 10000",
}
NAMES = (
    "tmp",
    "t1",
    "biao",
    "result2",
    "my_table",
    "shuju",
    "x1",
    "work",
    "help_table",
    "zj",
    "df",
    "rows",
    "a1",
)
SYLLABLES = [
    "an",
    "bai",
    "chu",
    "dan",
    "fei",
    "gao",
    "han",
    "jia",
    "kou",
    "lan",
    "mei",
    "nan",
    "pin",
    "qu",
    "ren",
    "shi",
    "tan",
    "wen",
    "xin",
    "yi",
    "zai",
    "zhu",
]
#: Words of which people make remarks of their own.
WORDS = [
    "first",
    "then",
    "again",
    "later",
    "sheet",
    "boss",
    "monday",
    "number",
    "total",
    "wrong",
    "right",
    "maybe",
    "ask",
    "see",
    "north",
    "south",
    "old",
    "new",
    "big",
]
REMARKS = (
    "check again",
    "as in the book",
    "ask Lei",
    "from the sheet",
    "done twice",
    "looks right",
    "not sure",
    "ok",
)


@dataclass(frozen=True)
class Person:
    """Somebody of the cohort: skill from 0 to 1, and what becomes of them."""

    id: str
    name: str
    city: str
    team: str
    region: str
    skill: float
    fate: str = ""


def people(count: int = 40) -> list[Person]:
    """The cohort; the same on every run."""
    chance = Random(40)
    fates = {3: "stuck", 7: "stopped", 11: "falling", 15: "never", 19: "stuck", 23: "stopped", 27: "falling"}
    found = []
    for number in range(count):
        name = f"{FAMILY[number % 20]} {GIVEN[(7 * number + number // 20) % 20]}"
        team, region = TEAMS[number % 4]
        skill = 0.25 if number in fates else min(1.0, max(0.15, chance.gauss(0.72, 0.22)))
        found.append(
            Person(
                f"E{1001 + number}",
                name,
                CITIES[(number + number // 6) % 6],
                team,
                region,
                skill,
                fates.get(number, ""),
            )
        )
    return found


def roster_csv(cohort: Sequence[Person]) -> str:
    """The roster of the cohort."""
    lines = ["id,name,city,team,region,due_00,due_01,due_03"]
    due = [
        f"2026-{10 + (11 + 7 * (week + 1)) // 31}-{(11 + 7 * (week + 1)) % 31 or 31:02d}" for week in range(3)
    ]
    lines += [",".join((one.id, one.name, one.city, one.team, one.region, *due)) for one in cohort]
    return "\n".join(lines) + "\n"


def answers(master: Master, person: Person, skill: float, attempt: int = 0) -> dict[str, str]:
    """What somebody types into each question's cell."""
    typed = {}
    mistakes: dict[str, list] = {}
    for one in read_mistakes(master):
        if not (one.open or one.not_run or one.twice):
            mistakes.setdefault(one.question, []).append(one)
    for place, block in enumerate(master.blocks):
        chance = Random(f"{person.id}/{master.id}/{block.question.id}/{attempt}")
        hard = 0.12 if (master.id, block.question.id) in TRAPS else 0.0
        right = chance.random() < skill + 0.18 - hard - 0.02 * place
        if right:
            typed[block.question.id] = solved(block, person)
        else:
            typed[block.question.id] = _wrong(
                master, block, mistakes.get(block.question.id, []), chance, person
            )
    return typed


def solved(block: Block, person: Person) -> str:
    """The master's way, in a hand of one's own."""
    chance = Random(f"{person.id}/{block.question.id}")
    lines = [block.solution]
    if chance.random() < 0.3:
        name = chance.choice(NAMES)
        if chance.random() < 0.5:  # a name of one's own, which hardly anybody shares
            name = chance.choice(SYLLABLES) + chance.choice(SYLLABLES)
        lines.append(f"{name} = {block.question.answer}")
    if chance.random() < 0.3:
        own = " ".join(chance.sample(WORDS, 3))
        lines.insert(0, f"# {own if chance.random() < 0.5 else chance.choice(REMARKS)}")
    return "\n".join([*lines, _check(block)])


def _check(block: Block) -> str:
    return f'check("{block.question.id}", {block.question.answer})'


def _wrong(master: Master, block: Block, mistakes: Sequence[Any], chance: Random, person: Person) -> str:
    trap = TRAPS.get((master.id, block.question.id))
    if isinstance(trap, int) and chance.random() < 0.75:
        return f"{block.wrongs[trap].source}\n{_check(block)}"
    if isinstance(trap, str) and chance.random() < 0.75:
        return f"{block.solution}\n{trap.format(answer=block.question.answer)}\n{_check(block)}"
    way = chance.random()
    if way < 0.45 and block.wrongs:
        return f"{chance.choice(block.wrongs).source}\n{_check(block)}"
    if way < 0.8 and mistakes:
        return chance.choice(mistakes).source(block.starter)
    return block.starter


def notebook(master: Master, person: Person, typed: dict[str, str], name: str = "") -> dict[str, Any]:
    """The released notebook with somebody's answers in it."""
    made = json.loads(json.dumps(_released(master)))
    for cell in made["cells"]:
        question = cell["metadata"].get("playbook", {}).get("question")
        if question:
            cell["source"] = typed[question]
        if cell["cell_type"] == "code":
            cell["source"] = cell["source"].replace("your name or staff number", name or person.id)
    chance = Random(f"{person.id}/{master.id}/added")
    for _ in range(chance.choice((0, 0, 1, 2))):
        added = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
        added |= {"id": f"{chance.getrandbits(32):08x}", "source": "case.accounts.head()"}
        made["cells"].insert(chance.randint(3, len(made["cells"]) - 2), added)
    return made


_kept: dict[str, dict] = {}


def _released(master: Master) -> dict:
    if master.id not in _kept:
        _kept[master.id] = copy.deepcopy(dict(release_notebook(master, "forty")))
    return _kept[master.id]


def write(
    folder: Path, exercises: Sequence[str] = EXERCISES, count: int = 40, after_week: int | None = None
) -> None:
    """Write ``roster.csv`` and ``submissions/`` of the cohort.

    Args:
        after_week: only what was handed in by the end of that week, counted from 0; default all.
    """
    cohort = people(count)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "roster.csv").write_text(roster_csv(cohort), encoding="utf-8")
    for week, master in enumerate(find_masters(names=exercises)):
        if after_week is not None and week > after_week:
            break
        for person in cohort:
            if person.fate == "never" or (person.fate == "stopped" and week):
                continue
            skill = {"falling": 0.95 - 0.38 * week}.get(person.fate, person.skill)
            for attempt in range(3 if person.fate == "stuck" and week == 1 else 1):
                typed = answers(master, person, skill, attempt)
                moment = START + week * WEEK_S + (2 + 4 * (1 - skill)) * DAY_S + attempt * 7_200
                if person.id == "E1006" and week == 2:
                    moment += 6 * DAY_S  # late
                path = folder / "submissions" / person.id / f"{master.id} ({attempt + 1}).ipynb"
                put(path, notebook(master, person, typed), moment)


def put(path: Path, book: dict[str, Any], moment: float) -> Path:
    """Write a notebook as somebody handed it in at a moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(book, ensure_ascii=False), encoding="utf-8")
    os.utime(path, (moment, moment))
    return path


if __name__ == "__main__":
    write(Path(sys.argv[1]))
