"""Standard Jupyter tools use kernels forked from the warm parent, unmodified."""

import asyncio
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from jupyter_client.manager import AsyncKernelManager, start_new_kernel
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat.v4 import new_code_cell, new_notebook

from playbook.running import warm

KERNEL = "playbook-warm"
SPECS = Path(warm.__path__[0])

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]


@pytest.fixture(autouse=True)
def _kernelspecs(monkeypatch, warm_runner):
    """The package's own kernelspecs, whatever is installed; skipped where there is no sandbox."""
    monkeypatch.setenv("JUPYTER_PATH", str(SPECS))


def executed(*sources: str, kernel: str = KERNEL, **options):
    book = new_notebook(cells=[new_code_cell(source) for source in sources])
    NotebookClient(book, kernel_name=kernel, **options).execute()
    return book


def pictures(book) -> list[str]:
    """The pictures of a notebook, in base64."""
    outputs = [output for cell in book.cells for output in cell.outputs]
    return [output["data"]["image/png"] for output in outputs if "image/png" in output.get("data", {})]


def shown(cell) -> str:
    return "".join(
        output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell.outputs
    )


@pytest.mark.long
class TestNbclient:
    def test_cells_run_in_a_sandbox(self):
        book = executed("import os; print(os.getpid(), os.getcwd(), os.path.exists('/home'))", "1 + 1")
        assert shown(book.cells[0]) == "1 /sandbox/scratch False\n"
        assert shown(book.cells[1]) == "2"

    def test_figures_displays_and_errors_arrive(self):
        book = executed(
            "import matplotlib.pyplot as plt\nplt.plot([1, 2]);", "1 / 0", "!echo hi", allow_errors=True
        )
        assert book.cells[0].outputs[0].data["image/png"].startswith("iVBOR")
        assert book.cells[1].outputs[0].ename == "ZeroDivisionError"
        assert shown(book.cells[2]).strip() == "hi"

    def test_the_same_as_in_a_stock_kernel(self):
        cells = [
            "import pandas as pd",
            "t = pd.DataFrame({'a': [1, 2]}); t",
            "import warnings; warnings.warn('w')",
        ]
        cells += [
            "import matplotlib.pyplot as plt; plt.bar(['a'], [1]);",
            "await __import__('asyncio').sleep(0, 3)",
        ]
        warm, stock = (executed(*cells, kernel=name, coalesce_streams=True) for name in (KERNEL, "python3"))
        for mine, theirs in zip(warm.cells, stock.cells, strict=True):
            assert [neutral(o) for o in mine.outputs] == [neutral(o) for o in theirs.outputs]

    @pytest.mark.parametrize(
        "cells",
        [
            ["from playbook.figures.style import new_figure", "f, a = new_figure(); a.set_title('t'); f"],
            ["from playbook.chapters.first_notebook import figures as kit", "f, a = kit.new_figure(); f"],
            ["import matplotlib.pyplot as plt", "f, a = plt.subplots(); a.plot([1, 2]);", "f"],
            [
                "import playbook.figures.style as s",
                "import matplotlib.pyplot as plt; plt.plot([1, 2])\nf, a = s.new_figure(); f",
            ],
        ],
    )
    def test_a_picture_has_the_same_bytes_as_from_a_stock_kernel(self, cells):
        warm, stock = (pictures(executed(*cells, kernel=name)) for name in (KERNEL, "python3"))
        assert stock
        assert warm == stock

    def test_each_kernel_is_fresh(self):
        for _ in range(2):
            assert shown(executed("'zz' in globals()", "zz = 1").cells[0]) == "False"
        chances = {shown(executed("import random; random.random()").cells[0]) for _ in range(2)}
        assert len(chances) == 2

    def test_a_cell_that_takes_too_long_is_interrupted(self):
        endless = "while True: pass"
        with pytest.raises(CellTimeoutError):
            executed(endless, timeout=1)
        book = executed(endless, "1 + 1", timeout=1, interrupt_on_timeout=True, allow_errors=True)
        assert shown(book.cells[1]) == "2"

    def test_a_kernel_that_ends_itself_is_noticed(self):
        with pytest.raises(DeadKernelError):
            executed("import os; os._exit(3)", timeout=30)

    def test_widgets_talk_to_the_client(self):
        book = executed("import ipywidgets as w\nout = w.Output()\nwith out: print('inside')\nw.IntSlider(3)")
        state = book.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"]
        assert any(part["model_name"] == "IntSliderModel" for part in state.values())

    def test_a_case_is_where_the_environment_says(self, tiny_case):
        book = new_notebook(
            cells=[new_code_cell("import os; sorted(os.listdir(os.environ['PLAYBOOK_CASE']))")]
        )
        client = NotebookClient(book, kernel_name=KERNEL)
        client.execute(env={**os.environ, "PLAYBOOK_CASE": str(tiny_case)})
        assert shown(book.cells[0]) == "['case.json', 'shops.csv']"

    def test_an_open_kernel_works_where_it_is_started(self, tmp_path, monkeypatch):
        monkeypatch.setenv("PLAYBOOK_TEST_WORD", "seen")
        book = executed(
            "import os; print(os.getcwd(), os.environ['PLAYBOOK_TEST_WORD'])",
            kernel=f"{KERNEL}-open",
            resources={"metadata": {"path": str(tmp_path)}},
        )
        assert shown(book.cells[0]) == f"{tmp_path} seen\n"


def neutral(output):
    text = json.dumps(output, sort_keys=True)
    return re.sub(r"\S*ipykernel_\d+/\d+\.py", "CELL", text)


class TestManager:
    @pytest.fixture
    def kernel(self):
        manager, client = start_new_kernel(kernel_name=KERNEL)
        yield manager, client
        client.stop_channels()
        manager.shutdown_kernel(now=True)

    def said(self, client, code: str) -> str:
        parts = []
        client.execute_interactive(
            code, timeout=30, output_hook=lambda m: parts.append(m["content"].get("text", ""))
        )
        return "".join(parts)

    def test_interrupt_and_restart(self, kernel):
        manager, client = kernel
        assert self.said(client, "zz = 1; print(zz)") == "1\n"
        sent = client.execute("print('go', flush=True)\nwhile True: pass")
        while client.get_iopub_msg(timeout=30)["msg_type"] != "stream":
            pass
        manager.interrupt_kernel()
        while (reply := client.get_shell_msg(timeout=30))["parent_header"].get("msg_id") != sent:
            pass
        assert reply["content"]["ename"] == "KeyboardInterrupt"
        manager.restart_kernel(now=True)
        client.wait_for_ready(timeout=30)
        assert self.said(client, "print('zz' in globals())") == "False\n"

    def test_its_end_is_its_end(self, kernel):
        manager, client = kernel
        self.said(client, "import os, time\nif not os.fork(): os.setsid(); time.sleep(600)")
        folder = manager.provisioner._folder
        assert os.listdir(folder)
        assert manager.is_alive()
        manager.shutdown_kernel()
        assert not manager.is_alive()
        assert not os.path.exists(folder)

    def test_a_signal_arrives(self, kernel):
        manager, client = kernel
        code = "import signal, time\ngot = []\nsignal.signal(signal.SIGUSR1, lambda *a: got.append(1))\nprint('set')"
        assert self.said(client, code) == "set\n"
        manager.signal_kernel(signal.SIGUSR1)
        assert self.said(client, "for _ in range(1000): got or time.sleep(0.01)\nprint(got)") == "[1]\n"

    def test_many_kernels_at_once(self):
        async def one(number: int) -> str:
            manager = AsyncKernelManager(kernel_name=KERNEL)
            await manager.start_kernel()
            client = manager.client()
            client.start_channels()
            await client.wait_for_ready(timeout=60)
            parts: list[str] = []
            await client.execute_interactive(
                f"print({number} ** 2)",
                timeout=30,
                output_hook=lambda m: parts.append(m["content"].get("text", "")),
            )
            client.stop_channels()
            await manager.shutdown_kernel(now=True)
            return "".join(parts).strip()

        async def all_of_them() -> list[str]:
            return await asyncio.gather(*map(one, range(6)))

        assert asyncio.run(all_of_them()) == [str(n * n) for n in range(6)]


class TestTools:
    @pytest.fixture
    def book(self, tmp_path):
        path = tmp_path / "page.ipynb"
        cells = [new_code_cell("import os\nprint(os.getpid(), 6 * 7)")]
        nbformat.write(
            new_notebook(cells=cells, metadata={"kernelspec": {"name": KERNEL, "display_name": "warm"}}), path
        )
        return path

    def environment(self, folder) -> dict[str, str]:
        return {**os.environ, "IPYTHONDIR": str(folder / "ipython"), "JUPYTER_PLATFORM_DIRS": "1"}

    def test_nbconvert_executes(self, book):
        command = [sys.executable, "-m", "nbconvert", "--execute", "--to", "notebook", "--inplace", str(book)]
        done = subprocess.run(
            command, capture_output=True, text=True, env=self.environment(book.parent), timeout=120
        )
        assert done.returncode == 0, done.stderr
        assert shown(nbformat.read(book, 4).cells[0]) == "1 42\n"

    def test_pytest_notebook_compares(self, book):
        from pytest_notebook.nb_regression import NBRegressionFixture

        recorded = nbformat.read(book, 4)
        recorded.cells[0].outputs = [nbformat.v4.new_output("stream", name="stdout", text="1 42\n")]
        recorded.cells[0].execution_count = 1
        nbformat.write(recorded, book)
        fixture = NBRegressionFixture(exec_notebook=True, exec_timeout=60, diff_ignore=("/metadata",))
        fixture.check(str(book))

    def test_jupyter_cache_executes(self, book, tmp_path):
        from jupyter_cache import get_cache
        from jupyter_cache.executors import load_executor

        cache = get_cache(tmp_path / "cache")
        cache.add_nb_to_project(str(book))
        result = load_executor("local-serial", cache=cache).run_and_cache(timeout=60)
        assert result.succeeded == [str(book)]
        assert shown(cache.get_cache_bundle(cache.match_cache_file(str(book)).pk).nb.cells[0]) == "1 42\n"


@pytest.mark.long
def test_a_parent_that_nobody_uses_ends():
    from playbook.running.warm.spawn import shared_connection

    with shared_connection("limits", None, 0.2) as connection:
        connection.send(b'{"about": 1}')
        assert json.loads(connection.recv(4096))["level"] == "limits"
    with shared_connection("limits", None, 0.2) as connection:
        connection.settimeout(60)
        with contextlib.suppress(ConnectionResetError):
            assert connection.recv(1) == b""
