"""Ten trainees' notebooks, from perfect to broken, made from an exercise's own master."""

from __future__ import annotations

import copy
from typing import Any

import pandas as pd

from playbook.authoring import Master, run_master
from playbook.authoring.release import release_notebook
from playbook.cases import load_case
from playbook.exercises.plain import from_plain

TRAINEE = "Li Wei"


def notebook_of(
    master: Master, solve: Any = lambda block: block.starter, name: str = TRAINEE
) -> dict[str, Any]:
    """The released notebook with a name typed in and each question's cell as `solve(block)` writes it."""
    notebook = copy.deepcopy(release_notebook(master, "r1"))
    by_id = {block.question.id: block for block in master.blocks}
    for cell in notebook.cells:
        question = cell.metadata.get("playbook", {}).get("question")
        if question:
            cell.source = solve(by_id[question])
        cell.source = cell.source.replace("your name or staff number", name)
    return notebook


def solved(block) -> str:
    return f'{block.solution}\ncheck("{block.question.id}", {block.question.answer})'


def typed(master: Master, city: str):
    """Each answer as a literal, copied from a run on the city."""
    answers = run_master(master, load_case(city), wrong=False).expected

    def solve(block) -> str:
        if block.question.kind.tried:
            return solved(block)
        value = from_plain(answers[block.question.id])
        if isinstance(value, pd.DataFrame):
            literal = f"pd.DataFrame({value.to_dict('list')!r}, index={value.index.tolist()!r})"
        elif isinstance(value, pd.Series):
            literal = f"pd.Series({value.tolist()!r}, index={value.index.tolist()!r}, name={value.name!r})"
        else:
            literal = repr(value)
        return f"import pandas as pd\nnan = None\n{block.question.answer} = {literal}"

    return solve


def code_cells(notebook: dict) -> list:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def question_cells(notebook: dict) -> list:
    return [cell for cell in notebook["cells"] if "question" in cell["metadata"].get("playbook", {})]


def cohort(master: Master, city: str) -> dict[str, dict | bytes]:
    """Trainee → notebook."""
    perfect = notebook_of(master, solved)
    half = set([block.question.id for block in master.blocks][::2])
    syntax = copy.deepcopy(perfect)
    question_cells(syntax)[0]["source"] = "prospects = = 3"
    loop = copy.deepcopy(perfect)
    question_cells(loop)[0]["source"] = "while True:\n    pass"
    deleted = copy.deepcopy(perfect)
    deleted["cells"] = [cell for cell in deleted["cells"] if cell is not question_cells(deleted)[1]]
    reordered = copy.deepcopy(perfect)
    questions = question_cells(reordered)
    places = [reordered["cells"].index(cell) for cell in questions]
    for place, cell in zip(places, [*questions[1:2], questions[0], *questions[2:]], strict=True):
        reordered["cells"][place] = cell
    duplicated = copy.deepcopy(perfect)
    for cell in question_cells(perfect):
        duplicated["cells"].append(copy.deepcopy(cell))
    renamed = copy.deepcopy(perfect)
    first = question_cells(renamed)[0]
    first["source"] = first["source"].replace("prospects", "my_prospects")
    return {
        "perfect": perfect,
        "empty": notebook_of(master),
        "half": notebook_of(
            master, lambda block: solved(block) if block.question.id in half else block.starter
        ),
        "hard-coded": notebook_of(master, typed(master, city)),
        "syntax-error": syntax,
        "endless-loop": loop,
        "deleted-cells": deleted,
        "reordered-cells": reordered,
        "duplicated-cells": duplicated,
        "renamed-answer": renamed,
        "broken-file": b'{"cells": [',
    }
