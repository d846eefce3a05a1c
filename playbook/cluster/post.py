"""A worker's post: its runner, and the exercises and cases that it has taken from the shelf, each once."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from playbook.authoring.master import Master, load_master
from playbook.cases import Case, read_case
from playbook.cluster.course import Course
from playbook.cluster.parcels import digest_of, folders_in, pack, unpack
from playbook.cluster.preparing import prepare_apart
from playbook.errors import PlaybookError
from playbook.grading.marker import Marker
from playbook.grading.prepared import Prepared, prepared_home
from playbook.places import cache_folder
from playbook.running.runner import Runner

#: Courses that a worker remembers; each call with another roster or another master is one.
_COURSES = 8
#: What an exercise that is made ready consists of: folders of these caches.
READY = ("prepared", "unseen")


def pack_ready(ready: Prepared, home: Path) -> bytes:
    """The parcel of an exercise that is made ready for a city.

    Args:
        home: where its seals stand.
    """
    folders = {f"prepared/{home.name}": home}
    if ready.unseen is not None:
        unseen = ready.unseen.case.folder
        folders[f"unseen/{unseen.name}"] = unseen
    return pack(folders)


def unpack_ready(data: bytes) -> None:
    """Put an exercise that was made ready elsewhere where it would have been made."""
    for folder in folders_in(data):
        kind, _, name = folder.partition("/")
        if kind in READY:
            unpack(data, cache_folder(kind) / name, folder)


class Post:
    """What one worker process has at hand. Safe to use from several threads.

    Args:
        runner: one for the whole process.
        fetch: takes a parcel from the shelf.
    """

    def __init__(self, runner: Runner, fetch: Callable[[str], bytes | None]):
        self.runner, self._fetch = runner, fetch
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._markers: dict[str, PostMarker] = {}
        self._taken: set[str] = set()

    def _lock_of(self, digest: str) -> threading.Lock:
        with self._lock:
            return self._locks.setdefault(digest, threading.Lock())

    def taken(self, digest: str) -> bytes:
        """A parcel from the shelf, whole and unchanged.

        Raises:
            PlaybookError: it is not there.
        """
        data = self._fetch(digest)
        if data is None or digest_of(data) != digest:
            raise PlaybookError(f"the scheduler no longer has the parcel {digest[:12]}")
        return data

    def folder(self, digest: str) -> Path:
        """The folder with a parcel's files; taken once."""
        home = cache_folder("parcels") / digest
        with self._lock_of(digest):
            if not home.is_dir():
                unpack(self.taken(digest), home)
        return home

    def take_ready(self, digest: str) -> None:
        """Take an exercise that was made ready elsewhere; once."""
        with self._lock_of(digest):
            if digest not in self._taken:
                unpack_ready(self.taken(digest))
                self._taken.add(digest)

    def marker(self, digest: str, cases: Mapping[str, str]) -> PostMarker:
        """The marker for a course; one for all its hand-ins.

        Args:
            digest: of the course.
            cases: digests of cases by names that are met for the first time.
        """
        with self._lock_of(digest):
            if digest not in self._markers:
                made = PostMarker(self, pickle.loads(self.taken(digest)))
                with self._lock:
                    self._markers[digest] = made
                    while len(self._markers) > _COURSES:
                        del self._markers[next(iter(self._markers))]
            marker = self._markers[digest]
        marker.names.update(cases)
        return marker

    def prepare(self, course: str, exercise: str, case: str) -> bytes:
        """Make an exercise ready for a city, and pack it.

        Raises:
            PlaybookError: the master stops.
        """
        return self.marker(course, {}).pack(exercise, read_case(self.folder(case)))


class _Masters(Mapping[str, Master]):
    """Masters by exercise, each taken from the shelf when it is wanted first."""

    def __init__(self, post: Post, digests: Mapping[str, str]):
        self._post, self._digests = post, digests

    def __getitem__(self, exercise: str) -> Master:
        return load_master(self._post.folder(self._digests[exercise]) / exercise)

    def __iter__(self) -> Iterator[str]:
        return iter(self._digests)

    def __len__(self) -> int:
        return len(self._digests)


class PostMarker(Marker):
    """Marks with what comes from the shelf, and makes exercises ready in a process of their own."""

    def __init__(self, post: Post, course: Course):
        self.names = dict(course.cases)
        self._post, self._course, self._home = post, course, cache_folder("prepared")
        super().__init__(
            _Masters(post, course.masters),
            course.secret,
            self._home,
            roster=course.roster,
            limits=course.limits,
            figures=course.figures,
            cases=self._find,
        )

    def _find(self, name: str) -> Case:
        if name not in self.names:
            raise PlaybookError(f"there is no case {name!r}")
        return read_case(self._post.folder(self.names[name]))

    def prepare(self, exercise: str, case: Case) -> Prepared:
        """An exercise made ready for a city; made once.

        Raises:
            PlaybookError: the master stops on this case.
        """
        key = (exercise, case.fingerprint)
        with self._post._lock_of("/".join(key)):
            if key not in self._ready:
                self._make(self.masters[exercise], case)
        return super().prepare(exercise, case)

    def _make(self, master: Master, case: Case) -> None:
        if not self._seals(master, case).is_dir():
            try:
                prepare_apart(master.path, case.folder, self._course.secret, self._home)
            except PlaybookError as error:
                self._ready[master.id, case.fingerprint] = error

    def _seals(self, master: Master, case: Case) -> Path:
        return prepared_home(master, case, self._course.secret, self._home)

    def pack(self, exercise: str, case: Case) -> bytes:
        """An exercise made ready for a city, as a parcel."""
        return pack_ready(self.prepare(exercise, case), self._seals(self.masters[exercise], case))
