"""Which unseen cases serve: those on which no answer that was typed in can be right."""

import pytest

from playbook.authoring.unseen import _stays, unseen_case
from playbook.cases import load_case
from playbook.exercises import Question, seal_question, to_plain


@pytest.mark.parametrize(
    ("own", "unseen", "stays"),
    [
        (1.0176, 1.0177, True),
        (1.0176, 0.98469, True),  # 1.0 would be right for both
        (1.0176, 0.9132, False),
        (0.1234, 0.1219, True),  # 0.12
        (0.1234, 0.1301, False),
    ],
)
def test_an_answer_that_could_be_typed_for_both_stays(jinhua, own, unseen, stays):
    question = Question.from_dict(
        {"id": "q", "title": "Q", "kind": "number", "points": 1, "rtol": 0.0005, "unit": "million CNY"}
    )
    sealed = seal_question(question, to_plain(own), [], salt="salt")
    assert _stays(sealed, unseen, jinhua) is stays


@pytest.mark.slow
def test_an_unseen_case_is_made_once_and_taken_by_every_exercise(tmp_path, monkeypatch):
    jiaxing = load_case("jiaxing")
    monkeypatch.setenv("PLAYBOOK_CACHE", str(tmp_path))
    first = unseen_case(jiaxing, "s", 0)
    monkeypatch.setattr("playbook.authoring.unseen.make_unseen", None)
    assert unseen_case(jiaxing, "s", 0) == first
    assert first.fingerprint
    with pytest.raises(TypeError):
        unseen_case(jiaxing, "another secret", 0)
    assert [path for path in first.folder.parent.iterdir() if path.name.startswith(".making")] == []
