"""Pages say how long they really take to read, at 120 words a minute."""

import re

import pytest

from playbook.authoring.master import find_masters
from playbook.places import course_root
from playbook.site.reading import minutes_to_read, words_to_read

MASTERS = find_masters(course_root("exercises/*/master.md") / "exercises")

PAGE = """---
title: not read
---

# Two words

```{code-cell} ipython3
from playbook.chapters.export.figures import bars

bars(case)
```

One [link](a-long-address.html) and a {term}`win rate`.

$$B = a \\times b$$

```{quiz} Questions
- ask: Is 1,000 one word?
```
"""


def test_prose_is_counted_and_code_formulas_and_addresses_are_not():
    assert words_to_read(PAGE) == len(
        ["Two", "words", "One", "link", "and", "a", "win", "rate", "ask", "Is", "1,000", "one", "word"]
    )


def test_a_figure_takes_a_minute_and_a_cell_half_of_one():
    assert minutes_to_read(PAGE) == pytest.approx(words_to_read(PAGE) / 120 + 1.0 + 0.5)


@pytest.mark.parametrize("master", MASTERS, ids=lambda master: master.id)
def test_the_minutes_of_a_page_are_those_that_it_takes(master, root):
    page = (root / "book" / f"{master.id}.md").read_text(encoding="utf-8")
    taken, stated = minutes_to_read(page), master.header.read_minutes
    assert 0.8 * taken <= stated <= 1.2 * taken, f"{taken:.0f} minutes, and the front matter says {stated}"


@pytest.mark.parametrize("master", MASTERS, ids=lambda master: master.id)
def test_page_and_instructors_page_state_the_minutes_of_the_front_matter(master, root):
    read, do = master.header.read_minutes, master.header.do_minutes
    page = (root / "book" / f"{master.id}.md").read_text(encoding="utf-8")
    said = re.search(r"Reading takes (\d+) minutes, the exercise (\d+)", page)
    assert said
    assert said.groups() == (str(read), str(do))
    teaching = (root / "book" / "instructor" / f"{master.id}.md").read_text(encoding="utf-8")
    said = re.search(r"\*\*Time:\*\* (\d+) minutes to read, (\d+) for the exercise", teaching)
    assert said
    assert said.groups() == (str(read), str(do))
