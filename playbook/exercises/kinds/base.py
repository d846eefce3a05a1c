"""What every kind of answer can do."""

from __future__ import annotations

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from playbook.exercises.plain import Plain, describe, to_plain
from playbook.words import _


@dataclass(frozen=True)
class Problem:
    """The answer is not of the form the question asks for.

    Attributes:
        code: what is wrong, stable from case to case: a wrong answer's hint can hang on it.
        message: what is wrong, in words.
        stopped: the trainee's own code stopped with an error when it was tried.
    """

    code: str
    message: str
    stopped: bool = False


@dataclass(frozen=True)
class Verdict:
    """How a well-formed answer compares with a sealed one.

    Attributes:
        share: of the answer that is right, 0 to 1.
        message: where it goes wrong.
        key: opens a hint sealed with the same answer; only set where `share` is 1.
        code: as in :class:`Problem`, where the answer lacks a part.
    """

    share: float
    message: str = ""
    key: str = ""
    code: str = ""


@dataclass(frozen=True)
class ValueMutant:
    """An answer made from the right one, to prove that a check tells them apart.

    Attributes:
        label: what was done.
        make: does it to plain data.
        constant: the answer could be typed in without looking at the data.
    """

    label: str
    make: Callable[[Plain], Plain]
    constant: bool = False


@dataclass(frozen=True)
class Kind(ABC):
    """A kind of answer with the fields that a question of this kind may have.

    `normal` is what :meth:`normalise` makes of plain data: the form in which answers are compared.
    """

    #: What `kind:` says in a master.
    name: ClassVar[str]
    #: What such an answer is called in a sentence.
    called: ClassVar[str]
    #: Points can be shared out.
    shared: ClassVar[bool] = False
    #: The answer is tried out on arguments that a cell tagged `arguments` gives.
    tried: ClassVar[bool] = False
    #: The right answer for one city says nothing about another: it can be typed in there as a value.
    typeable: ClassVar[bool] = True
    #: A right answer follows from the case, unless the question says otherwise; else a person judges it.
    computed: ClassVar[bool] = True
    #: How many typical wrong answers a master must foresee.
    least_wrong: ClassVar[int] = 2
    #: There are only a few answers to choose from, so that naming one gives nothing away.
    few: ClassVar[bool] = False
    #: Of a number; other kinds have none.
    unit: ClassVar[str] = ""

    @property
    def may_be_typed(self) -> bool:
        """Whether a computed answer may be typed in all the same: it is held against other figures as it stands."""
        return False

    def problems(self) -> Iterator[str]:
        """What is wrong with the fields, in words."""
        yield from ()

    def noted(self) -> str:
        """What to say of an answer of the right form where nothing is said of right or wrong."""
        return _("Noted: this is your decision. It is marked when you hand in; you may change it until then.")

    def take(self, value: object, arguments: Iterable[Iterable[Plain]]) -> Plain:
        """The answer as plain data: how it leaves a notebook."""
        return to_plain(value)

    def still_open(self, answer: str, plain: Plain) -> str:
        """What to say of an answer that was not attempted; `answer` is the variable that holds it."""
        return _("Replace the `...` behind `{answer} =`.").format(answer=answer)

    def offers(self, text: str) -> bool:
        """Whether the answer is chosen from a list that holds this text."""
        return text_key(text) in map(text_key, getattr(self, "choices", ()))

    @abstractmethod
    def normalise(self, plain: Plain) -> Any | Problem:
        """Bring an answer into the form that is compared, or say why it can't be."""

    @abstractmethod
    def seal(self, normal: Any, salt: str) -> tuple[dict[str, Any], str]:
        """Seal a normal form; returns the JSON-able seal and the key that it gives."""

    def seal_expected(self, normal: Any, salt: str) -> dict[str, Any]:
        """The seal of the expected answer; empty where answers are judged without one."""
        return self.seal(normal, salt)[0]

    def seal_wrong(self, normal: Any, salt: str) -> tuple[dict[str, Any], str]:
        """Seal as much of a wrong answer as it takes to know it again."""
        return self.seal(normal, salt)

    @abstractmethod
    def compare(self, sealed: Mapping[str, Any], normal: Any, salt: str) -> Verdict:
        """Compare an answer with a seal, the expected answer's or a wrong one's."""

    def verdict(self, sealed: Mapping[str, Any], normal: Any, salt: str, case: Any) -> Verdict:
        """What an answer is worth, given the expected answer's seal and the case it was worked out on."""
        return self.compare(sealed, normal, salt)

    def hint_code(self, verdict: Verdict) -> str:
        """The code that a wrong answer's hint hangs on; empty where it hangs on the answer itself."""
        return verdict.code

    def mutants(self) -> Iterator[ValueMutant]:
        """Answers made from the right one that must not pass."""
        yield from ()


def text_key(text: str) -> str:
    """Text as compared: width, case and outer blanks do not matter."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text).strip().casefold())


def tag_of(plain: Plain) -> str:
    """What plain data calls itself, for codes."""
    return str(plain.get("t")) if isinstance(plain, dict) else type(plain).__name__


def not_this(kind: str, asked: str, plain: Plain) -> Problem:
    """The problem of an answer of another kind: `asked` says what the question asks for."""
    return Problem(
        f"{kind}:{tag_of(plain)}",
        _("This question asks for {asked}; your answer is {described}.").format(
            asked=asked, described=describe(plain)
        ),
    )


def constant(label: str, plain: Plain) -> ValueMutant:
    """A mutant that is the same whatever the right answer is."""
    return ValueMutant(label, lambda _right: plain, constant=True)


def listed(change: Callable[[list], list]) -> Callable[[Plain], Plain]:
    """A mutant's `make` that changes the values of a list or a set."""

    def make(plain: Plain) -> Plain:
        values = list(plain["v"]) if isinstance(plain, dict) else [plain]
        return {"t": "list", "of": "list", "v": change(values)}

    return make
