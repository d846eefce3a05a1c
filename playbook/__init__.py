"""Opening a City: the reserve manager's playbook.

The names a trainee's notebook needs are here: :func:`open_case`, :func:`load_case`, :func:`open_exercise`.
"""

from playbook.lazily import lazy_names

__version__ = "0.1.0"

__getattr__, __all__ = lazy_names(__name__, {"cases": "open_case load_case", "exercises": "open_exercise"})
