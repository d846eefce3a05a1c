"""What to say of lines that Python cannot read."""

from __future__ import annotations

import re
import unicodedata

from playbook.exercises.advice.stop import COMPARED_COMMA, Stop, code_of, without_texts
from playbook.exercises.sayings import (
    IN_THE_LINE,
    MEANT_EQUAL,
    OF_SYNTAX,
    ONLY_A_NOTE,
    PLAIN_SIGNS,
    POINT_IN_NUMBER,
    SIGNS_BY_HAND,
)
from playbook.words import _


def unreadable_line(stop: Stop) -> str:
    """A line that Python cannot read."""
    error = stop.error
    if not isinstance(error, SyntaxError):
        return ""
    message, line = error.msg or "", (error.text or "").strip()
    strange = re.match(r"invalid (?:character|non-printable character) '?(.)", message)
    if strange:
        return _strange(strange[1] if "U+3000" not in message else "\u3000", line)
    # Up to 3.11.3, Python names the number before such a sign and not the sign.
    strange = re.search(r"\d([^\x00-\x7f])", code_of(line)) if "invalid decimal" in message else None
    if strange and not strange[1].isalnum():
        return _strange(strange[1], line)
    if "invalid syntax" in message or message == "expected ':'":
        if re.search(r"=\s*#", without_texts(line)):
            return _(ONLY_A_NOTE)
        code = code_of(line)
        for pattern, words in IN_THE_LINE:
            if told := re.search(pattern, code):
                found = told.groupdict()
                return _(words).format(**found, small=found.get("word", "").casefold())
        if told := _side_by_side(line):
            return told
    if (
        "cannot assign" in message
        and not _inside_brackets(line)
        and not re.match(r"(?:el)?if\b|while\b|return\b", line)
    ):
        return _(
            "On the left of `=` stands the name that the value is to have: letters, digits and `_`, no quotes and "
            "no other signs. The value stands on the right."
        )
    if "unexpected character after line continuation" in message:
        return _("The stroke leans the wrong way. `/` divides, and `//` divides without the rest.")
    if told := _in_a_choice(message, code_of(line)) or _decimal_comma(message, code_of(line)):
        return told
    return _(next(words for part, words in OF_SYNTAX if part in message)).format(line=line)


def _in_a_choice(message: str, code: str) -> str:
    """What to say of a choice in one line that is complete, where Python misses its `else`."""
    if "expected 'else'" not in message or not (told := re.search(r"\bif\b(.*)\belse\b", code)):
        return ""
    if re.search(r"(?<![<>=!])=(?!=)", told[1]):
        return _(MEANT_EQUAL)
    if word := re.search(r"\b(AND|OR|And|Or)\b", told[1]):
        return _("Write `{small}` in small letters: capitals count.").format(small=word[1].casefold())
    return ""


def _decimal_comma(message: str, code: str) -> str:
    """What to say of a number with a comma between round brackets, behind a setting, or in a condition."""
    if message == "invalid syntax" and re.match(r"(?:el)?if\b", code) and re.search(COMPARED_COMMA, code):
        return _(POINT_IN_NUMBER)
    if "follows keyword" in message and re.search(r"=[^,=]*\b\d+,\d", code):
        return _(POINT_IN_NUMBER)
    return ""


def _strange(sign: str, line: str) -> str:
    """What to say of a sign that Python does not know, and of others like it in the same line."""
    if plain := SIGNS_BY_HAND.get(sign):
        return _("The computer does not know the sign `{sign}`. Type the plain one: `{plain}`").format(
            sign=sign, plain=plain
        )
    if not sign.strip():
        return _(
            "A wide blank from a Chinese keyboard stands in the line. Delete it, and type it with the English keyboard."
        )
    if not _plain_sign(sign):
        return _(
            "The sign `{sign}` means nothing here. Delete it, or type the plain one from the keyboard."
        ).format(sign=sign)
    told = _(
        "The sign `{sign}` comes from a Chinese keyboard or from a text program. Switch the keyboard to "
        "English and type the plain one: `{plain}`"
    ).format(sign=sign, plain=_plain_sign(sign))
    others = dict.fromkeys(f"`{other}`" for other in line if _plain_sign(other) and other != sign)
    if others:
        more = _("The same goes for the other signs of that kind in the line: {signs}").format(
            signs=" ".join(others)
        )
        return f"{told}. {more}"
    return told


def _plain_sign(sign: str) -> str:
    """The plain sign that is meant by one of another keyboard; empty where there is none."""
    if sign.isascii() or not sign.strip() or sign.isalnum():
        return ""
    plain = PLAIN_SIGNS.get(sign) or unicodedata.normalize("NFKC", sign)
    return plain if plain.isascii() and not plain.isalnum() else ""


def _inside_brackets(line: str) -> bool:
    """Whether a single `=` of a line stands between brackets, behind what is no setting's name."""
    code = code_of(line)
    for found in re.finditer(r"(?<![<>=!])=(?!=)", code):
        before = code[: found.start()]
        deep = sum(map(before.count, "([{")) > sum(map(before.count, ")]}"))
        if deep and not re.search(r"[(,]\s*\w+\s*$", before):
            return True
    return False


def _side_by_side(line: str) -> str:
    """What to say where two words follow each other with nothing between them."""
    words = r"and|or|not|in|is|if|else|for|return|import|from|as|lambda|def|with|del"
    told = re.search(rf"\b(?!(?:{words})\b)([A-Za-z_]\w*)\s+(?!(?:{words})\b)([A-Za-z_]\w*)", code_of(line))
    if not told:
        return ""
    return _(
        "Something is missing between `{first}` and `{second}`: a dot, a comma, or a sign such as `*`. If the two are "
        'a text, put quotes round it: `"{first} {second}"`.'
    ).format(first=told[1], second=told[2])
