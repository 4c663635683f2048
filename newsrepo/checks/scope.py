"""A commons and the part of it that is asked about: what several rules need is read once and kept here."""

from collections.abc import Collection, Iterator, Sequence
from difflib import get_close_matches
from functools import cached_property

from newsrepo.checks.model import Commons, File, Known, Wordings
from newsrepo.credit import Texts
from newsrepo.credit.origin import Pasts
from newsrepo.ids import ArticleId, ContingentId, Kind, Oid
from newsrepo.records import Partial, parse
from newsrepo.records import types as t
from newsrepo.records.text import MAX_TEXT

MAX_HINTS = 50
"""For how many wrong ids the nearest right one is looked for; after that, something else is wrong."""

MAX_COMPARED = 1000

_ANY = "name a record that exists; `newsrepo find` lists articles"
_PREFIX = {
    Kind.ARTICLE: "",
    Kind.COMMENT: "",
    Kind.FILTER: "",
    Kind.CHALLENGE: "",
    Kind.ANSWER: "",
    Kind.STATEMENT: "",
    Kind.CONTINGENT: "contingent:",
}
"""What a reference writes before a record's id; most ids of places have it already."""


class Whole:
    """Implements ``model.Scope``."""

    def __init__(
        self,
        commons: Commons,
        paths: Sequence[str] | None,
        known: Known | None,
        past: Pasts | None = None,
        wordings: Wordings | None = None,
    ) -> None:
        self.commons = commons
        self.past = past
        self.wordings = wordings
        self._paths = frozenset(path.rstrip("/") for path in paths or ())
        self._wanted: dict[str, bool] = {}
        self._known = known
        self._hints: dict[str, str] = {}
        self._records: dict[Kind, tuple[tuple[File, t.Record], ...]] = {}
        self._partials: dict[Kind, tuple[tuple[File, Partial], ...]] = {}

    def wants(self, path: str) -> bool:
        """Whether findings in this file are asked for."""
        if not self._paths:
            return True
        known = self._wanted.get(path)
        if known is None:
            folder = path.rpartition("/")[0]
            known = path in self._paths or (folder != "" and self.wants(folder))
            self._wanted[path] = known
        return known

    @cached_property
    def _by_kind(self) -> dict[Kind, list[File]]:
        found: dict[Kind, list[File]] = {}
        for file in self.commons.files.values():
            found.setdefault(file.place.kind, []).append(file)
        return found

    def of(self, kind: Kind) -> tuple[File, ...]:
        """The wanted files of a kind, in order of path."""
        return tuple(file for file in self._by_kind.get(kind, ()) if self.wants(file.place.path))

    def texts(self, kind: Kind) -> Iterator[tuple[File, bytes]]:
        """The wanted files of a kind with their bytes, those too large left out."""
        files = self.of(kind)
        blobs = self.commons.snapshot.read([file.oid for file in files], MAX_TEXT)
        for file, blob in zip(files, blobs, strict=True):
            if blob.data is not None:
                yield file, blob.data

    def records(self, kind: Kind) -> tuple[tuple[File, t.Record], ...]:
        """The wanted files of a kind with the records in them, unreadable ones left out. Kept in memory."""
        if kind not in self._records:
            self._records[kind] = tuple(
                (file, record)
                for file, data in self.texts(kind)
                if (record := parse(kind, data, file.place.path).record) is not None
            )
        return self._records[kind]

    def partials(self, kind: Kind) -> tuple[tuple[File, Partial], ...]:
        """The wanted files of a kind that hold faults, with what is sound of their records. Kept."""
        if kind not in self._partials:
            files = [file for file in self.of(kind) if file.place.path in self._faulty]
            blobs = self.commons.snapshot.read([file.oid for file in files], MAX_TEXT)
            self._partials[kind] = tuple(
                (file, partial)
                for file, blob in zip(files, blobs, strict=True)
                if blob.data is not None
                and (partial := parse(kind, blob.data, file.place.path).partial) is not None
            )
        return self._partials[kind]

    @cached_property
    def _faulty(self) -> frozenset[str]:
        return frozenset(finding.location.path for finding in self.commons.findings)

    def knows(self, oids: Collection[Oid]) -> frozenset[Oid]:
        """Those of the blobs that stand in this commons, are kept as sources, or lie in the repository."""
        wanted = frozenset(oids)
        here = wanted & self._blobs
        rest = wanted - here
        if rest and self._known is not None:
            here |= rest & frozenset(self._known(rest))
        return here

    @cached_property
    def _kept(self) -> dict[str, set[Oid]]:
        found: dict[str, set[Oid]] = {}
        for file in self._by_kind.get(Kind.SOURCE, ()):
            found.setdefault(file.place.path.rpartition("/sources/")[0], set()).add(file.oid)
        return found

    def kept(self, work: ArticleId) -> frozenset[Oid]:
        """The texts that a work keeps as its sources, whatever part is asked about."""
        return frozenset(self._kept.get(f"articles/{work}", ()))

    @cached_property
    def cited(self) -> Texts:
        """What the texts at hand say as to credit: every work as it stands, and all that are kept."""
        kept = frozenset().union(*self._kept.values())
        return Texts(self.commons.works, kept, self._read)

    def _read(self, oids: Collection[Oid]) -> Iterator[tuple[Oid, bytes]]:
        for blob in self.commons.snapshot.read(oids, MAX_TEXT):
            if blob.data is not None:
                yield blob.oid, blob.data

    @cached_property
    def _blobs(self) -> frozenset[Oid]:
        return frozenset(file.oid for file in self.commons.files.values())

    def nearest(self, wanted: str) -> str:
        """A hint that names the id that was most likely meant, if one is close."""
        if wanted not in self._hints:
            self._hints[wanted] = self._nearest(wanted) if len(self._hints) < MAX_HINTS else _ANY
        return self._hints[wanted]

    def _nearest(self, wanted: str) -> str:
        # Only ids of the same owner, or with the same last word, are compared: there may be very many.
        owner, last = wanted.partition("/")[0], wanted.rpartition("/")[2]
        near = sorted(i for i in self.ids if i.endswith(f"/{last}") or i.partition("/")[0] == owner)
        close = get_close_matches(wanted, near[:MAX_COMPARED], n=1, cutoff=0.8)
        return f"did you mean {close[0]} ?" if close else _ANY

    def close(self, word: str, among: Collection[str], otherwise: str) -> str:
        """A hint that names the word that was most likely meant, or ``otherwise``."""
        key = f"{otherwise} {word}"
        if key not in self._hints:
            looked = len(self._hints) < MAX_HINTS and len(among) <= MAX_COMPARED
            near = get_close_matches(word, sorted(among), n=1, cutoff=0.6) if looked else []
            self._hints[key] = f"did you mean {near[0]!r}?" if near else otherwise
        return self._hints[key]

    @cached_property
    def members(self) -> frozenset[ContingentId]:
        """Every contingent that has a file under ``contingents/``, readable or not."""
        return frozenset(ContingentId(file.place.id) for file in self._by_kind.get(Kind.CONTINGENT, ()))

    @cached_property
    def ids(self) -> frozenset[str]:
        """The id of every record, readable or not, as references write them."""
        return frozenset(
            prefix + file.place.id for kind, prefix in _PREFIX.items() for file in self._by_kind.get(kind, ())
        )
