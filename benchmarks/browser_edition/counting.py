"""The course's own server, letting browsers keep files as static hosts do, and counting what it sends."""

import functools
import threading
from collections.abc import Iterator
from concurrent.futures import wait
from contextlib import contextmanager
from pathlib import Path

from playbook.site.serve import HOST, Handler, Server, address, compress_ahead


class Count:
    """Bytes of bodies sent since the last call of :meth:`take`."""

    def __init__(self):
        self.sent, self._lock = 0, threading.Lock()

    def add(self, size: int) -> None:
        with self._lock:
            self.sent += size

    def take(self) -> int:
        with self._lock:
            sent, self.sent = self.sent, 0
        return sent


class _Handler(Handler):
    cache_control = "max-age=600"
    count: Count

    def copyfile(self, source, outputfile) -> None:
        body = source.read()
        outputfile.write(body)
        self.count.add(len(body))


class _Server(Server):
    request_queue_size = 128


@contextmanager
def counting(root: Path) -> Iterator[tuple[str, Count]]:
    """Serve a folder, its large files compressed beforehand; yields its address and the count."""
    count = Count()
    handler = type("Handler", (_Handler,), {"count": count})
    with _Server((HOST, 0), functools.partial(handler, directory=str(root))) as server:
        wait(compress_ahead(server, root))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield address(server), count
        server.shutdown()
