"""Cells that are Python as they stand are not transformed: IPython would leave each of them as it is."""

import json

import pytest

from playbook.authoring.master import find_masters
from playbook.places import course_root
from playbook.running.runner import Job
from tests.running.warm.helpers import notebook

#: Cells that IPython changes, awaits, or might. Of single lines it looks at what their first word stands for.
ODD = [
    "pwd",
    "a = %pwd",
    "a=!ls",
    "a = 1?",
    "a == 1",
    "exit = 3",
    "quit=3",
    "time a = 1",
    "a, b = 1, 2",
    "  a = 1",
    "a = await f()",
    "%matplotlib inline\na = 1",
    "a = 1\n  %time a",
    "a = %pwd\nb = 1",
    "a = 1\nb = !ls",
    "a =   \\\n  %pwd",
    "%%bash\nls",
    "!ls\na = 1",
    "a?\nb = 1",
    "a = 1\nb??",
    ",f a b\nc = 1",
    ";f a b\nc = 1",
    "/f a\nc = 1",
    ">>> a = 1\n>>> b = 2",
    "In [1]: a = 1\n   ...: b = 2",
    "  a = 1\n  b = 2",
    "\n\na = 1\nb = 2",
    "text = '''\n   \n'''\nb = 1",
    "a = 1\r\nb = 2",
    "import asyncio\nawait asyncio.sleep(0)",
    "async def f():\n    return 1\nawait f()",
    "[x async for x in y]\na = 1",
    "if True:\n    %time 1",
    "a = 1 # ?\nb = 2",
    "a = (1,\n%pwd)",
    "def f(:\n    pass",
    "a = 1\n\x0cb = 2",
]
PLAIN = [
    "n = 7 % 3",
    "pwd = 1",
    "time=5",
    "decision = 'Why not? We enter textiles first'",
    "a = 7 % 3\nprint(f'{a:.0%}', a != 2)",
    'share = 5\nf"{share:.0%}"',
    "a = 1;\nb = 2;",
    "for i in range(3):\n\n    print(i)\n",
    "def f(x):\n    ...\nf",
    "s = '''\n%not a magic'''\nt = 1",
]
COMPARE = """
import json
from IPython.core.interactiveshell import InteractiveShell
shell, told = get_ipython(), []
for source in json.loads(sources):
    try:
        whole = InteractiveShell.transform_cell(shell, source)
    except Exception as error:
        told.append([False, shell.is_plain(source)])
        continue
    waits = InteractiveShell.should_run_async(shell, source, transformed_cell=whole)
    same = shell.transform_cell(source) == whole and shell.should_run_async(source, transformed_cell=whole) == waits
    told.append([same, shell.is_plain(source)])
"""


@pytest.mark.sandbox
@pytest.mark.slow
def test_a_cell_is_taken_as_it_stands_only_where_ipython_takes_it_so(warm_runner, tiny_case):
    masters = find_masters(course_root() / "exercises")
    course = [
        source
        for master in masters
        for cell in master.cells
        for source in (
            (cell.block.starter, cell.block.solution)
            if cell.block
            else (cell.source,)
            if cell.kind == "code"
            else ()
        )
    ]
    sources = [*ODD, *PLAIN, *course]
    code = notebook(f"sources = {json.dumps(sources)!r}", COMPARE, "told = json.dumps(told)")
    told = json.loads(warm_runner.run(Job(code, tiny_case, ("told",))).answers["told"])
    differ = [source for source, (same, plain) in zip(sources, told, strict=True) if plain and not same]
    assert differ == []
    assert sum(plain for _same, plain in told[len(ODD) :]) > 0.8 * len(course)


@pytest.mark.sandbox
@pytest.mark.slow
def test_a_notebook_that_changes_how_cells_are_read_is_obeyed(warm_runner, tiny_case):
    cells = (
        "def double(lines):\n    return [line.replace('1', '2') for line in lines]\n",
        "get_ipython().input_transformers_post.append(double)\nx = 3",
        "a = 1\nb = 1",
        "get_ipython().input_transformers_post.clear()\nget_ipython().input_transformers_cleanup.append(double)",
        "c = 1\nd = 1",
    )
    run = warm_runner.run(Job(notebook(*cells), tiny_case, ("a", "b", "c", "d")))
    assert run.answers == dict.fromkeys("abcd", 2)
