"""A server as static hosts are: it compresses text and WebAssembly, and counts what it sends."""

import functools
import gzip
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

COMPRESSED = (".js", ".css", ".html", ".json", ".ipynb", ".wasm", ".svg", ".txt")
TYPES = {".wasm": "application/wasm", ".js": "text/javascript", ".ipynb": "application/json"}


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


@functools.cache
def _body(path: Path) -> bytes:
    data = path.read_bytes()
    return gzip.compress(data, 6) if path.suffix in COMPRESSED else data


class _Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    count: Count

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        tag = f'"{path.stat().st_mtime_ns}"'
        if self.headers.get("If-None-Match") == tag:
            self.send_response(304)
            self.send_header("ETag", tag)
            self.end_headers()
            return
        body = _body(path)
        self.send_response(200)
        self.send_header("Content-Type", TYPES.get(path.suffix) or self.guess_type(str(path)))
        if path.suffix in COMPRESSED:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        self.send_header("ETag", tag)
        self.end_headers()
        self.wfile.write(body)
        self.count.add(len(body))

    def log_message(self, format: str, *args) -> None:
        """Say nothing."""


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address) -> None:
        """A tab that is closed in the middle of a file is no error."""


@contextmanager
def counting(root: Path) -> Iterator[tuple[str, Count]]:
    """Serve a folder; yields its address and the count."""
    for path in root.rglob("*"):
        if path.is_file() and path.suffix in (".wasm", ".js"):
            _body(path)  # compressed beforehand, as hosts do
    count = Count()
    handler = type("Handler", (_Handler,), {"count": count})
    server = _Server(("127.0.0.1", 0), functools.partial(handler, directory=str(root)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/", count
    finally:
        server.shutdown()
        server.server_close()
