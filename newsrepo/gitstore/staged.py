"""The staging area: what the next commit would hold, listed by git and read from the object store."""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from newsrepo.gitstore.names import shown_path, sift
from newsrepo.gitstore.objects import Objects
from newsrepo.gitstore.runner import Git
from newsrepo.gitstore.snapshot import (
    EXECUTABLE,
    READ_LIMIT,
    RECORD_ROOTS,
    REGULAR,
    Blob,
    Entry,
    Tip,
    content_key,
    ordered,
)
from newsrepo.gitstore.tree import odd_mode
from newsrepo.ids import Oid
from newsrepo.location import Finding, Location


def parse_stages(data: bytes) -> Iterator[tuple[int, Oid, int, str]]:
    """(mode, id, stage, path) for each line of ``git ls-files --stage -z``."""
    for line in data.split(b"\0"):
        if line:
            facts, _, raw = line.partition(b"\t")
            mode, oid, stage = facts.split(b" ")
            yield int(mode, 8), Oid(oid.decode("ascii")), int(stage), raw.decode("utf-8", "surrogateescape")


class StagedSnapshot:
    """The git index as it was when first looked at. The index itself is only read."""

    label = "staged"

    def __init__(
        self, git: Git, tip: Callable[[], Tip | None], tip_key: Callable[[Tip], str], objects: Objects
    ) -> None:
        self._git = git
        self._tip = tip
        self._tip_key = tip_key
        self._objects = objects

    @cached_property
    def tip(self) -> Tip | None:
        """HEAD; None before the first commit."""
        return self._tip()

    @cached_property
    def _listed(self) -> tuple[tuple[Entry, ...], tuple[Finding, ...]]:
        _, out = self._git.run("ls-files", "--stage", "-z", "--", *RECORD_ROOTS)
        rows = list(parse_stages(out))
        kept, findings = sift((path for *_, path in rows), self.label)
        passed = set(kept)
        entries: list[Entry] = []
        told: set[str] = set()
        for mode, oid, stage, path in rows:
            if path not in passed or path in told:
                continue
            if stage == 0 and mode in (REGULAR, EXECUTABLE):
                entries.append(Entry(path, mode, oid, -1))
                continue
            told.add(path)
            rule, fact, way = odd_mode(mode)
            if stage:
                rule, fact = "unmerged", "is in conflict between two branches"
                way = "settle it and `git add` the file"
            findings.append(Finding(rule, Location(shown_path(path), source=self.label), fact, way))
        entries.sort(key=lambda e: e.path)
        return tuple(entries), ordered(findings)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Regular files staged under the record roots, by path; sizes are not known before they are read."""
        return self._listed[0]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was odd in the staging area, conflicts included."""
        return self._listed[1]

    @cached_property
    def key(self) -> str:
        """As for every snapshot."""
        return content_key(self.entries)

    @cached_property
    def dirty(self) -> bool:
        """Whether anything is staged that HEAD does not hold."""
        if self.tip is None:
            return bool(self.entries)
        return self.key != self._tip_key(self.tip)

    def read(self, oids: Iterable[Oid], limit: int = READ_LIMIT) -> Iterator[Blob]:
        """Blobs by id, in the order asked."""
        return self._objects.read(oids, limit)
