"""Pages say how long they really take to read, at 120 words a minute."""

import re

import pytest

from playbook.site.reading import minutes_to_read, words_to_read
from tests.shared.masters import IDS, front_matter

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


@pytest.mark.parametrize("name", IDS)
def test_the_minutes_of_a_page_are_those_that_it_takes(name, root):
    page = (root / "book" / f"{name}.md").read_text(encoding="utf-8")
    taken, stated = minutes_to_read(page), front_matter(name)["minutes"]["read"]
    assert 0.8 * taken <= stated <= 1.2 * taken, f"{taken:.0f} minutes, and the front matter says {stated}"


@pytest.mark.parametrize("name", IDS)
def test_page_and_instructors_page_state_the_minutes_of_the_front_matter(name, root):
    minutes = front_matter(name)["minutes"]
    read, do = minutes["read"], minutes["do"]
    page = (root / "book" / f"{name}.md").read_text(encoding="utf-8")
    said = re.search(r"Reading takes (\d+) minutes, the exercise (\d+)", page)
    assert said
    assert said.groups() == (str(read), str(do))
    teaching = (root / "book" / "instructor" / f"{name}.md").read_text(encoding="utf-8")
    said = re.search(r"\*\*Time:\*\* (\d+) minutes to read, (\d+) for the exercise", teaching)
    assert said
    assert said.groups() == (str(read), str(do))
