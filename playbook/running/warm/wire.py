"""Frames between the grader and a sandbox: four bytes of length, then UTF-8 JSON. The grader trusts none of it."""

from __future__ import annotations

import asyncio
import json
import select
import socket
import struct
import time
from typing import Any

_LENGTH = struct.Struct(">I")
_CHUNK = 1 << 20


class Closed(Exception):
    """The other side is gone, or said something that is no frame."""


def encode(message: Any) -> bytes:
    """A frame of a JSON-able message, or of text that is JSON already."""
    text = (
        message
        if isinstance(message, str)
        else json.dumps(message, ensure_ascii=False, separators=(",", ":"))
    )
    body = text.encode("utf-8", "replace")
    return _LENGTH.pack(len(body)) + body


class Channel:
    """The grader's end: every wait has a deadline, every frame a size.

    Args:
        connection: a connected stream socket.
    """

    def __init__(self, connection: socket.socket):
        connection.setblocking(False)
        self.connection = connection

    def send(self, message: Any, seconds: float) -> None:
        """Send a message.

        Raises:
            Closed: nobody is there.
            TimeoutError: nobody reads.
        """
        left, until = memoryview(encode(message)), time.monotonic() + seconds
        while left:
            try:
                left = left[self.connection.send(left[:_CHUNK]) :]
            except BlockingIOError:
                self._wait(select.POLLOUT, until)
            except OSError as error:
                raise Closed(str(error)) from None

    def receive(self, seconds: float, most: int) -> bytes:
        """The body of the next frame.

        Args:
            seconds: how long to wait for all of it.
            most: bytes; a longer frame ends the connection.

        Raises:
            Closed: the other side is gone, or announced more than `most`.
            TimeoutError: not all of it came in time.
        """
        until = time.monotonic() + seconds
        (length,) = _LENGTH.unpack(self._exactly(_LENGTH.size, until))
        if length > most:
            raise Closed(f"a frame of {length} bytes")
        return self._exactly(length, until)

    def receive_message(self, seconds: float, most: int) -> Any:
        """As :meth:`receive`, read as JSON; for what is said before anything of a trainee's runs."""
        return json.loads(self.receive(seconds, most))

    def _exactly(self, size: int, until: float) -> bytes:
        parts: list[bytes] = []
        while size:
            try:
                part = self.connection.recv(min(size, _CHUNK))
            except BlockingIOError:
                self._wait(select.POLLIN, until)
                continue
            except OSError as error:
                raise Closed(str(error)) from None
            if not part:
                raise Closed("the other side is gone")
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def _wait(self, event: int, until: float) -> None:
        poller = select.poll()
        poller.register(self.connection, event)
        if not poller.poll(max(until - time.monotonic(), 0) * 1000):
            raise TimeoutError

    def close(self) -> None:
        """Hang up."""
        self.connection.close()


def receive_now(connection: socket.socket) -> Any:
    """In a sandbox, before its event loop: wait for one message."""
    return json.loads(_read(connection, _LENGTH.unpack(_read(connection, _LENGTH.size))[0]))


def _read(connection: socket.socket, size: int) -> bytes:
    parts: list[bytes] = []
    while size:
        part = connection.recv(min(size, _CHUNK))
        if not part:
            raise Closed("the grader is gone")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


async def receive(connection: socket.socket) -> Any:
    """In a sandbox: the next message; other tasks of the notebook go on while waiting."""
    loop = asyncio.get_running_loop()

    async def exactly(size: int) -> bytes:
        parts: list[bytes] = []
        while size:
            part = await loop.sock_recv(connection, min(size, _CHUNK))
            if not part:
                raise Closed("the grader is gone")
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    return json.loads(await exactly(_LENGTH.unpack(await exactly(_LENGTH.size))[0]))
