"""A few sentences of one's own: a decision, what speaks against it.

Only the form is checked; a person judges what the text says.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from playbook.exercises.kinds.base import Kind, Problem, ValueMutant, Verdict, not_this, text_key
from playbook.exercises.plain import Plain, describe
from playbook.words import N_, _, ngettext

#: An alternative of a mention that stands for any number written in figures.
NUMBER = "number"
#: Words: a number with its signs is one, so is a word with hyphens and apostrophes.
_WORD = re.compile(r"[+-]?\d[\d.,:/]*\d%?|\d%?|[^\W\d_]+(?:['’-][^\W\d_]+)*")
#: Signs of Chinese, Japanese and Korean, which are written without blanks.
HAN = r"\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
#: A sentence frame's gap that nobody filled.
_GAP = re.compile(r"…+|\.{3,}|_{2,}|\[\s*\]|<\s*>")
#: So many of a text's words may have stood in it before, as a share.
_MOST_AGAIN = 0.5


@dataclass(frozen=True, kw_only=True)
class Note(Kind):
    """A few sentences.

    Words are counted as a manager would: `12.5%` and `like-for-like` are one each. A Chinese character counts as half
    a word, for a Chinese word has two of them as a rule: 24 to 120 characters are asked for where 12 to 60 words are.

    Attributes:
        words: the fewest and the most.
        mentions: what must be said, each ``"in words: beginning of a word|another"``; ``number`` is any figure.
        title: of the question; copied, it counts for nothing.
    """

    name: ClassVar[str] = "note"
    called: ClassVar[str] = N_("note")
    typeable: ClassVar[bool] = False
    computed: ClassVar[bool] = False
    least_wrong: ClassVar[int] = 0
    words: tuple[int, ...] = (12, 60)
    mentions: tuple[str, ...] = ()
    title: str = ""

    def problems(self) -> Iterator[str]:
        whole = [one for one in self.words if isinstance(one, int) and not isinstance(one, bool)]
        if not (len(whole) == len(self.words) == 2 and 0 < whole[0] < whole[1]):
            yield f"`words: {list(self.words)}` is not the fewest and the most words, such as `words: [12, 60]`"
        for mention in self.mentions:
            what, alternatives = _parts(mention)
            if not what or not alternatives:
                yield f"the mention {mention!r} is not written as `what is said: word|other word`"

    def noted(self) -> str:
        return _("Noted. A person reads it when you have handed in; you may change it until then.")

    def normalise(self, plain: Plain) -> str | Problem:
        if not isinstance(plain, str):
            return self._no_text(plain)
        text = _read(plain)
        gap = _GAP.search(text)
        if gap:
            return Problem(
                "note:gap",
                _("There is still a gap in your text: `{gap}`. Put your own words in its place.").format(
                    gap=gap[0]
                ),
            )
        own = _words(_without(text, self.title))
        count, (least, most) = _size(own), self.words
        if count < least:
            said = ngettext(
                "Your text has {count} word; at least {least} are asked for.",
                "Your text has {count} words; at least {least} are asked for.",
                count,
            ).format(count=count, least=least)
            if count < _size(_words(text)):
                said += " " + _("The question's title, copied, does not count.")
            return Problem("note:short", said)
        if _repeats(own):
            return Problem(
                "note:again",
                _("Your text says the same words again and again. Write whole sentences in your own words."),
            )
        if count > most:
            return Problem(
                "note:long",
                _("Your text has {count} words; at most {most} are read. Keep what carries it.").format(
                    count=count, most=most
                ),
            )
        lacking = [what for what, alternatives in map(_parts, self.mentions) if not _says(text, alternatives)]
        if lacking:
            return Problem(
                "note:lacks",
                ngettext(
                    "Your text does not say one thing yet: {what}.",
                    "Your text does not say these things yet: {what}.",
                    len(lacking),
                ).format(what="; ".join(lacking)),
            )
        return text

    def _no_text(self, plain: Plain) -> Problem:
        texts = isinstance(plain, dict) and plain.get("t") == "list" and plain.get("v")
        if texts and all(isinstance(one, str) for one in texts):
            return Problem(
                "note:list",
                _(
                    "Your answer is {described}: between two texts stands a comma. "
                    "Put all sentences into one pair of quotes."
                ).format(described=describe(plain)),
            )
        return not_this(self.name, _("a text in quotes"), plain)

    def seal(self, normal: str, salt: str) -> tuple[dict[str, Any], str]:
        """There is nothing to seal: no text is the right one."""
        return {}, ""

    def compare(self, sealed: Mapping[str, Any], normal: str, salt: str) -> Verdict:
        return Verdict(1.0, _("It has the form that was asked for. What it says is read by a person."))

    def mutants(self) -> Iterator[ValueMutant]:
        yield ValueMutant("nothing", lambda _text: "")
        yield ValueMutant("a number", lambda _text: 12)
        yield ValueMutant("one word again and again", _changed(lambda w, least: w[-1:] * 2 * least, self))
        yield ValueMutant("cut short", _changed(lambda w, least: w[: least - 1], self))
        yield ValueMutant("a gap left in it", lambda text: f"{text} …")
        for mention in self.mentions:
            what, alternatives = _parts(mention)
            yield ValueMutant(f"without {what!r}", lambda text, a=alternatives: _unsaid(str(text), a))


def _parts(mention: str) -> tuple[str, tuple[str, ...]]:
    """What a mention says, and the words that say it."""
    what, _colon, listed = mention.rpartition(":")
    return what.strip(), tuple(one.strip() for one in listed.split("|") if one.strip())


def _read(text: str) -> str:
    """A text as it is read: plain letters for full-width ones, no signs that nobody sees, single blanks."""
    seen = "".join(one for one in text if unicodedata.category(one) not in ("Cf", "Cs", "Co"))
    gaps = unicodedata.normalize("NFKC", seen.replace("…", "\0")).replace("\0", "…")
    return re.sub(r"\s+", " ", re.sub(r"[\x00-\x1f\x7f]", " ", gaps)).strip()


def _words(text: str) -> list[str]:
    """Words and Chinese characters, in order."""
    parts = re.sub(f"([{HAN}])", r" \1 ", text.casefold())
    return _WORD.findall(parts)


def _size(words: list[str]) -> int:
    """How many words they count for."""
    han = sum(bool(re.fullmatch(f"[{HAN}]", word)) for word in words)
    return len(words) - han + han // 2


def _without(text: str, title: str) -> str:
    title = _read(title)
    return re.sub(re.escape(text_key(title)), " ", text_key(text)) if title else text


def _repeats(words: list[str]) -> bool:
    """Whether most of a text is one thing again and again, or single letters.

    Chinese is looked at by pairs of characters, for single ones come back in any text.
    """
    pairs = [
        one + other if re.fullmatch(f"[{HAN}]{{2}}", one + other) else one
        for one, other in zip(words, [*words[1:], ""], strict=True)
    ]
    if len(set(pairs)) < _MOST_AGAIN * len(pairs):
        return True
    letters = [word for word in words if word.isalpha() and not re.match(f"[{HAN}]", word)]
    return sum(len(word) == 1 for word in letters) > _MOST_AGAIN * len(letters) > 0


def _pattern(alternative: str) -> str:
    if alternative.casefold() == NUMBER:
        return r"\d"
    words = r"\s+".join(map(re.escape, _read(alternative).split()))
    return words if re.match(f"[{HAN}]", alternative) else rf"(?<![^\W_]){words}"


def _says(text: str, alternatives: tuple[str, ...]) -> bool:
    return any(re.search(_pattern(one), text, re.IGNORECASE) for one in alternatives)


def _unsaid(text: str, alternatives: tuple[str, ...]) -> str:
    """A text in which other words stand for all that says a mention."""
    for one in alternatives:
        text = re.sub(_pattern(one) + r"[\w.,%]*", "whatever", _read(text), flags=re.IGNORECASE)
    return text


def _changed(change: Callable[[list[str], int], list[str]], note: Note) -> Callable[[Plain], Plain]:
    def make(plain: Plain) -> Plain:
        return " ".join(change(_words(_read(str(plain))), note.words[0]))

    return make
