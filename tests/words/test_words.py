"""Words: nothing that is said to a trainee bypasses the catalogue, and another language is spoken everywhere."""

import io
import json
import os
import re
import string
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from playbook import words
from playbook.authoring.release import _copy_shipped
from playbook.exercises.marking import seal_question
from playbook.exercises.question import Question
from playbook.rooms import SHIPPED
from playbook.site.words import TEMPLATE, gather, key_of, read, script, template_text, translations
from tests.words.sentences import in_html, in_javascript, in_python, misuses

pytestmark = pytest.mark.slow

#: Modules beside the shipped rooms that speak to trainees.
OF_THE_SITE = (
    "cards.py",
    "overview.py",
    "sphinx_ext.py",
    "browser/__init__.py",
    "browser/lite.py",
    "browser/browser_kernel.py",
)
#: What may stay English: where (module, then function or text; * is anything), and why.
FOR_AUTHORS = {
    "cases/columns.py *": "the data dictionary, a page for authors",
    "cases/company.py *": "the data dictionary",
    "cases/market_density.py *": "the data dictionary",
    "cases/month.py *": "the data dictionary",
    "cases/planning.py *": "the data dictionary",
    "cases/public.py *": "the data dictionary",
    "cases/staffing.py *": "the data dictionary",
    "cases/unit_economics.py *": "the data dictionary",
    "cases/roster_file.py *": "an instructor's file",
    "certifying/people.py *": "headings of an instructor's file",
    "certifying/culture.py Scenario.cells": "cells of a master",
    "lazily.py *": "front matter of masters",
    "places.py *": "a course's folder, an instructor's secret",
    "progress.py *": "commands",
    "exercises/question.py *": "fields of masters",
    "exercises/compose.py graded_answers": "a command of instructors",
    "exercises/kinds/*.problems": "fields of masters",
    "exercises/kinds/*tolerance_problems": "fields of masters",
    "exercises/kinds/*.mutants": "the proof of masters",
    "market/profile.py 'visit now'": "a value of answers",
    "market/profile.py 'find the decision maker'": "a value of answers",
    "market/profile.py 'invite to a salon'": "a value of answers",
    "market/profile.py 'leave to the website'": "a value of answers",
    "desk/feedback.py trainees_of": "a command of instructors",
    "desk/feedback.py write_feedback": "a command of instructors",
    "grading/marker.py Marker.prepare_all": "a command of instructors",
    "grading/marker.py Marker._on_case 'its master stops": "an author's mistake",
    "site/cards.py PanelCard.body 'there is no picture": "an author's mistake",
    "site/cards.py PanelCard.body 'take it with": "an author's mistake",
    "site/cards.py png_size": "an author's mistake",
    "site/sphinx_ext.py _name_pictures": "an author's mistake",
    "site/browser/__init__.py build_browser_edition": "a command of authors",
    "site/browser/lite.py build_application": "a command of authors",
}
FOR_PROGRAMS = {
    "simulator/* 'asked for a quote'": "a name of a trait",
    "simulator/* 'IT maturity 3 or more'": "a name of a trait",
    "simulator/* 'no competitor installed'": "a name of a trait",
    "simulator/* '20 staff or more'": "a name of a trait",
    "market/__init__.py *": "names of functions",
    "names.py *": "what a notebook holds before a name is typed",
    "exercises/advice/lines.py 'invalid syntax'": "what Python says",
    "exercises/advice/lines.py 'cannot assign'": "what Python says",
    "exercises/advice/lines.py 'invalid decimal'": "what Python says",
    "exercises/advice/lines.py \"expected 'else'\"": "what Python says",
    "exercises/advice/lines.py 'unexpected character after line continuation'": "what Python says",
    "exercises/advice/lines.py 'follows keyword'": "what Python says",
    "exercises/advice/values.py 'not subscriptable'": "what Python says",
    "exercises/advice/values.py 'truth value'": "what pandas says",
    "exercises/advice/values.py 'Too many indexers'": "what pandas says",
    "chapters/base_area/figures.py 'figure ": "a measure of matplotlib",
    "chapters/city_choice/judge.py 'two a quarter'": "the name of a rule",
    "chapters/staffing/judge.py 'one a group'": "the name of a rule",
    "chapters/staffing/judge.py 'two a group'": "the name of a rule",
    "market/staffing.py 'hired in'": "the name of a table's columns",
    "chapters/defence/city.py 'asked for a quote'": "the name of a trait",
    'exercises/advice/values.py "not supported between': "what Python says",
    'exercises/advice/names.py "Column not found': "what pandas says",
    "exercises/marking.py 'code key'": "a part of a key",
    "market/profile.py 'wholesale and retail'": "the name of a group of accounts",
    "figures/style.py 'Playbook Han'": "the name of a font",
    "figures/style.py 'DejaVu Sans'": "the name of a font",
}
#: Options of matplotlib and of stylesheets.
OPTIONS = {"offset points", "axes fraction", "lower left", "lower right", "upper left", "row wrap"}
#: Texts of scripts that are not said to anybody: modes, selectors, names of databases, a developer's console.
OF_SCRIPTS = {
    "use strict",
    "JupyterLite Storage - ",
    "Earlier answers could not be read:",
    "Python in the browser",
    "Python in a worker of this tab.",
    "Cells wait for their kernel.",
    "Check, download, stop; progress and care for saved work.",
    "(prefers-color-scheme: dark)",
    "playbook-notice urgent",
    ".widget-slider .noUi-handle",
    "JupyterLab does not share {}",
    "course-button primary",
    ".course-overview [data-exercise]",
    "JupyterLite Storage - {}lite/",
    "jp-Dialog-button jp-mod-accept jp-mod-styled",
    "jp-Dialog-button jp-mod-reject jp-mod-styled",
    ".hand-in button",
    "not attempted",  # what SCORM says
}


def modules(root: Path) -> list[Path]:
    package = root / "playbook"
    shipped = [path for room in SHIPPED for path in sorted((package / room).rglob("*.py"))]
    return [
        *sorted(package.glob("*.py")),
        *shipped,
        *(package / "site" / name for name in OF_THE_SITE),
        package / "desk" / "feedback.py",
        package / "desk" / "pages" / "notebook.py",
        *sorted((package / "certifying").glob("*.py")),
        package / "grading" / "marker.py",
    ]


def may_stay(place: str, within: str, text: str) -> bool:
    if text in OPTIONS or (place == "exercises/sayings.py" and not text.endswith((".", "`", "?"))):
        return True  # the second: what Python says, or a stand-in, beside what is said of it
    said = [f"{place} {within}", f"{place} {text!r}", f"{place} {within} {text!r}"]
    for rule in (*FOR_AUTHORS, *FOR_PROGRAMS):
        pattern = re.escape(rule).replace(r"\*", ".*")
        if any(re.match(pattern, one) for one in said):
            return True
    return False


@pytest.mark.slow
def test_no_sentence_of_the_kit_bypasses_the_catalogue(root):
    found = []
    for path in modules(root):
        place = path.relative_to(root / "playbook").as_posix()
        for one in in_python(path.read_text(encoding="utf-8")):
            if not may_stay(place, one.within, one.text):
                found.append(f"{place}:{one.line} {one.text!r}")
    assert not found, "put these into _(…), see CONTRIBUTING.md:\n" + "\n".join(found)


@pytest.mark.slow
def test_every_marked_sentence_can_be_translated(root):
    found = []
    for path in modules(root):
        for one in misuses(path.read_text(encoding="utf-8")):
            found.append(f"{path.relative_to(root)}:{one.line} {one.within}: {one.text}")
    assert not found, "\n".join(found)


def test_no_sentence_of_a_script_or_a_page_bypasses_the_catalogue(root):
    found = []
    for path in [*root.glob("playbook/site/**/*.js"), *root.glob("book/_static/*.js")]:
        for one in in_javascript(path.read_text(encoding="utf-8")):
            if one.text not in OF_SCRIPTS:
                found.append(f"{path.relative_to(root)}:{one.line} {one.text!r}")
    templates = ("feedback*", "certificate", "cohort", "sheet")
    pages = [path for name in templates for path in root.glob(f"playbook/desk/pages/{name}.html.j2")]
    for path in [*root.glob("playbook/**/*.html"), *pages]:
        for one in in_html(path.read_text(encoding="utf-8")):
            found.append(f"{path.relative_to(root)}:{one.line} {one.text!r}")
    assert not found, "put these into say(…) or {{ _(…) }}, see CONTRIBUTING.md:\n" + "\n".join(found)


@pytest.mark.parametrize(
    "planted",
    [
        'def f(n):\n    return f"You have {n} questions left."',
        'def f(ax):\n    ax.set_xlabel("Employees")',
        'raise PlaybookError("broken", remedy=_("mend it"))',
        'PARTS = ("Right", "not yet right")',
        "x = f'<meter aria-label=\"Share of value\">{y}</meter>'",
        "x = _('{a} b').format(a=f'two words {c}')",
    ],
)
def test_a_planted_sentence_is_found(planted):
    assert [one.text for one in in_python(planted)]


@pytest.mark.parametrize(
    "silent",
    [
        '"""A docstring of words."""',
        'x = _("Two words")',
        "x = '<p class=\"a b\">' + y",
        "x = 'border:1px solid;'",
    ],
)
def test_what_says_nothing_is_not_found(silent):
    assert not list(in_python(silent))


@pytest.mark.parametrize(
    "planted",
    [
        'x = _(f"{n} rows")',
        'LABEL = _("Two words")',
        'def f(label=_("Two words")):\n    pass',
        "x = f\"<p>{_('Two words')}</p>\"",
        'def f(pairs):\n    for a, _ in pairs:\n        print(_("Two words"))',
    ],
)
def test_a_sentence_that_cannot_be_translated_is_found(planted):
    assert list(misuses(planted))


def test_a_planted_sentence_of_a_script_or_page_is_found():
    assert list(in_javascript('notice("key", "Two words", say("Close"));'))
    assert list(in_javascript("node.textContent = `${done} of them`;"))
    assert not list(in_javascript('say("Two words " + "and more", { a: say("and these") });'))
    assert list(in_html("<p>{{ _('said') }} unsaid</p>"))
    assert list(in_html('<img alt="unsaid">'))
    assert not list(in_html("<style>p { color: red }</style><p>{{ _('said') }}</p>"))


@pytest.mark.slow
def test_the_catalogue_is_up_to_date(root):
    wanted = template_text(gather(root))
    assert (root / TEMPLATE).read_text(encoding="utf-8") == wanted, "run: make words"


def placeholders(text: str) -> set[str]:
    return {name for _before, name, _form, _conversion in string.Formatter().parse(text) if name is not None}


def test_every_message_is_filled_in_with_its_own_placeholders(root):
    for message in read(root / TEMPLATE):
        forms = [message.id] if isinstance(message.id, str) else list(message.id)
        for text in filter(None, forms):
            names = placeholders(text)
            assert all(name.isidentifier() for name in names), text
            text.format(**dict.fromkeys(names, 1))


def test_every_translation_is_whole_and_keeps_the_placeholders(root):
    template = {key_of(one): one for one in read(root / TEMPLATE) if one.id}
    for code, path in translations(root):
        for one in read(path, code):
            said = [one.string] if isinstance(one.string, str) else list(one.string)
            known = template.get(key_of(one))
            if known and all(said):
                ids = [known.id] if isinstance(known.id, str) else list(known.id)
                assert set().union(*map(placeholders, said)) <= set().union(*map(placeholders, ids)), one.id


@pytest.fixture(scope="module")
def pseudo(root, tmp_path_factory) -> Path:
    """A folder of catalogues with a language in which every message stands in brackets."""
    folder = tmp_path_factory.mktemp("locale")
    wrapped = Catalog(locale="de", charset="utf-8")
    for one in read(root / TEMPLATE):
        if one.id:
            said = f"⟦{one.id}⟧" if isinstance(one.id, str) else tuple(f"⟦{form}⟧" for form in one.id)
            wrapped.add(one.id, said, context=one.context)
    data = io.BytesIO()
    write_mo(data, wrapped)
    path = folder / "xx" / "LC_MESSAGES" / "playbook.mo"
    path.parent.mkdir(parents=True)
    path.write_bytes(data.getvalue())
    return folder


@pytest.fixture
def spoken(pseudo, monkeypatch):
    monkeypatch.setenv("PLAYBOOK_LOCALE", str(pseudo))
    monkeypatch.setenv("PLAYBOOK_LANGUAGE", "xx")


def test_english_reads_no_file_and_an_unknown_language_is_english(monkeypatch, tmp_path):
    monkeypatch.setenv("PLAYBOOK_LOCALE", str(tmp_path / "nowhere"))
    monkeypatch.setenv("PLAYBOOK_LANGUAGE", "")
    assert words.catalogue() is None
    monkeypatch.setenv("PLAYBOOK_LANGUAGE", "yy")
    assert words._("Right") == "Right"
    assert words.ngettext("one", "many", 1) == "one"
    assert words.pgettext("mark", "passed") == "passed"


def test_a_message_that_a_catalogue_lacks_is_said_in_english(spoken):
    assert words._("Right") == "⟦Right⟧"
    assert words._("A sentence that nobody says") == "A sentence that nobody says"
    assert words._("") == ""


def test_a_language_can_be_chosen_at_run_time(pseudo, monkeypatch):
    monkeypatch.setenv("PLAYBOOK_LOCALE", str(pseudo))
    monkeypatch.delenv("PLAYBOOK_LANGUAGE", raising=False)
    words.use_language("xx")
    try:
        assert words._("Right") == "⟦Right⟧"
        assert words.language_tag() == "xx"
    finally:
        words.use_language("")
    assert words._("Right") == "Right"


NOTEBOOK = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
for cell in (
    'from playbook import open_case, open_exercise\\ncase = open_case("your name or staff number")',
    'check = open_exercise("99-mini")\\ncheck("prospects", ...)',
    'check("prospects", "many")',
    'check("prospects", 1)',
    'x = a_name_that_nothing_has',
):
    shell.run_cell(cell)
"""


@pytest.fixture
def seals(tmp_path, jinhua) -> Path:
    """One question's seal for Jinhua."""
    asked = {"id": "prospects", "title": "Prospects", "kind": "number", "points": 6, "unit": "accounts"}
    sealed = seal_question(Question.from_metadata(asked, where="here"), 2, salt="salt")
    seal = {"release": "1", "fingerprint": jinhua.fingerprint, "questions": [sealed.as_dict()]}
    path = tmp_path / "seals" / "99-mini" / "jinhua.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(seal), encoding="utf-8")
    return path.parents[1]


@pytest.mark.slow
def test_a_notebook_speaks_the_language(pseudo, seals, tmp_path):
    environment = {**os.environ, "PLAYBOOK_LOCALE": str(pseudo), "PLAYBOOK_LANGUAGE": "xx"}
    environment |= {"PLAYBOOK_SEALS": str(seals), "IPYTHONDIR": str(tmp_path), "PYTHONUTF8": "1"}
    run = subprocess.run(
        [sys.executable, "-c", NOTEBOOK],
        capture_output=True,
        text=True,
        env=environment,
        cwd=tmp_path,
        encoding="utf-8",
    )
    said = run.stdout
    assert "⟦This is Jinhua (金华市), the worked example." in said, run.stderr
    assert "○ Prospects: ⟦Not answered yet⟧. ⟦Replace the `...` behind `prospects =`.⟧" in said
    assert "⟦So far: ⟦0 of 6 points⟧⟧" in said
    assert "⟦This question asks for one number; your answer is ⟦a text⟧.⟧" in said
    assert "⟦1 accounts is not the number asked for.⟧" in said
    assert "⟦In plain words⟧: ⟦Nothing is called `a_name_that_nothing_has` yet." in said


def test_a_judge_a_figure_and_a_panel_speak_the_language(spoken):
    from playbook.chapters.benchmark_customers.judge import _known_accounts
    from playbook.chapters.three_densities.figures import density_bars
    from playbook.chapters.three_densities.panel import State, view

    assert _known_accounts([], None).message == "⟦Your plan lists no account. Give a list of account ids.⟧"
    figure = density_bars(0.5, 0.9, 0.8)
    assert "⟦⟦Management⟧ density binds; the product is 0.36⟧" in figure.axes[0].get_title(loc="left")
    assert figure.alt.startswith("⟦Bars: management 0.50")
    words = view(State(0.5, 0.9, 0.8)).words
    assert words.startswith("⟦⟦management⟧ density binds. The product is 0.360, the mean 0.733.")


def test_an_error_and_the_city_playbook_speak_the_language(spoken, monkeypatch):
    from playbook.cases import load_case
    from playbook.errors import PlaybookError
    from playbook.exercises.city_playbook import page
    from playbook.exercises.compose import Section, compose

    with pytest.raises(PlaybookError) as caught:
        load_case("jinhua").table("nothing")
    assert "⟦there is no table 'nothing'⟧" in str(caught.value)
    assert "⟦What to do: ⟦The tables are: " in str(caught.value)
    monkeypatch.setitem(sys.modules, "nbconvert", None)  # as in a browser
    city = SimpleNamespace(city="Jinhua", city_zh="金华")
    part = Section(1, "Densities", "", None, None, None, (), None, {}, (), ("Plan",))
    html = page(compose("Li Wei", city, [part]))
    assert '<html lang="xx">' in html
    assert "<title>⟦City Playbook: Jinhua (金华)⟧</title>" in html
    assert "⟦Not begun yet⟧" in html


def test_outcomes_of_the_browser_are_the_kits_own(spoken):
    from playbook.exercises.outcomes import Outcome, for_browser

    told = for_browser()
    assert [one["outcome"] for one in told] == [str(one) for one in Outcome]
    assert told[-1] == {"outcome": "passed", "sign": "✓", "words": "⟦right⟧"}


def test_the_scripts_get_the_catalogue_of_their_sentences(spoken):
    text = script()
    catalogue = re.search(r"messages: (\{.*\}) \};", text)
    said = json.loads(catalogue[1])
    assert said["Close"] == "⟦Close⟧"
    one = "One cell stopped with an error; its message stands below it."
    assert said[one] == [f"⟦{one}⟧", "⟦{errors} cells stopped with an error; the messages stand below them.⟧"]
    assert "In plain words" not in said
    assert "plural: function (n) { return Number((n != 1)); }" in text


def test_english_scripts_carry_no_catalogue(monkeypatch):
    monkeypatch.delenv("PLAYBOOK_LANGUAGE", raising=False)
    assert "var catalogue = {};" in script()


def test_a_release_carries_the_languages_there_are(tmp_path):
    package = tmp_path / "package"
    for room in SHIPPED:
        (package / room).mkdir(parents=True)
    folder = package / "locale" / "xx" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    for name in ("playbook.mo", "playbook.po"):
        (folder / name).write_bytes(b"")
    _copy_shipped(package, tmp_path / "wheel")
    carried = [path.name for path in (tmp_path / "wheel").rglob("*") if path.is_file()]
    assert carried == ["playbook.mo"]


def test_the_page_of_an_exercise_is_in_the_language(spoken, tmp_path):
    from playbook.site.browser.lite import write_page

    for folder in ("notebooks", "build/notebooks"):
        (tmp_path / folder).mkdir(parents=True)
    config = json.dumps({"jupyter-config-data": {}})
    (tmp_path / "jupyter-lite.json").write_text(config, encoding="utf-8")
    (tmp_path / "notebooks" / "jupyter-lite.json").write_text(config, encoding="utf-8")
    for name in ("build/notebooks/bundle.js", "build/jlab_core.js"):
        (tmp_path / name).write_text("", encoding="utf-8")
    write_page(tmp_path, {"title": "x"})
    page = (tmp_path / "notebooks" / "index.html").read_text(encoding="utf-8")
    assert '<html lang="xx">' in page
    assert "<h1>⟦This exercise cannot run here⟧</h1>" in page
    assert 'Check your connection and <a href="">try again</a>.⟧' in page
    assert '{"title":"x"}' in page
    assert "⟦Exercises⟧" in (tmp_path / "index.html").read_text(encoding="utf-8")
