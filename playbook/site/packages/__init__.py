"""Packages for learning platforms: SCORM 1.2 and cmi5. They open the published course and report how far somebody is."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jinja2
from markupsafe import Markup

from playbook.authoring.master import Master
from playbook.errors import PlaybookError
from playbook.places import site_address
from playbook.site.links import PAGES
from playbook.site.overview import about
from playbook.site.words import script
from playbook.words import _, language_tag

HERE = Path(__file__).parent
#: Forms, by what the platform reads first.
FORMS = {"scorm12": "imsmanifest.xml", "cmi5": "cmi5.xml"}
#: What a package does not carry, in sentences.
CANNOT = (
    "What is reported is what the trainee's browser says: points of checks, not the mark that counts.",
    "The course itself stays on its site: the package opens it, and needs the connection.",
    "A window is heard only if the course's server sends no Cross-Origin-Opener-Policy, as most web space does not.",
    "In the platform's own page many browsers keep no work for another site: windows are the better way.",
)
_SCRIPTS = ("say.js", "standing.js", "platform.js", "launch.js")
#: The time of every file in a package: the same course gives the same bytes.
_TIME = (1980, 1, 1, 0, 0, 0)


def package(form: str, site: str, title: str, masters: Sequence[Master], pass_share: float = 0.6) -> bytes:
    """A package with a page for each chapter.

    Args:
        form: one of :data:`FORMS`.
        site: address of the published course.
        title: of the course.
        pass_share: share of a chapter's points from which it is passed.

    Raises:
        PlaybookError: there is no such form, or the address is none.
    """
    if form not in FORMS:
        raise PlaybookError(f"--format {form!r} is not known", remedy=f"use one of {', '.join(FORMS)}")
    site = site_address(site)
    chapters = [_chapter(one, site, pass_share) for one in masters]
    render = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE), undefined=jinja2.StrictUndefined, autoescape=True
    )
    words = {
        "title": title,
        "site": site,
        "language": language_tag(),
        "chapters": chapters,
        "mastery": f"{pass_share:g}",
        "mastery_percent": f"{100 * pass_share:g}",
        "scripts": _SCRIPTS,
    }
    files = {FORMS[form]: render.get_template(f"{FORMS[form]}.j2").render(words)}
    launch = render.get_template("launch.html.j2")
    for one in chapters:
        data = json.dumps(one, ensure_ascii=False).replace("<", "\\u003c")
        files[f"{one['exercise']}.html"] = launch.render(
            words | {"title": one["title"], "about": Markup(data)}
        )
    files["say.js"] = script()
    files["standing.js"] = (HERE.parent / "standing.js").read_text(encoding="utf-8")
    files["platform.js"] = (HERE / f"{form}.js").read_text(encoding="utf-8")
    files["launch.js"] = (HERE / "launch.js").read_text(encoding="utf-8")
    return _zipped(files)


def _chapter(master: Master, site: str, pass_share: float) -> dict[str, Any]:
    """A chapter as its page in the package knows it."""
    parts = urlsplit(site)
    return about(master) | {
        "title": _("Chapter {number} · {title}").format(number=master.header.chapter, title=master.title),
        "decision": master.header.decision,
        "address": f"{site}/{PAGES}/{master.id}.html",
        "origin": f"{parts.scheme}://{parts.netloc}",
        "mastery": pass_share,
    }


def _zipped(files: dict[str, str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, _TIME), text, zipfile.ZIP_DEFLATED)
    return content.getvalue()
