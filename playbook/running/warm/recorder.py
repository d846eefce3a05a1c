"""What a notebook shows, recorded where a kernel would send it: stands in for the kernel's message session."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from typing import Any

from playbook.running.runner import output_cut

_OUTPUT = ("stream", "display_data", "execute_result", "error", "update_display_data", "clear_output")


class Recorder:
    """Keeps a cell's messages, up to a size for the whole notebook.

    Args:
        wanted: False in marking mode: everything is dropped.
        kilobytes: how much is kept.
    """

    def __init__(self, wanted: bool = False, kilobytes: int = 0):
        self.wanted, self.kilobytes = wanted, kilobytes
        self.room = kilobytes * 1024
        self.messages: list[list[Any]] = []
        self.captured_by: list[str] = []
        self.collect: Callable[[], None] = lambda: None

    # The two methods that ipykernel's display classes use of a session.
    def msg(self, kind: str, content: dict | None = None, parent: Any = None, **_: Any) -> dict[str, Any]:
        """A message, not sent yet."""
        return {
            "msg_type": kind,
            "header": {"msg_type": kind},
            "parent_header": parent or {},
            "content": content or {},
        }

    def send(self, _socket: Any, message: Any, content: Any = None, *_args: Any, **_kwargs: Any) -> None:
        """Record a message, given whole or as its type and content."""
        if isinstance(message, str):
            message = self.msg(message, content)
        self.add(message["msg_type"], message["content"])

    def add(self, kind: str, content: dict[str, Any]) -> None:
        """Record one output, unless an Output widget takes it or there is no more room."""
        if not self.wanted or kind not in _OUTPUT or self.captured_by or self.room <= 0:
            return
        if kind != "stream":
            self.collect()
        fits = self.room
        self.room -= _size(content)
        if self.room > 0:
            self._append(kind, content)
            return
        if kind == "stream":
            self._append(kind, {**content, "text": content["text"][:fits]})
        self._append("stream", {"name": "stderr", "text": output_cut(self.kilobytes)})

    def _append(self, kind: str, content: dict[str, Any]) -> None:
        last = self.messages[-1] if self.messages else None
        if kind == "stream" and last and last[0] == kind and last[1]["name"] == content["name"]:
            last[1]["text"] += content["text"]
        else:
            self.messages.append([kind, dict(content)])

    def take(self) -> list[list[Any]]:
        """The messages since the last call."""
        messages, self.messages = self.messages, []
        return messages


def _size(content: dict[str, Any]) -> int:
    return len(content["text"]) if "text" in content else len(repr(content))


class Stream(io.TextIOBase):
    """`sys.stdout` or `sys.stderr` of a notebook.

    Args:
        recorder: takes what is written.
        name: ``"stdout"`` or ``"stderr"``.
        descriptor: the file descriptor that programs started by the notebook write to.
    """

    encoding = "UTF-8"
    errors = "strict"

    def __init__(self, recorder: Recorder, name: str, descriptor: int):
        self._recorder, self._name, self._descriptor = recorder, name, descriptor

    @property
    def name(self) -> str:
        """As for a file."""
        return f"<{self._name}>"

    def write(self, text: str) -> int:
        """Record text."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._recorder.add("stream", {"name": self._name, "text": text})
        return len(text)

    def flush(self) -> None:
        """Let in what programs have written meanwhile."""
        self._recorder.collect()

    def writable(self) -> bool:
        """As for a file."""
        return True

    def isatty(self) -> bool:
        """No terminal."""
        return False

    def fileno(self) -> int:
        """For programs that are started with it."""
        return self._descriptor


class Spill:
    """Catches what programs and libraries write past Python, to the file descriptors 1 and 2.

    Args:
        recorder: takes what was written, after each cell.
        folder: where an unnamed file may lie.
    """

    def __init__(self, recorder: Recorder, folder: str):
        self._recorder = recorder
        self._files: dict[str, int] = {}
        if recorder.wanted:
            for descriptor, name in ((1, "stdout"), (2, "stderr")):
                path = os.path.join(folder, f".{name}")
                file = os.open(path, os.O_CREAT | os.O_RDWR | os.O_APPEND | os.O_CLOEXEC, 0o600)
                os.unlink(path)
                os.dup2(file, descriptor)
                self._files[name] = file
            recorder.collect = self.collect

    def collect(self) -> None:
        """Record what came since the last call."""
        for name, file in self._files.items():
            size = os.fstat(file).st_size
            if size:
                text = os.pread(file, max(self._recorder.room, 0) + 1, 0).decode("utf-8", "replace")
                os.ftruncate(file, 0)
                self._recorder.add("stream", {"name": name, "text": text})
