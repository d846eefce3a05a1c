"""Serve a built site on this machine only."""

import errno
import functools
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playbook.errors import PlaybookError

HOST = "127.0.0.1"


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Static files, always checked for a newer version, without a line per request.

    Pages are isolated from other sites: then a notebook in the browser can interrupt a cell and keep its values.
    """

    extensions_map = {  # noqa: RUF012  (the base class declares it so)
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
        ".ipynb": "application/x-ipynb+json",
        ".whl": "application/octet-stream",
    }

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
        super().end_headers()

    def log_message(self, format: str, *args) -> None:
        """Say nothing: the terminal keeps the address in sight."""


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address) -> None:
        """A reader who closes the tab in the middle of a file is no error."""


def open_server(folder: Path, port: int = 8000) -> http.server.ThreadingHTTPServer:
    """A server for `folder` on 127.0.0.1, at `port` or, if that is taken, at a free one.

    Raises:
        PlaybookError: there is no site in the folder.
    """
    folder = Path(folder)
    if not (folder / "index.html").is_file():
        raise PlaybookError(
            "there is no site here", where=str(folder), remedy="build it first: playbook build (or make book)"
        )
    handler = functools.partial(_Handler, directory=str(folder))
    try:
        return _Server((HOST, port), handler)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        return _Server((HOST, 0), handler)


def address(server: http.server.ThreadingHTTPServer) -> str:
    """Where a browser finds the server."""
    host, port = server.server_address[:2]
    return f"http://{host}:{port}/"


@contextmanager
def serving(folder: Path, port: int = 0) -> Iterator[str]:
    """Serve `folder` for the length of a block; yields the address."""
    server = open_server(folder, port)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield address(server)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
