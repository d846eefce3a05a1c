"""Exercises as trainees get them: the kinds of answer, checks, seals, plain words, the City Playbook."""

from playbook.lazily import lazy_names

__getattr__, __all__ = lazy_names(
    __name__,
    {
        "check": "open_exercise Checker",
        "outcomes": "Outcome",
        "question": "Question Result",
        "plain": "to_plain call_plain",
        "marking": "Sealed mark seal_question",
    },
)
