"""Runners that tests share: starting a warm parent takes seconds, so there is one of each kind."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from playbook.errors import PlaybookError
from playbook.running.kernel import KernelRunner
from playbook.running.warm.runner import WarmRunner


@pytest.fixture(scope="session")
def warm_runner() -> Iterator[WarmRunner]:
    """Sandboxed forks; skipped, with what the host refused, where there is no sandbox to be had.

    ``PLAYBOOK_TEST_LEVEL`` names a lesser level to test than the strongest that this host allows.
    """
    with WarmRunner(required=True, level=os.environ.get("PLAYBOOK_TEST_LEVEL", "")) as runner:
        try:
            assert runner.level
        except PlaybookError as error:
            pytest.skip(error.what)
        yield runner


@pytest.fixture(scope="session")
def kernel_runner() -> KernelRunner:
    """A fresh kernel for each notebook."""
    return KernelRunner()


@pytest.fixture(scope="session")
def tiny_case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that stands for a case: one small table."""
    folder = tmp_path_factory.mktemp("case")
    (folder / "case.json").write_text("{}\n")
    (folder / "shops.csv").write_text("shop,sales\na,10\nb,20\nc,30\n")
    return folder
