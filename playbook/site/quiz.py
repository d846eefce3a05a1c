"""The quiz of a chapter: questions that a reader answers on the page, each with its reason.

    ```{quiz} Five questions
    - ask: A section has 6 % of a city's workers and 4 % of the nation's. What is its location quotient?
      answer: 1.5
      why: 6 over 4.
    - ask: Doubling every weight of a score changes the ranking.
      answer: false
      why: Every score doubles, so the order stays.
    - ask: What do you do next?
      options: [restart the computer, correct the spelling]
      answer: correct the spelling
      why: The last line names the word that Python does not know.
    ```

A number may be typed as 0.25, 1/4 or 25 %. Nothing is kept and nothing counts: ``book/_static/quiz.js`` compares.
"""

import html
from collections.abc import Mapping
from typing import Any

import yaml
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from playbook.words import _

_log = logging.getLogger(__name__)
_KEYS = {"ask", "answer", "why", "options"}


class Quiz(SphinxDirective):
    """``{quiz}``: a title, and a list of questions with ``ask``, ``answer``, ``why`` and perhaps ``options``."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        try:
            questions = yaml.safe_load("\n".join(self.content))
        except yaml.YAMLError as error:
            return self._refuse(f"a quiz that is no list: {' '.join(str(error).split())}")
        if not isinstance(questions, list) or not questions:
            return self._refuse("a quiz without questions: write a list, each item with ask, answer and why")
        for number, question in enumerate(questions, 1):
            if wrong := fault(question):
                return self._refuse(f"question {number} of the quiz {wrong}")
        name = f"quiz-{self.env.new_serialno('quiz')}"
        title = html.escape(_("Quiz: {title}").format(title=self.arguments[0]))
        shell = nodes.container(classes=["quiz"])
        shell += _html(
            f'<form data-quiz autocomplete="off" aria-labelledby="{name}"><p class="quiz-title" id="{name}">{title}</p>'
        )
        for number, question in enumerate(questions, 1):
            shell += self._question(f"{name}-{number}", number, question)
        shell += _html("</form>")
        return [shell]

    def _question(self, name: str, number: int, question: Mapping[str, Any]) -> list[nodes.Node]:
        answer, options = question["answer"], question.get("options")
        if isinstance(answer, bool):
            options, answer = [_("True"), _("False")], _("True") if answer else _("False")
        kind = "choice" if options else "number"
        shown = html.escape(str(answer), quote=True)
        legend = html.escape(_("Question {number}").format(number=number))
        opened = (
            f'<fieldset data-kind="{kind}" data-answer="{shown}" aria-describedby="{name}-ask">'
            f'<legend class="visually-hidden">{legend}</legend><div class="quiz-ask" id="{name}-ask">'
        )
        buttons = (
            f'<button type="button" class="quiz-check">{html.escape(_("Check"))}</button> '
            f'<button type="button" class="quiz-show" hidden>{html.escape(_("Show the answer"))}</button>'
        )
        return [
            _html(opened),
            *self._text(f"{number}. {question['ask']}"),
            _html(
                f'</div><div class="quiz-answer">{_fields(name, options)} {buttons}</div>'
                '<p class="quiz-verdict" role="status"></p><div class="quiz-why" hidden>'
            ),
            *self._text(str(question["why"])),
            _html("</div></fieldset>"),
        ]

    def _text(self, text: str) -> list[nodes.Node]:
        """A paragraph with the page's own markup: code, terms, stress. Its number is no list."""
        number, dot, rest = text.partition(". ")
        if dot and number.isdecimal():
            text = f"{number}\\. {rest}"
        held = nodes.container()
        self.state.nested_parse(StringList([text], source=self.env.docname), self.content_offset, held)
        return list(held.children)

    def _refuse(self, why: str) -> list[nodes.Node]:
        _log.warning("%s", why, location=self.get_location(), type="playbook", subtype="quiz")
        return []


def fault(question: Any) -> str:
    """What a question of a quiz lacks, as the end of a sentence; empty if it is whole."""
    if not isinstance(question, dict) or not {"ask", "answer", "why"} <= set(question):
        return "needs ask, answer and why"
    if unknown := set(question) - _KEYS:
        return f"has {', '.join(sorted(map(str, unknown)))}, which nobody reads"
    answer, options = question["answer"], question.get("options")
    if options is not None:
        if not isinstance(options, list) or len(options) < 2 or answer not in options:
            return "needs its answer among at least two options"
    elif not isinstance(answer, (bool, int, float)):
        return "has an answer that is neither a number, true or false, nor one of its options"
    return ""


def _fields(name: str, options: list[str] | None) -> str:
    if options is None:
        label = html.escape(_("Your answer"))
        return f'<label>{label} <input type="text" inputmode="text" size="8" name="{name}"></label>'
    radios = (
        f'<label><input type="radio" name="{name}" value="{html.escape(str(one), quote=True)}"> '
        f"{html.escape(str(one))}</label>"
        for one in options
    )
    return f'<span class="quiz-options">{" ".join(radios)}</span>'


def _html(text: str) -> nodes.raw:
    return nodes.raw("", text, format="html")
