"""Files as they travel: gzipped where that makes them smaller, each compressed once and kept in memory."""

import gzip
import threading
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

#: What gzip makes smaller. All else here is compressed already: pictures, fonts, archives, wheels.
SHRINKS = frozenset(
    {
        ".css",
        ".csv",
        ".eot",
        ".html",
        ".ico",
        ".ipynb",
        ".js",
        ".json",
        ".mjs",
        ".svg",
        ".ttf",
        ".txt",
        ".wasm",
    }
    | {".webmanifest", ".xml"}
)
#: Below this many bytes a file fits into one packet anyway.
SMALL = 1_000
LEVEL = 9
#: A file of this many bytes keeps a reader waiting while it is compressed, so that is done beforehand.
LARGE = 200_000


class Compressed:
    """The compressed forms of files. A file that has changed is compressed anew."""

    def __init__(self, workers: int = 2):
        self._workers = ThreadPoolExecutor(workers, thread_name_prefix="gzip")
        self._lock = threading.Lock()
        self._kept: dict[Path, tuple[tuple[int, int], Future[bytes | None]]] = {}

    def of(self, path: Path) -> bytes | None:
        """The file, gzipped; None where it is better sent as it is."""
        return self._asked(path).result() if shrinks(path) else None

    def prepare(self, paths: Iterable[Path]) -> list[Future]:
        """Compress large files in the background, the largest first; returns what can be waited for."""
        sizes = {path: path.stat().st_size for path in paths if shrinks(path)}
        large = [path for path, size in sizes.items() if size >= LARGE]
        return [self._asked(path) for path in sorted(large, key=sizes.get, reverse=True)]

    def close(self) -> None:
        """Stop; what has not begun is dropped."""
        self._workers.shutdown(wait=False, cancel_futures=True)

    def _asked(self, path: Path) -> Future[bytes | None]:
        stat = path.stat()
        version = (stat.st_mtime_ns, stat.st_size)
        with self._lock:
            kept = self._kept.get(path)
            if kept is None or kept[0] != version:
                kept = self._kept[path] = (version, self._workers.submit(_compress, path))
        return kept[1]


def shrinks(path: Path) -> bool:
    """Whether files of this kind are worth compressing."""
    return path.suffix.lower() in SHRINKS


def _compress(path: Path) -> bytes | None:
    data = path.read_bytes()
    if len(data) < SMALL:
        return None
    smaller = gzip.compress(data, LEVEL, mtime=0)
    return smaller if len(smaller) < len(data) else None
