"""Turn messages into the outputs of a notebook's cells, by nbclient's rules.

`nbformat.v4.output_from_msg` does the plain part of it, and stops at a message of odd types; here each part of a
message is made what it should be, because a sandbox may send anything, and no schema is read for each output.
"""

from __future__ import annotations

from typing import Any

_SHOWN = ("display_data", "execute_result")


class Outputs:
    """Gathers the outputs of all cells; messages come from a sandbox, so every part of them is checked."""

    def __init__(self) -> None:
        self.cells: dict[int, tuple[int | None, list[dict[str, Any]]]] = {}
        self._displays: dict[str, list[tuple[int, int]]] = {}
        self._clear_next = False

    def add_cell(self, index: int, count: int | None, messages: Any) -> None:
        """Fold one cell's messages into its outputs."""
        outputs: list[dict[str, Any]] = []
        self.cells[index] = (count, outputs)
        self._clear_next = False
        for message in messages if isinstance(messages, list) else ():
            if isinstance(message, list) and len(message) == 2 and isinstance(message[1], dict):
                self._fold(index, outputs, str(message[0]), message[1], count)
        outputs[:] = coalesced(outputs)

    def _fold(self, index: int, outputs: list, kind: str, content: dict[str, Any], count: int | None) -> None:
        transient = content.get("transient")
        display = transient.get("display_id") if isinstance(transient, dict) else None
        if kind == "clear_output":
            if content.get("wait"):
                self._clear_next = True
            else:
                self._clear(index, outputs)
            return
        if isinstance(display, str) and kind in (*_SHOWN, "update_display_data"):
            for cell, position in self._displays.get(display, ()):
                place = self.cells[cell][1]
                if position < len(place):
                    place[position].update(
                        data=_mapping(content, "data"), metadata=_mapping(content, "metadata")
                    )
        output = _output(kind, content, count)
        if output is None:
            return
        if self._clear_next:
            self._clear(index, outputs)
            self._clear_next = False
        if isinstance(display, str):
            self._displays.setdefault(display, []).append((index, len(outputs)))
        outputs.append(output)

    def _clear(self, index: int, outputs: list) -> None:
        outputs.clear()
        for places in self._displays.values():
            places[:] = [place for place in places if place[0] != index]


def _mapping(content: dict[str, Any], key: str) -> dict[str, Any]:
    value = content.get(key)
    return value if isinstance(value, dict) else {}


def _output(kind: str, content: dict[str, Any], count: int | None) -> dict[str, Any] | None:
    if kind == "stream":
        name = "stderr" if content.get("name") == "stderr" else "stdout"
        return {"output_type": kind, "name": name, "text": str(content.get("text", ""))}
    if kind == "error":
        lines = content.get("traceback")
        return {
            "output_type": kind,
            "ename": str(content.get("ename", "")),
            "evalue": str(content.get("evalue", "")),
            "traceback": [str(line) for line in lines] if isinstance(lines, list) else [],
        }
    if kind in _SHOWN:
        output = {
            "output_type": kind,
            "data": _mapping(content, "data"),
            "metadata": _mapping(content, "metadata"),
        }
        return {**output, "execution_count": count} if kind == "execute_result" else output
    return None


def _after_returns(line: str) -> str:
    """What is left to see of a line that was written over: nbclient's rule, in linear time."""
    end = "\r" if line.endswith("\r") else ""
    return line.removesuffix("\r").rpartition("\r")[2] + end


def coalesced(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Merge streams of one name, undo carriage returns, and put stdout before stderr."""
    merged: list[dict[str, Any]] = []
    streams: dict[str, dict[str, Any]] = {}
    for output in outputs:
        if output["output_type"] != "stream":
            merged.append(output)
        elif output["name"] in streams:
            streams[output["name"]]["text"] += output["text"]
        else:
            streams[output["name"]] = output
            merged.append(output)
    for output in streams.values():
        if "\r" in output["text"]:
            output["text"] = "\n".join(map(_after_returns, output["text"].split("\n")))
    for place in range(len(merged) - 1):
        names = [merged[p].get("name") for p in (place, place + 1)]
        if names == ["stderr", "stdout"]:
            merged[place], merged[place + 1] = merged[place + 1], merged[place]
    return merged
