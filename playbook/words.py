"""Words: every sentence that the kit says, in the language of who reads it.

A sentence stands in English where it is said, inside :func:`_`; the catalogue of another language stands in
``locale/<code>/LC_MESSAGES/playbook.mo``. What a catalogue lacks is said in English. English itself needs
no file, and none is looked for.
"""

from __future__ import annotations

import functools
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gettext import NullTranslations

#: The language that sentences are written in.
SOURCE = "en"
#: What decides in which language the kit speaks.
SPEAKING = ("PLAYBOOK_LANGUAGE", "PLAYBOOK_LOCALE")
#: What the files of a catalogue are called.
DOMAIN = "playbook"

_chosen = ""


def use_language(code: str) -> None:
    """Say everything in this language from now on, such as ``"zh"``; without a code, as PLAYBOOK_LANGUAGE says."""
    global _chosen
    _chosen = code


def language() -> str:
    """The code of the language that is spoken."""
    return (_chosen or os.environ.get("PLAYBOOK_LANGUAGE", "")).strip().replace("-", "_") or SOURCE


def language_tag() -> str:
    """The same as a page says it in ``lang``."""
    return language().replace("_", "-")


def catalogue_folder() -> Path:
    """Where catalogues are: PLAYBOOK_LOCALE, else inside the kit."""
    return Path(os.environ.get("PLAYBOOK_LOCALE") or Path(__file__).with_name("locale"))


def catalogue() -> NullTranslations | None:
    """The catalogue of the language that is spoken; None for English."""
    code = language()
    return None if code == SOURCE else _read(code, str(catalogue_folder()))


@functools.cache
def _read(code: str, folder: str) -> NullTranslations:
    import gettext

    return gettext.translation(DOMAIN, folder, [code], fallback=True)


def _(message: str) -> str:
    """A sentence in the language that is spoken; fill in its ``{names}`` with ``format`` afterwards."""
    found = catalogue()
    return message if found is None or not message else found.gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """One of two sentences by a number, in the language that is spoken."""
    found = catalogue()
    if found is None:
        return one if count == 1 else many
    return found.ngettext(one, many, count)


def pgettext(context: str, message: str) -> str:
    """A word that means several things, in the language that is spoken; `context` says which is meant."""
    found = catalogue()
    return message if found is None else found.pgettext(context, message)


def N_(message: str) -> str:
    """Mark a sentence in a constant; say it with ``_`` where it is used."""
    return message
