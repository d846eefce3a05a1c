"""The same cells, exec'd in this one warm interpreter: figures rendered, outputs made, no isolation, no protocol.

Reads lines of JSON: ``{"sources": [...], "anew": true}`` runs a notebook's code cells in a namespace of their own;
answers with a line ``{"seconds": …, "outputs": [[[kind, data], …], …]}``, one list per cell. With ``anew``, tables that
an earlier notebook has read are read from their files again, as every fresh process must.
"""

from __future__ import annotations

import ast
import contextlib
import gc
import io
import json
import os
import sys
import time
from typing import Any

os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"

import ipywidgets
import matplotlib.pyplot as plt
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display
from matplotlib_inline import backend_inline

from playbook.cases import tables


class Publisher(DisplayPublisher):
    """Keeps what is displayed."""

    def publish(self, data: dict[str, Any], metadata: Any = None, **_: Any) -> None:
        """Keep one display."""
        outputs[-1].append(["display_data", data])


class Shell(InteractiveShell):
    """Only its formatters are used, and that `display` finds them."""

    def init_display_pub(self) -> None:
        """Display to our list."""
        self.display_pub = Publisher(parent=self)

    def enable_gui(self, gui: Any = None) -> None:
        """There is none."""


class Printed(io.TextIOBase):
    """Keeps what is printed to one of the two streams, in one output as long as nothing else comes between."""

    def __init__(self, name: str):
        self._name = name

    def write(self, text: str) -> int:
        """Keep some text."""
        last = outputs[-1][-1] if outputs[-1] else None
        if last and last[0] == self._name:
            last[1]["text"] += text
        else:
            outputs[-1].append([self._name, {"text": text}])
        return len(text)


def run(sources: list[str]) -> None:
    """Run cells in a namespace of their own; the value of a last expression is shown."""
    namespace: dict[str, Any] = {"__name__": "__main__", "display": display}
    for number, source in enumerate(sources):
        outputs.append([])
        body = ast.parse(source, f"cell {number}").body
        last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
        exec(compile(ast.Module(body, []), f"cell {number}", "exec"), namespace)
        if last is not None:
            value = eval(compile(ast.Expression(last.value), f"cell {number}", "eval"), namespace)
            if value is not None and not source.rstrip().endswith(";"):
                data, _ = shell.display_formatter.format(value)
                outputs[-1].append(["execute_result", data])
        backend_inline.flush_figures()


def timed(order: dict[str, Any]) -> float:
    """Seconds for one notebook; tidied up before the clock runs."""
    ipywidgets.Widget.close_all()
    plt.close("all")
    if order["anew"]:
        tables._parse.cache_clear()
    outputs.clear()
    gc.collect()
    with contextlib.redirect_stdout(Printed("stdout")), contextlib.redirect_stderr(Printed("stderr")):
        begin = time.perf_counter()
        run(order["sources"])
        return time.perf_counter() - begin


if __name__ == "__main__":
    outputs: list[list[list[Any]]] = []
    shell = Shell.instance()
    backend_inline._enable_matplotlib_integration()
    for line in sys.stdin:
        seconds = timed(json.loads(line))
        print(json.dumps({"seconds": seconds, "outputs": outputs}, default=repr), flush=True)
