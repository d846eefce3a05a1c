"""Run the notebooks of changed pages side by side, in warm kernels, before Sphinx reads the pages.

The results go into the jupyter-cache that MyST-NB looks into, under the key that it computes itself, so Sphinx
finds every page already run. A page whose kernel cannot be had here is left to MyST-NB.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.executors.utils import ExecutionResult, single_nb_execution
from jupyter_client.kernelspec import NoSuchKernel
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.display import status_iterator

from playbook.errors import PlaybookError

#: Forks of a process that has imported pandas, matplotlib and the kit; for pages that we wrote ourselves.
KERNEL = "playbook-warm-open"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Page:
    """A page with cells to run, as MyST-NB reads it."""

    name: str
    path: Path
    notebook: NotebookNode


def run_changed_pages(app: Sphinx, env: BuildEnvironment, names: list[str]) -> None:
    """Called by Sphinx with the pages that it is going to read."""
    config = env.mystnb_config
    cache = get_cache(config.execution_cache_path)
    pages = [page for page in _notebooks(env, names) if not _is_cached(cache, page.notebook)]
    run = _runner(config.execution_timeout)
    with ThreadPoolExecutor(max(2, os.cpu_count() or 1)) as pool:
        waiting = {pool.submit(run, page): page for page in pages}
        steps = status_iterator(
            as_completed(waiting),
            "running pages... ",
            "purple",
            len(pages),
            app.verbosity,
            lambda done: waiting[done].name,
        )
        for done in steps:
            page, result = waiting[done], done.result()
            if result is None:
                continue
            if result.err is None:
                bundle = CacheBundleIn(result.nb, str(page.path), data={"execution_seconds": result.time})
                cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
            else:
                _report(page, result)
                # It would stop there once more. That no kernel has named its language is then no news.
                config.execution_excludepatterns.append(page.path.as_posix())
                app.config.suppress_warnings = [*app.config.suppress_warnings, "myst-nb.lexer"]


def _notebooks(env: BuildEnvironment, names: list[str]) -> Iterator[Page]:
    """The pages that are notebooks, and are run by way of the cache."""
    from myst_nb.core.read import create_nb_reader

    config = env.mystnb_config
    for name in names:
        path = Path(env.doc2path(name))
        if not path.is_file():
            continue
        text = path.read_text(encoding="utf-8")
        reader = create_nb_reader(str(path), env.myst_config, config, text)
        if reader is None:
            continue
        notebook = reader.read(text)
        own = notebook.metadata.get(config.metadata_key, {})
        if own.get("execution_mode", config.execution_mode) == "cache":
            yield Page(name, path, notebook)


def _is_cached(cache, notebook: NotebookNode) -> bool:
    try:
        cache.match_cache_notebook(notebook)
    except KeyError:
        return False
    return True


def _runner(timeout: int) -> Callable[[Page], ExecutionResult | None]:
    def run(page: Page) -> ExecutionResult | None:
        try:
            return single_nb_execution(
                page.notebook, str(page.path.parent), timeout, False, kernel_name=KERNEL
            )
        except (PlaybookError, NoSuchKernel):
            return None

    return run


def _report(page: Page, result: ExecutionResult) -> None:
    """Warn of the cell that stopped: page, line, number of the cell, and the error."""
    code = [place for place, cell in enumerate(result.nb.cells) if cell.cell_type == "code"]
    stopped = next((place for place in code if not _went_well(result.nb.cells[place])), code[-1])
    lines = result.nb.metadata.get("source_map")
    error = getattr(result.err, "ename", type(result.err).__name__)
    said = getattr(result.err, "evalue", "") or str(result.err).splitlines()[0]
    _log.warning(
        "cell %d stops with %s: %s",
        code.index(stopped) + 1,
        error,
        said,
        location=(page.name, lines[stopped] + 1 if lines else None),
        type="playbook",
        subtype="cell",
    )


def _went_well(cell: NotebookNode) -> bool:
    if cell.execution_count is None and cell.source.strip():
        return False
    return not any(output.output_type == "error" for output in cell.outputs)
