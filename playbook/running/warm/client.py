"""Kernel clients that notice at once that a kernel is ready; the stock ones wait a fifth of a second to be sure."""

from __future__ import annotations

import time
from functools import lru_cache
from queue import Empty
from typing import Any

from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.client import KernelClient
from jupyter_client.utils import ensure_async, run_sync


@lru_cache
def ready_at_once(client: type[KernelClient]) -> type[KernelClient]:
    """The same kind of client, which waits for the kernel's own word instead of for silence."""
    if getattr(client, "notices_at_once", False):
        return client
    wait = run_sync(_wait_for_ready) if issubclass(client, BlockingKernelClient) else _wait_for_ready
    names = {"wait_for_ready": wait, "_async_wait_for_ready": _wait_for_ready, "notices_at_once": True}
    names["__module__"] = client.__module__
    return type(client.__name__, (client,), names)


async def _wait_for_ready(self: Any, timeout: float | None = None) -> None:
    """Ask until the reply comes and the request's own last message has arrived: then both lines are open.

    Raises:
        RuntimeError: the kernel died or did not answer in time.
    """
    until = time.monotonic() + (60 if timeout is None else timeout)
    while time.monotonic() < until:
        request = self.kernel_info()
        try:
            reply = await ensure_async(self.shell_channel.get_msg(timeout=1))
            if reply["msg_type"] == "kernel_info_reply" and await _idle(self, request):
                self._handle_kernel_info_reply(reply)
                return
        except Empty:
            pass
        if not await self._async_is_alive():
            raise RuntimeError("Kernel died before replying to kernel_info")
    raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")


async def _idle(self: Any, request: str) -> bool:
    while True:
        message = await ensure_async(self.iopub_channel.get_msg(timeout=0.5))
        mine = message["msg_type"] == "status" and message["parent_header"].get("msg_id") == request
        if mine and message["content"]["execution_state"] == "idle":
            return True
