"""Ten scenarios for people who are hired from outside: five talks on what is done here, each with two sides.

Nothing in them is computed. What somebody chooses is recorded, and says what to talk about first.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playbook.words import N_, _

#: The five talks, each with its two sides.
TALKS = {
    "do": N_("What we do, and what we don't do"),
    "believe": N_("What we believe, and what we oppose"),
    "same": N_("What is the same as elsewhere, and what is different"),
    "change": N_("What changes, and what stays"),
    "practise": N_("To accept the culture, and to practise it"),
}
LETTERS = ("a", "b", "c")
#: How many of the ten must be answered as the company would, with at least one in each talk.
ENOUGH = 8


@dataclass(frozen=True)
class Scenario:
    """One situation, three ways to act, and what each would mean here.

    Attributes:
        id: of its question. talk: one of :data:`TALKS`.
        situation: what happens. options: what one may do, by letter. answer: the letter of what the company does.
        feedback: what to say to each choice, by letter.
    """

    id: str
    talk: str
    situation: str
    options: Mapping[str, str]
    answer: str
    feedback: Mapping[str, str]

    def question(self) -> dict[str, Any]:
        """The question as the cell of a master declares it; its solution binds the answer's letter."""
        return {
            "id": self.id,
            "title": f"{TALKS[self.talk]} ({self.id.rpartition('_')[2]})",
            "kind": "choice",
            "choices": list(LETTERS),
            "computed": False,
            "feedback": "recorded",
            "points": 1,
        }

    def cells(self) -> str:
        """The question as text and cells of a master, in MyST: situation, options, solution, starter, wrong answers."""
        question = ", ".join(f"{name}: {_yaml(value)}" for name, value in self.question().items())
        lines = [f"## {self.question()['title']}", "", _(self.situation), ""]
        lines += [f"- **{letter}** · {_(option)}" for letter, option in self.options.items()]
        tagged = [
            (f"---\ntags: [solution]\nquestion: {{{question}}}\n---", f'{self.id} = "{self.answer}"'),
            (":tags: [starter]", f'{self.id} = ...\ncheck("{self.id}", {self.id})'),
        ]
        for letter in LETTERS:
            if letter != self.answer:
                hint = json.dumps(_(self.feedback[letter]), ensure_ascii=False)
                tagged.append((f"---\ntags: [wrong]\nhint: {hint}\n---", f'{self.id} = "{letter}"'))
        for head, code in tagged:
            lines += ["", f"```{{code-cell}} ipython3\n{head}\n{code}\n```"]
        return "\n".join(lines) + "\n"

    def said(self, letter: object) -> str:
        """What to say to a choice; empty for what is none."""
        return _(self.feedback[letter]) if isinstance(letter, str) and letter in self.feedback else ""


def _yaml(value: object) -> str:
    """A value of a question's metadata, in one line of YAML."""
    if isinstance(value, list):
        return f"[{', '.join(value)}]"
    return str(value).lower() if isinstance(value, bool) else json.dumps(value, ensure_ascii=False)


def _scenario(
    number: int, talk: str, answer: str, situation: str, options: tuple[tuple[str, str], ...]
) -> Scenario:
    return Scenario(
        f"culture_{number}",
        talk,
        situation,
        {letter: option for letter, (option, _said) in zip(LETTERS, options, strict=True)},
        answer,
        {letter: said for letter, (_option, said) in zip(LETTERS, options, strict=True)},
    )


SCENARIOS: tuple[Scenario, ...] = (
    _scenario(
        1,
        "do",
        "b",
        N_("On your second evening the group sits together to tell what customers said. You have offers to write."),
        (
            (
                N_("I write my offers; who needs me can call."),
                N_("The group learns from each evening. A manager who stays away tells it that evenings do not matter."),
            ),
            (N_("I sit with them, tell one visit of mine, and write afterwards."), N_("Yes: it is done here, by everybody, also by those who lead.")),
            (N_("I ask for a written summary instead."), N_("A summary reports. It does not show how somebody dealt with an objection.")),
        ),
    ),
    _scenario(
        2,
        "do",
        "c",
        N_("A seller offers a discount that nobody approved, signs, and makes the month. The team cheers."),
        (
            (N_("I cheer too and mention it later, alone."), N_("By then the team has learnt that the result excuses the way.")),
            (N_("I let it pass once: the contract is signed."), N_("What passes once is the rule from then on.")),
            (
                N_("I stop the offer, tell the customer and my manager today, and say why to the team."),
                N_("Yes: what we don't do is not done in the last hour of a month either."),
            ),
        ),
    ),
    _scenario(
        3,
        "believe",
        "a",
        N_("A customer would buy our largest package and needs the smallest. Your target is one contract away."),
        (
            (N_("I sell the smallest and say when the next one pays."), N_("Yes: the customer first. The reference is worth more than the month.")),
            (N_("I sell the largest; the customer is an adult."), N_("This customer leaves in a year and tells others why.")),
            (N_("I sell the middle one, as a compromise."), N_("Half of a wrong offer is a wrong offer.")),
        ),
    ),
    _scenario(
        4,
        "believe",
        "b",
        N_("Your predecessor reported good news only. This month will be missed, and nobody above you knows yet."),
        (
            (N_("I wait until the month is over: something may still come."), N_("Then help comes too late. Good news alone is what we oppose.")),
            (N_("I report the forecast today, with what I need."), N_("Yes: bad news travels first here, and comes with a request.")),
            (N_("I report it, and name the seller whose fault it is."), N_("A report says what is and what helps. Blame makes the next one silent.")),
        ),
    ),
    _scenario(
        5,
        "same",
        "c",
        N_("In your last company sellers kept their customers' details to themselves. Here they stand in the system each evening."),
        (
            (N_("I let the experienced ones keep their own lists."), N_("Two kinds of seller are the beginning of two camps.")),
            (N_("I enter the details myself for those who forget."), N_("You lead then no longer, and they have learnt that it can be left.")),
            (N_("I enter mine first, and ask each evening for those that are missing."), N_("Yes: it differs from elsewhere, and the one who leads does it first.")),
        ),
    ),
    _scenario(
        6,
        "same",
        "a",
        N_("You know a way to run salons that worked well where you come from. The group has its own."),
        (
            (N_("I run theirs twice, then try mine once and compare guests and contracts."), N_("Yes: much is the same as elsewhere. What is better shows in a comparison.")),
            (N_("I change it at once: that is why I was hired."), N_("You may be right. Without a comparison nobody will know, and half of them will hope not.")),
            (N_("I say nothing; I am new."), N_("Silence loses what you were hired for.")),
        ),
    ),
    _scenario(
        7,
        "change",
        "b",
        N_("The company moves money from single talks to online work. Your best seller asks you to keep the old way in the group."),
        (
            (N_("I keep it for this seller, quietly."), N_("Then your group is a small company of its own. That is how centre and regions pull apart.")),
            (
                N_("I carry the change, say what stays, and ask what this seller needs for the new way."),
                N_("Yes: ways change, and what stays is that nobody is left alone with it."),
            ),
            (N_("I say that head office wants it and that I would not."), N_("A manager who stands beside the decision makes it twice as hard for everybody.")),
        ),
    ),
    _scenario(
        8,
        "change",
        "c",
        N_("Your city grows. The weekly call has become long, and two supervisors ask to drop it."),
        (
            (N_("I drop it: results are good."), N_("Results are good until the week in which nobody asked.")),
            (N_("I keep it as it is."), N_("The call stays; an hour in which nobody listens need not.")),
            (N_("I keep the call and halve it: forecast, risk, one request each."), N_("Yes: the form changes, and that there is a call every week stays.")),
        ),
    ),
    _scenario(
        9,
        "practise",
        "a",
        N_("Everybody knows the rule that reports and positions must agree. Your oldest friend in the team rounds up his visits."),
        (
            (N_("I ask him in private this week, and act as I would with anybody."), N_("Yes: a rule is practised where it costs something.")),
            (N_("I remind the whole team of the rule."), N_("All know it. He learns that it is not meant for him.")),
            (N_("I correct his numbers myself."), N_("Then two people report what is not.")),
        ),
    ),
    _scenario(
        10,
        "practise",
        "b",
        N_("After three months somebody asks what you have taken over from this company. What do you show?"),
        (
            (N_("The slides of my first week."), N_("They show that you were told. Accepting is the first half only.")),
            (N_("Two things that I do differently since then, and who saw them."), N_("Yes: what is practised can be seen by others.")),
            (N_("That nobody complained."), N_("Nobody complains about somebody who keeps apart, either.")),
        ),
    ),
)  # fmt: skip


def passed(choices: Mapping[str, object]) -> bool | None:
    """Whether somebody has passed: eight of ten, and one in each talk; None where not all were answered.

    Args:
        choices: by a scenario's id, the letter chosen, or True and False for right and wrong.
    """
    if any(one.id not in choices for one in SCENARIOS):
        return None
    right = [one for one in SCENARIOS if choices[one.id] is True or choices[one.id] == one.answer]
    return len(right) >= ENOUGH and {one.talk for one in right} == set(TALKS)
