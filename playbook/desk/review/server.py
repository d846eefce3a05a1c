"""Show the texts on this machine alone: 127.0.0.1, behind a token, to pages of its own and nobody else's."""

from __future__ import annotations

import errno
import hmac
import http.server
import secrets
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from playbook.desk.review.page import policy, review_page
from playbook.desk.review.sitting import Sitting
from playbook.errors import PlaybookError
from playbook.words import _

HOST = "127.0.0.1"
#: Bytes that a form may send: a comment of Chinese characters, each as nine, and some more.
_MOST = 40_000
#: Bytes of something larger that are taken before it is refused.
_DRAINED = 1_000_000
#: Seconds that a browser may hold a connection without asking anything.
_PATIENCE_S = 30
#: Seconds after which the server looks whether it is to end.
_LOOKS_S = 0.05


class ReviewServer(http.server.ThreadingHTTPServer):
    """Serves one sitting; `address` opens it.

    A browser opens connections that it may never use, so each has a thread; the gradebook is used by one at a time.
    """

    daemon_threads = True

    def __init__(self, sitting: Sitting, port: int = 0):
        self.sitting, self.token, self.lock = sitting, secrets.token_urlsafe(24), threading.Lock()
        super().__init__((HOST, port), Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing where a browser has gone away."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    @property
    def address(self) -> str:
        """What opens the page: whoever has it may read and judge."""
        return f"http://{HOST}:{self.server_port}/{self.token}/"


class Handler(http.server.BaseHTTPRequestHandler):
    """Pages below the token; everything else is refused."""

    server: ReviewServer
    timeout = _PATIENCE_S

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the address holds the token."""

    def do_GET(self) -> None:
        asked = self._allowed()
        if asked is None:
            return
        with self.server.lock:
            sitting = self.server.sitting
            if asked in ("", "end"):
                waits = sitting.next_open()
                # The browser's way back may lead to an end that is none.
                return self._page(None) if asked and not waits else self._to(waits)
            place = self._place(asked)
            if place:
                self._page(place)

    def do_POST(self) -> None:
        form = self._form()  # read also where it is refused: a connection that is cut off loses the answer
        asked = self._allowed()
        if asked is None:
            return
        if form is None:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _("This is more than a comment may hold."))
            return
        with self.server.lock:
            if asked == "undo":
                return self._undo()
            place = self._place(asked)
            if place:
                self._keep(place, form)

    def _allowed(self) -> str | None:
        """What stands below the token in the path; None where the request is refused, which is answered then."""
        own = {f"{name}:{self.server.server_port}" for name in (HOST, "localhost")}
        host = self.headers.get("Host", "")
        origin = self.headers.get("Origin")
        if host not in own:
            return self._refuse(
                HTTPStatus.MISDIRECTED_REQUEST, _("This page answers to its own address alone.")
            )
        if origin is not None and origin != f"http://{host}":
            return self._refuse(HTTPStatus.FORBIDDEN, _("Another page asked for this; it gets nothing."))
        if self.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
            return self._refuse(HTTPStatus.FORBIDDEN, _("Another page asked for this; it gets nothing."))
        _start, token, asked = [*self.path.partition("?")[0].split("/", 2), "", ""][:3]
        if not hmac.compare_digest(token.encode("utf-8", "replace"), self.server.token.encode()):
            words = _("Open the whole address that `playbook review` has printed: its long part is the key.")
            return self._refuse(HTTPStatus.FORBIDDEN, words)
        return asked

    def _form(self) -> dict[str, str] | None:
        """What was sent; None where it is no form of this page."""
        size = _whole(self.headers.get("Content-Length", ""), 9)
        if size is None:
            return None
        body = self.rfile.read(min(size, _DRAINED)).decode("utf-8", "replace")
        if size > _MOST:
            return None
        return {name: values[-1] for name, values in parse_qs(body, keep_blank_values=True).items()}

    def _place(self, told: str) -> int | None:
        total = len(self.server.sitting.texts)
        place = _whole(told, 8) or 0
        if not 1 <= place <= total:
            words = _("There is no such page; the answers are numbered from 1 to {total}.")
            return self._refuse(HTTPStatus.NOT_FOUND, words.format(total=total))
        return place

    def _keep(self, place: int, form: dict[str, str]) -> None:
        sitting = self.server.sitting
        halves, comment = form.get("halves", ""), form.get("comment", "").replace("\r\n", "\n")
        given = _whole(halves, 3)
        if given is None:
            return self._page(place, _("Choose points first: press their key."), (halves, comment))
        try:
            sitting.keep(place, given / 2, comment, _whole(form.get("seen", ""), 15))
        except PlaybookError as error:
            return self._page(place, str(error), (halves, comment))
        self._to(sitting.next_open(place))

    def _undo(self) -> None:
        try:
            place = self.server.sitting.undo()
        except PlaybookError as error:
            return self._page(self.server.sitting.next_open(), str(error))
        if place is None:
            return self._page(
                self.server.sitting.next_open(), _("There is nothing to undo: you have judged nothing yet.")
            )
        self._to(place)

    def _page(self, place: int | None, said: str = "", typed: tuple[str, str] | None = None) -> None:
        nonce = secrets.token_urlsafe(16)
        text = review_page(self.server.sitting, place, f"/{self.server.token}", nonce, said, typed)
        status = HTTPStatus.CONFLICT if said else HTTPStatus.OK
        self._send(
            status, "text/html", text, {"Content-Security-Policy": policy(nonce) + "; frame-ancestors 'none'"}
        )

    def _to(self, place: int | None) -> None:
        self._send(
            HTTPStatus.SEE_OTHER, "text/plain", "", {"Location": f"/{self.server.token}/{place or 'end'}"}
        )

    def _refuse(self, status: HTTPStatus, words: str) -> None:
        self._send(status, "text/plain", words + "\n", {})

    def _send(self, status: HTTPStatus, kind: str, text: str, headers: dict[str, str]) -> None:
        body = text.encode("utf-8", "replace")
        self.send_response(status)
        common = {
            "Cache-Control": "no-store",
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        }
        for name, value in {**common, **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _whole(told: str, digits: int) -> int | None:
    """A whole number as somebody sent it; None where it is none, or longer."""
    return int(told) if told.isascii() and told.isdecimal() and len(told) <= digits else None


@contextmanager
def reviewing(sitting: Sitting, port: int = 0) -> Iterator[ReviewServer]:
    """Serve a sitting while the block runs.

    Args:
        port: 0 for any that is free.

    Raises:
        PlaybookError: the port is taken, or not ours to use.
    """
    try:
        server = ReviewServer(sitting, port)
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        raise PlaybookError(
            _("port {port} is in use").format(port=port)
            if taken
            else _("port {port} cannot be used: {why}").format(port=port, why=error.strerror),
            remedy=_("leave --port out: a free one is taken then"),
        ) from None
    thread = threading.Thread(target=server.serve_forever, args=(_LOOKS_S,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
