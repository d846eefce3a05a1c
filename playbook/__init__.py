"""Opening a City: the reserve manager's playbook.

The names a trainee's notebook needs are here: :func:`open_case`, :func:`load_case`, :func:`open_exercise`.
"""

__version__ = "0.1.0"

_HOMES = {
    "open_case": "playbook.cases",
    "load_case": "playbook.cases",
    "open_exercise": "playbook.exercises",
}
__all__ = [*_HOMES]


def __getattr__(name: str):
    """Import a room only when one of its names is used: a notebook's first cell stays fast."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'playbook' has no attribute {name!r}")
