"""An answer that many give is compared once a city; another answer, question or city never gets its mark."""

import gc

from playbook.grading import marks
from playbook.grading.prepared import Key


def test_the_same_answer_is_compared_once(monkeypatch):
    asked = []
    monkeypatch.setattr(
        marks, "mark", lambda sealed, answer, case: asked.append((case, sealed, answer)) or len(asked)
    )
    here, there = Key("here", {"a": "seal a", "b": "seal b"}), Key("there", {"a": "seal a"})
    assert [marks._mark(here, "a", [1, 2.0]) for _ in range(3)] == [1, 1, 1]
    assert marks._mark(here, "a", [1, 2]) == 2  # a whole number is another answer than its fraction
    assert marks._mark(here, "b", [1, 2.0]) == 3
    assert marks._mark(there, "a", [1, 2.0]) == 4
    assert asked[0] == ("here", "seal a", [1, 2.0])


def test_marks_go_with_what_they_were_marked_against(monkeypatch):
    monkeypatch.setattr(marks, "mark", lambda *_: 0)
    key = Key("here", {"a": "seal a"})
    marks._mark(key, "a", 1)
    number = id(key)
    assert number in marks._MARKED._things
    del key
    gc.collect()
    assert number not in marks._MARKED._things
