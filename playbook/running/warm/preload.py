"""What the warm parent imports and tries once, so that no notebook has to pay for it again."""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from playbook.rooms import DRAWING, SHIPPED
from playbook.running.warm.drawer import Drawer

#: In the order in which a notebook meets them. Each makes every fork a little slower, so only what most use is here.
_MODULES = (
    "numpy",
    "pandas",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "ipykernel.compiler",
    "IPython",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.pylabtools",
    "IPython.extensions.storemagic",
    "matplotlib_inline.config",
    "ipywidgets",
    "scipy.optimize",
    "psutil",
    "pexpect",
    "tornado.platform.asyncio",
    "tornado.gen",
    "tornado.queues",
    "faulthandler",
    "mimetypes",
    "encodings.idna",
    "pdb",
)
#: What IPython draws figures with, once one was made with pyplot.
_BACKEND = "matplotlib_inline.backend_inline"


def known_fonts() -> dict[str, bytes]:
    """matplotlib's list of this machine's fonts, if there is one: making it takes seconds."""
    try:
        lists = Path(os.environ.get("MPLCONFIGDIR", "")).glob("fontlist-*.json")
        return {path.name: path.read_bytes() for path in lists}
    except OSError:
        return {}


@contextlib.contextmanager
def cache_folder(files: dict[str, bytes]) -> Iterator[None]:
    """A folder that matplotlib may write to while it is imported, holding these files."""
    folder = tempfile.mkdtemp()
    for name, content in files.items():
        Path(folder, name).write_bytes(content)
    os.environ["MPLCONFIGDIR"] = folder
    try:
        yield
    finally:
        shutil.rmtree(folder)


def everything(shows: bool = True) -> None:
    """Import, warm up, and make the shell that sessions run in.

    Args:
        shows: somebody will look at what notebooks show; else figures and errors need not be made quick to draw.
    """
    os.environ["MPLBACKEND"] = f"module://{_BACKEND}"
    sys.modules["debugpy"] = None  # type: ignore[assignment]  # starts slowly, and would open a port
    _import(_MODULES)
    import matplotlib

    defaults = dict(matplotlib.rcParams)
    _import(_kit())
    for attempt in (_public_tables, _tables, *([_figure] if shows else []), _widgets):
        with contextlib.suppress(ImportError):
            attempt()
    matplotlib.rcParams.update(defaults)
    _shell(shows)
    _without_backend()
    replays = {
        "playbook.figures.style": lambda style: style.use_style(),
        _BACKEND: lambda backend: backend._enable_matplotlib_integration(),
    }
    Drawer([*(f"playbook.{room}" for room in DRAWING), _BACKEND], replays).close()


def _import(names: Iterable[str]) -> None:
    for name in names:
        try:
            importlib.import_module(name)
        except Exception as error:  # a notebook that needs it will say so in its own cell
            print(f"not preloaded: {name}: {error!r}", file=sys.stderr)


def _kit() -> list[str]:
    """Modules of this package: what runs notebooks, and all of the rooms that notebooks use."""
    import playbook

    names = [
        "playbook",
        "playbook.running.extract",
        "playbook.running.warm.beginning",
        "playbook.running.warm.child",
        "playbook.running.warm.kernel",
    ]
    package = Path(playbook.__file__).parent
    for room in SHIPPED:
        for path in sorted((package / room).rglob("*.py")):
            parts = path.relative_to(package.parent).with_suffix("").parts
            names.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return names


def _public_tables() -> None:
    """Read the tables that are the same for every case; whoever asks for one gets a copy."""
    from playbook.cases.schema import SCHEMA
    from playbook.cases.tables import read_table
    from playbook.places import data_root

    for name, table in SCHEMA.items():
        path = data_root() / table.home / f"{name}.csv"
        if table.home != "case" and path.is_file():
            read_table(path, name)


def _tables() -> None:
    import pandas as pd

    frame = pd.read_csv(io.StringIO("a,b\n1,x\n2,y\n"))
    frame.groupby("b")["a"].sum()
    frame.merge(frame, on="b").pivot_table(index="b", values="a_x")
    repr(frame)
    frame._repr_html_()


def _figure() -> None:
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    axes.bar(["a", "b"], [1, 2], label="c")
    axes.set_title("title")
    axes.legend()
    figure.savefig(io.BytesIO(), format="png", bbox_inches="tight")
    plt.close(figure)


def _widgets() -> None:
    import ipywidgets

    box: Any = ipywidgets.VBox(
        [ipywidgets.FloatSlider(description="a"), ipywidgets.HTML("b"), ipywidgets.Output()]
    )
    box.close()


def _without_backend() -> None:
    """Let pyplot look for its backend anew: a fresh kernel has none until the first figure is made with pyplot.

    From then on IPython draws every figure by itself; before, a figure is drawn as its own class says.
    """
    import matplotlib.pyplot as plt
    from matplotlib.figure import Figure
    from matplotlib_inline.backend_inline import configure_inline_support

    from playbook.running.warm.interpreter import SessionShell

    for formatter in SessionShell.instance().display_formatter.formatters.values():
        formatter.type_printers.pop(Figure, None)
    configure_inline_support.current_backend = "unset"
    plt._backend_mod = None


def _shell(shows: bool) -> None:
    """Make the shell of sessions, and let it show one error: the first traceback costs a quarter of a second."""
    from playbook.running.warm.interpreter import make_shell

    shell = make_shell()
    shell.recorder.wanted, shell.recorder.room = True, 1 << 20
    errors = ("import pandas\npandas.DataFrame({'a': [1]})['b']", "1 +")
    for source in ("1 + 1", *(errors if shows else ())):
        shell.run_cell(source)
    shell.recorder.wanted = False
    shell.recorder.take()
    fresh = {name: value for name, value in shell.user_ns.items() if name.startswith("__")}
    shell.reset(new_session=True)
    shell.user_ns.update(fresh)
    shell.execution_count = 1
    for name in ("last_value", "last_type", "last_traceback"):
        vars(sys).pop(name, None)
