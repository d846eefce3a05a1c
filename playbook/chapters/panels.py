"""What panels share: controls by name, words that are read aloud when they change, and showing all anew at each move."""

import html
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import ipywidgets as widgets

#: Settings of a control that is as wide as the panel and answers when it is let go.
COMMON: dict[str, Any] = {
    "continuous_update": False,
    "style": {"description_width": "initial"},
    "layout": {"width": "100%", "max_width": "640px"},
}


def status_html(words: Iterable[str]) -> str:
    """Sentences as one paragraph that a screen reader reads out when it changes.

    Args:
        words: plain text.
    """
    return f'<p role="status" aria-live="polite">{html.escape(" ".join(words))}</p>'


class ControlPanel(widgets.VBox):
    """Controls, and below them words, a picture and a table.

    A chapter's panel sets what it draws with before it calls ``__init__``, which shows the first setting.

    Args:
        controls: by the names that the chapter's state gives to their values.
        parts: what stands below them, in order.
    """

    def __init__(
        self,
        controls: Mapping[str, widgets.Widget],
        parts: Sequence[str] = ("words", "picture", "table"),
    ):
        self.controls = dict(controls)
        self.words, self.picture, self.table = widgets.HTML(), widgets.HTML(), widgets.HTML()
        super().__init__([*self.controls.values(), *(getattr(self, part) for part in parts)])
        for control in self.controls.values():
            control.observe(self._show, names="value")
        self._show()

    @property
    def values(self) -> dict[str, Any]:
        """Where each control stands, by its name."""
        return {name: control.value for name, control in self.controls.items()}

    def _show(self, change: Any = None) -> None:
        """Show what the controls stand at."""
        raise NotImplementedError
