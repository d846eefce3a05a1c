"""Names of people in texts that hold more than a name: folders, files, what trainees typed."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from playbook.cases.roster import Enrolled, Roster, name_forms, without_brackets
from playbook.names import normalise, squash

#: Parts of a text that stand together in a name, at most.
_LONGEST = 6
#: Letters from which a name inside a longer word says anything.
_WEAK_LATIN, _WEAK_CHINESE = 5, 2
#: What people write beside their names on their work, without a blank: these are nobody's name.
_WORK = re.compile(
    r"第[一二三四五六七八九十\d]+[章次课]|作业|练习|提交|上交|最终版?|终稿|定稿|副本|答案|完成版?|修改版?|新版|行业|客户|章节"
    r"|笔记本?|文件|储备经理|实训|培训|课程|同学|的"
)
_LATIN_WORK = re.compile(
    r"(?<![^\W_])(?:copy(?: of)?|final|draft|version|v\d+|new|done|my|answers?|solutions?|homework|submission|late"
    r"|checkpoint|finished|completed?|edited|updated|backup|notebook)(?![^\W_])",
    re.IGNORECASE,
)
#: What browsers and desktops put behind the name of a second copy.
_COPY = re.compile(r"\[?[1-9]\d?\]?|~[1-9]")
#: Digits from which a number inside a longer name says whose it is.
_SURE_DIGITS = 4


@dataclass(frozen=True)
class Found:
    """People that a text names: groups of those that one name may mean, and those that it only resembles."""

    sure: tuple[tuple[Enrolled, ...], ...] = ()
    weak: tuple[Enrolled, ...] = ()

    @property
    def people(self) -> list[Enrolled]:
        """All that are surely named."""
        return list({one.id: one for group in self.sure for one in group}.values())

    @property
    def agreed(self) -> list[Enrolled]:
        """Those that every name in it may mean."""
        return [one for one in self.people if all(one in group for group in self.sure)]

    def __add__(self, other: Found) -> Found:
        return Found(self.sure + other.sure, self.weak + other.weak)


class Finder:
    """Finds people of a roster in texts that hold more than a name."""

    def __init__(self, roster: Roster):
        self.roster = roster
        self._before: dict[str, Found] = {}
        self._keys: dict[str, list[Enrolled]] = defaultdict(list)
        for one in roster.trainees:
            for key in {squash(one.id), *name_forms(one.name)} - {""}:
                if len(key) > 1 or key.isdecimal():
                    self._keys[key].append(one)

    def known(self, text: str) -> bool:
        """Whether a text names somebody."""
        return bool(self.find(text).sure)

    def find(self, text: str) -> Found:
        """Everybody that a text names, with other words around it; what stands in brackets may be no part of a name."""
        if text not in self._before:
            found = self._find(text)
            bare = without_brackets(text)
            self._before[text] = found if found.sure or bare in ("", text) else self._find(bare)
        return self._before[text]

    def _find(self, text: str) -> Found:
        whole = self.roster.named(text)
        if whole:  # one person's login may be another one's name
            by_id = any(normalise(one.id) == normalise(text) for one in whole)
            also = [one for one in self._keys.get(squash(text), ()) if by_id and one not in whole]
            return Found(((*whole, *also),))
        tokens = _tokens(text)
        runs: list[tuple[int, int, str]] = []
        for start in range(len(tokens)):
            joined = ""
            for end in range(start, min(start + _LONGEST, len(tokens))):
                joined += tokens[end]
                if joined in self._keys:
                    runs.append((start, end, joined))
        longest = [
            run
            for run in runs
            if not any(other != run and other[0] <= run[0] and run[1] <= other[1] for other in runs)
        ]
        sure, weak = [], []
        for _start, _end, key in longest:
            if key.isdecimal() and len(key) < _SURE_DIGITS and len(tokens) > 1:
                weak += self._keys[key]
            else:
                sure.append(tuple(self._keys[key]))
        if not sure:
            weak += self._resembling(tokens)
        return Found(tuple(sure), tuple(weak))

    def _resembling(self, tokens: Sequence[str]) -> list[Enrolled]:
        """People whose name stands inside a longer word, or whose number has other zeros before it."""
        found: list[Enrolled] = []
        for token in tokens:
            found += self.roster.nearly(token) if len(token) >= _SURE_DIGITS or len(tokens) == 1 else ()
            for key, people in self._keys.items():
                least = _WEAK_LATIN if key.isascii() else _WEAK_CHINESE
                if len(key) >= least and key in token and not key.isdecimal():
                    found += people
        return found


def _tokens(text: str) -> list[str]:
    """Words of a text in one width and case; between Chinese and other letters there need be nothing."""
    text = _WORK.sub(" ", unicodedata.normalize("NFKC", text).casefold())
    return re.findall(
        r"[\u3400-\u9fff\U00020000-\U0003ffff]+|[^\W_\u3400-\u9fff\U00020000-\U0003ffff]+", text
    )


def bare_name(text: str) -> str:
    """A person's name from the part of a file's name that holds it: ``Li Wei - Copy of`` is Li Wei's."""
    text = re.split(r"\s+[-–—]\s+", text.strip("_- ."))[0]
    text = _LATIN_WORK.sub("", _WORK.sub("", text))
    text = re.sub(r"[(（]\s*[)）]", "", text).strip("_- .")
    return "" if _COPY.fullmatch(text) else text


def same_person(key: str, *labels: str) -> bool:
    """Whether a name is that of a folder or file: in any order, or with other words around it."""
    return any(key in name_forms(label) or squash(label) == key or holds_name(label, key) for label in labels)


def holds_name(text: str, name: str) -> bool:
    """Whether a text holds a name as words of its own."""
    key, tokens = squash(name), _tokens(text)
    forms = name_forms(name) | {key}
    joined = {
        "".join(tokens[start:end])
        for start in range(len(tokens))
        for end in range(start + 1, min(start + _LONGEST, len(tokens)) + 1)
    }
    return bool(key) and bool(forms & joined)
