"""A small exercise with a question of every kind, for tests."""

from pathlib import Path

import pytest

MASTER = """---
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {name: python3, display_name: Python 3, language: python}
playbook:
  exercise: 99-mini
  chapter: 99
  title: Mini
  decision: Which section first?
  minutes: {read: 3, do: 5}
  section: A section
---

# Mini

```{code-cell} ipython3
from playbook import open_case, open_exercise
case = open_case("your name or staff number")
check = open_exercise("99-mini")
```

```{code-cell} ipython3
accounts = case.accounts
```

## Question 1

```{code-cell} ipython3
---
tags: [solution]
question: {id: prospects, title: Prospects, kind: number, points: 2, unit: accounts, playbook: true}
---
prospects = int((accounts["section"] == "C").sum())
```

```{code-cell} ipython3
:tags: [starter]
# Count the accounts in manufacturing, as COUNTIF would.
prospects = ...
check("prospects", prospects)
```

```{code-cell} ipython3
---
tags: [wrong]
hint: You counted every account.
---
prospects = len(accounts)
```

```{code-cell} ipython3
---
tags: [wrong]
hint: You counted the header too.
---
prospects = int((accounts["section"] == "C").sum()) + 1
```

## Question 2

```{code-cell} ipython3
---
tags: [solution]
question: {id: by_section, title: Accounts by section, kind: table, key: section, columns: [accounts], points: 2}
---
by_section = accounts.groupby("section").size().rename("accounts").reset_index()
```

```{code-cell} ipython3
---
tags: [wrong]
hint: Those are shares, not numbers of accounts.
---
by_section = accounts["section"].value_counts(normalize=True).rename("accounts").reset_index()
```

```{code-cell} ipython3
---
tags: [wrong]
hint: "The column is called accounts."
---
by_section = (2 * accounts.groupby("section").size()).rename("n").to_frame().assign(m=1)
```

## Question 3

```{code-cell} ipython3
---
tags: [solution]
question: {id: density, title: Density, kind: function, points: 1, atol: 0.001}
---
def density(have, need):
    return have / need
```

```{code-cell} ipython3
:tags: [arguments]
arguments = [(3, 4), (prospects, 7), (1.0, 3.0)]
```

```{code-cell} ipython3
:tags: [starter]
def density(have, need):
    return ...
check("density", density)
```

```{code-cell} ipython3
---
tags: [wrong]
hint: Turn the fraction round.
---
def density(have, need):
    return need / have
```

```{code-cell} ipython3
---
tags: [wrong]
hint: A density is per need.
---
def density(have, need):
    return have
```

## Question 4

```{code-cell} ipython3
---
tags: [solution]
question: {id: enter, title: Enter first, kind: choice, choices: [C, G, F], points: 1, computed: false}
---
enter = "C"
```

```{code-cell} ipython3
---
tags: [wrong]
hint: Trade buys little.
---
enter = "G"
```

```{code-cell} ipython3
---
tags: [wrong]
hint: Building buys less.
---
enter = "F"
```

```{code-cell} ipython3
:tags: [instructor]
print("for instructors only")
```
"""


def write_master(folder: Path, text: str = MASTER, name: str = "99-mini") -> Path:
    """Write a master where a course keeps it; returns the exercises' folder."""
    path = folder / "exercises" / name / "master.md"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return folder / "exercises"


@pytest.fixture
def mini(tmp_path):
    """The small exercise, read."""
    from playbook.authoring import load_master

    return load_master(write_master(tmp_path) / "99-mini")


@pytest.fixture
def jinhua():
    from playbook.cases import load_case

    return load_case("jinhua")


@pytest.fixture
def sealed_folder(mini, jinhua, tmp_path, monkeypatch):
    """Seals of the small exercise for Jinhua, where a check finds them; the working folder is empty."""
    from playbook.authoring.release import seal_questions, seal_text

    text = seal_text(mini, jinhua, "test-release", seal_questions(mini.path, jinhua.name))
    path = tmp_path / "seals" / mini.id / f"{jinhua.name}.json"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    monkeypatch.setenv("PLAYBOOK_SEALS", str(tmp_path / "seals"))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return path.parent.parent
