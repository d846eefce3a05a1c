"""Serve a built site on this machine only."""

import errno
import functools
import http.server
import io
import re
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO

from playbook.errors import PlaybookError
from playbook.site.compressed import Compressed, shrinks

HOST = "127.0.0.1"
_ONE_RANGE = re.compile(r"bytes=(?:(\d+)-(\d*)|-(\d+))$")


class Handler(http.server.SimpleHTTPRequestHandler):
    """Static files, compressed for those who accept it, always checked for a newer version; no line per request.

    Pages are isolated from other sites: then a notebook in the browser can interrupt a cell and keep its values.
    """

    protocol_version = "HTTP/1.1"
    cache_control = "no-cache"
    disable_nagle_algorithm = True  # headers and body are two writes; the second must not wait for the first
    extensions_map = {  # noqa: RUF012  (the base class declares it so)
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
        ".ipynb": "application/x-ipynb+json",
        ".whl": "application/octet-stream",
    }
    server: "Server"

    def end_headers(self) -> None:
        self.send_header("Cache-Control", self.cache_control)
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
        super().end_headers()

    def log_message(self, format: str, *args) -> None:
        """Say nothing: the terminal keeps the address in sight."""

    def send_head(self) -> BinaryIO | None:
        """Send the status and the headers; returns the body, or None where there is none."""
        name = self.translate_path(self.path)
        path = Path(name)
        if path.is_dir():
            index = path / "index.html"
            if not name.endswith("/") or not index.is_file():
                return super().send_head()  # to the address with a slash; or a list of what is there
            path = index
        elif name.endswith("/") or not path.is_file():
            self.send_error(HTTPStatus.NOT_FOUND, "File not found")
            return None
        return self._send_file(path)

    def _send_file(self, path: Path) -> BinaryIO | None:
        stat = path.stat()
        tag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
        asked = self._range_asked(stat.st_size, tag, stat.st_mtime)
        # A part is always one of the plain file: a client could not put together parts of two encodings.
        body = self.server.compressed.of(path) if asked is None and self._accepts_gzip() else None
        compressed = body is not None
        if compressed:
            tag = f'{tag[:-1]}-gzip"'
        headers = {"ETag": tag, "Last-Modified": self.date_time_string(stat.st_mtime)}
        if shrinks(path):
            headers["Vary"] = "Accept-Encoding"
        if self._has_it_already(tag, stat.st_mtime):
            return self._answer(HTTPStatus.NOT_MODIFIED, headers)
        headers |= {"Content-Type": self.guess_type(path), "Accept-Ranges": "bytes"}
        if compressed:
            headers["Content-Encoding"] = "gzip"
            return self._answer(HTTPStatus.OK, headers, body)
        data = path.read_bytes()
        if asked is None:
            return self._answer(HTTPStatus.OK, headers, data)
        if not asked:
            headers["Content-Range"] = f"bytes */{len(data)}"
            return self._answer(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers, b"")
        headers["Content-Range"] = f"bytes {asked.start}-{asked.stop - 1}/{len(data)}"
        return self._answer(HTTPStatus.PARTIAL_CONTENT, headers, data[asked.start : asked.stop])

    def _answer(
        self, status: HTTPStatus, headers: dict[str, str], body: bytes | None = None
    ) -> BinaryIO | None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if body is not None:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return None if body is None else io.BytesIO(body)

    def _accepts_gzip(self) -> bool:
        accepted = {}
        for part in self.headers.get("Accept-Encoding", "").lower().split(","):
            name, _, weight = part.partition(";")
            accepted[name.strip()] = not re.fullmatch(r"\s*q\s*=\s*0(\.0*)?\s*", weight)
        return accepted.get("gzip", accepted.get("*", False))

    def _has_it_already(self, tag: str, modified: float) -> bool:
        if (tags := self.headers.get("If-None-Match")) is not None:
            known = {one.strip().removeprefix("W/") for one in tags.split(",")}
            return tag in known or "*" in known
        since = _seconds(self.headers.get("If-Modified-Since"))
        return since is not None and int(modified) <= since

    def _range_asked(self, size: int, tag: str, modified: float) -> range | None:
        """The bytes asked for; empty where the file has none of them, None where the whole file is due."""
        found = _ONE_RANGE.match(self.headers.get("Range", "").replace(" ", ""))
        if not found or self.command != "GET":
            return None
        if (
            (condition := self.headers.get("If-Range"))
            and condition != tag
            and _seconds(condition) != int(modified)
        ):
            return None
        first, last, tail = found.groups()
        if tail is not None:
            return range(max(0, size - int(tail)), size)
        stop = min(size, int(last) + 1) if last else size
        if last and int(last) < int(first):
            return None  # no range at all, says the standard
        return range(int(first), max(int(first), stop)) if int(first) < size else range(0)


def _seconds(date: str | None) -> int | None:
    """The time of a header's date; None where there is none."""
    try:
        return int(parsedate_to_datetime(date).timestamp()) if date else None
    except ValueError:
        return None


class Server(http.server.ThreadingHTTPServer):
    """A thread for each connection, and one store of compressed files for all."""

    daemon_threads = True

    def __init__(self, *args, **kwargs):
        self.compressed = Compressed()
        super().__init__(*args, **kwargs)

    def server_close(self) -> None:
        super().server_close()
        self.compressed.close()

    def handle_error(self, request, client_address) -> None:
        """A reader who closes the tab in the middle of a file is no error."""


def open_server(folder: Path, port: int = 8000) -> Server:
    """A server for `folder` on 127.0.0.1, at `port` or, if that is taken, at a free one.

    Raises:
        PlaybookError: there is no site in the folder.
    """
    folder = Path(folder)
    if not (folder / "index.html").is_file():
        raise PlaybookError(
            "there is no site here", where=str(folder), remedy="build it first: playbook build (or make book)"
        )
    handler = functools.partial(Handler, directory=str(folder))
    try:
        return Server((HOST, port), handler)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        return Server((HOST, 0), handler)


def compress_ahead(server: Server, folder: Path) -> list[Future]:
    """Compress a site's large files while nobody waits for them; returns at once, with what can be waited for."""
    return server.compressed.prepare(path for path in Path(folder).rglob("*") if path.is_file())


def address(server: Server) -> str:
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
