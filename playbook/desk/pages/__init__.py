"""Pages for people: one frame, one style sheet and one set of filters for everything that a desk writes as HTML.

A page is one file that needs no other and runs nothing: its style and pictures stand inside, its policy forbids the
rest. Whatever trainees wrote is escaped, because nothing is ever passed through unless it is marked as safe.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playbook import words
from playbook.clock import shown as moment
from playbook.exercises.view import marked_up

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_FOLDER = Path(__file__).resolve().parent


def render(template: str, **values: Any) -> str:
    """A page from the template of this name beside this file."""
    return "".join(parts_of(template, **values))


def parts_of(template: str, **values: Any) -> Iterator[str]:
    """The same page part by part, as it comes to be: a long table is never in memory as a whole."""
    return environment().get_template(template).generate(language=words.language_tag(), **values)


@functools.cache
def environment() -> Environment:
    """Where templates, the style sheet and the filters are found."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    made.globals |= {"_": words._, "ngettext": words.ngettext, "pgettext": words.pgettext}
    made.filters |= {
        "moment": moment,
        "inline": inline,
        "percent": lambda share: "–" if share is None else f"{share:.0%}",
        "thousands": "{:,}".format,
    }
    return made


def inline(text: str) -> Markup:
    """A message or hint for a page: escaped, its `code` and *stress* shown as such."""
    from markupsafe import Markup

    return Markup(marked_up(text))
