"""Exercises: masters, the kinds of answer, checks, seals, releases, the City Playbook."""

_HOMES = {
    "open_exercise": "playbook.exercises.check",
    "Checker": "playbook.exercises.check",
    "Outcome": "playbook.exercises.question",
    "Question": "playbook.exercises.question",
    "Result": "playbook.exercises.question",
    "to_plain": "playbook.exercises.plain",
    "call_plain": "playbook.exercises.plain",
    "Sealed": "playbook.exercises.marking",
    "mark": "playbook.exercises.marking",
    "seal_question": "playbook.exercises.marking",
    "Master": "playbook.exercises.master",
    "find_masters": "playbook.exercises.master",
    "load_master": "playbook.exercises.master",
    "MasterRun": "playbook.exercises.solve",
    "run_master": "playbook.exercises.solve",
    "seal_run": "playbook.exercises.solve",
}
__all__ = [*_HOMES]


def __getattr__(name: str):
    """Import on use: a notebook needs the checking half only."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'playbook.exercises' has no attribute {name!r}")
