"""Exercises as authors write them: masters, their proof, their release. Never shipped to trainees."""

from playbook.lazily import lazy_names

__getattr__, __all__ = lazy_names(
    __name__,
    {
        "master": "Master find_masters load_master",
        "solve": "MasterRun run_master seal_run",
    },
)
