"""Frames between the grader and a sandbox: length and number, four bytes each, then UTF-8 JSON.

A reply carries the number of its request, so that it is never taken for another's. The grader trusts none of it.
"""

from __future__ import annotations

import asyncio
import json
import select
import socket
import struct
import time
from typing import Any

_HEAD = struct.Struct(">II")
_CHUNK = 1 << 20


class Closed(Exception):
    """The other side is gone, or said something that is no frame."""


def encode(message: Any, number: int = 0) -> bytes:
    """A frame of a JSON-able message, or of text that is JSON already; `number` is its request's."""
    text = (
        message
        if isinstance(message, str)
        else json.dumps(message, ensure_ascii=False, separators=(",", ":"))
    )
    body = text.encode("utf-8", "replace")
    return _HEAD.pack(len(body), number) + body


class Channel:
    """The grader's end: every wait has a deadline, every frame a size.

    Args:
        connection: a connected stream socket.
    """

    def __init__(self, connection: socket.socket):
        connection.setblocking(False)
        self.connection = connection

    def send(self, message: Any, seconds: float, number: int = 0) -> None:
        """Send a message, under a number that its reply will carry.

        Raises:
            Closed: nobody is there.
            TimeoutError: nobody reads.
        """
        left, until = memoryview(encode(message, number)), time.monotonic() + seconds
        while left:
            try:
                left = left[self.connection.send(left[:_CHUNK]) :]
            except BlockingIOError:
                self._wait(select.POLLOUT, until)
            except OSError as error:
                raise Closed(str(error)) from None

    def receive(self, seconds: float, most: int, number: int = 0) -> bytes:
        """The body of the next frame that replies to a request; frames with another number are passed over.

        Args:
            seconds: how long to wait for all of it.
            most: bytes; a longer frame ends the connection.
            number: the request's.

        Raises:
            Closed: the other side is gone, or announced more than `most`.
            TimeoutError: not all of it came in time.
        """
        until = time.monotonic() + seconds
        while True:
            length, found = _HEAD.unpack(self._exactly(_HEAD.size, until))
            if length > most:
                raise Closed(f"a frame of {length} bytes")
            body = self._exactly(length, until)
            if found == number:
                return body

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
    return json.loads(_read(connection, _HEAD.unpack(_read(connection, _HEAD.size))[0]))


def _read(connection: socket.socket, size: int) -> bytes:
    parts: list[bytes] = []
    while size:
        part = connection.recv(min(size, _CHUNK))
        if not part:
            raise Closed("the grader is gone")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


async def receive(connection: socket.socket) -> tuple[Any, int]:
    """In a sandbox: the next message and its number; other tasks of the notebook go on while waiting."""
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

    length, number = _HEAD.unpack(await exactly(_HEAD.size))
    return json.loads(await exactly(length)), number
