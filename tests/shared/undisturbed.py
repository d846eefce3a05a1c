"""Every test leaves the process as it found it: what ran before makes no difference to what comes next."""

import decimal
import gc
import locale
import os
import sys
import time
from collections.abc import Mapping

import pytest

#: What libraries put into the environment when they are first imported, and pytest at every test.
_OF_LIBRARIES = ("PYTEST_CURRENT_TEST", "KMP_", "SPARK_LOCAL_IP", "PYARROW_IGNORE_TIMEZONE")


def state() -> dict[str, object]:
    """What a test could change for all that come after it in its process."""
    found = {
        "the collector": (gc.isenabled(), gc.get_threshold()),
        "the folder": os.getcwd(),
        "the environment": {
            name: value for name, value in os.environ.items() if not name.startswith(_OF_LIBRARIES)
        },
        "the locale": locale.setlocale(locale.LC_ALL),
        "the time zone": time.tzname,
        "where modules are sought": tuple(sys.path),
        "the recursion limit": sys.getrecursionlimit(),
        "decimals": repr(decimal.getcontext()),
    }
    if numpy := sys.modules.get("numpy"):
        found["numpy's errors"] = numpy.geterr()
    if plots := sys.modules.get("matplotlib.pyplot"):
        found["figures"] = plots.get_fignums()
    if plots and "playbook.figures.style" in sys.modules:  # which sets them once, when it is imported
        found["matplotlib"] = {
            name: value for name, value in plots.rcParams.items() if name != "backend_fallback"
        }
    return found


@pytest.fixture(autouse=True)
def undisturbed():
    """Fail a test that leaves the process otherwise than it found it: a report once left the collector off."""
    before = state()
    yield
    told = changes(before, state())
    assert not told, "\n".join(told)


def changes(before: Mapping[str, object], after: Mapping[str, object]) -> list[str]:
    """What is not as it was, a line for each."""
    return [line for what, was in before.items() for line in _told(what, was, after[what])]


def _told(what: str, was: object, now: object) -> list[str]:
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        names = [name for name in {**was, **now} if was.get(name) != now.get(name)]
        return [f"{what}, {name}: {was.get(name)!r} -> {now.get(name)!r}" for name in names]
    return [] if was == now else [f"{what}: {was!r} -> {now!r}"]
