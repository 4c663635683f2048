"""What a rule is, what it may ask of a commons, and what it answers."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Protocol

from msgspec import Struct

from newsrepo.commons.model import CommonsView
from newsrepo.commons.union import Home
from newsrepo.credit import Texts
from newsrepo.credit.origin import Pasts
from newsrepo.gitstore.snapshot import Snapshot
from newsrepo.ids import ArticleId, ContingentId, Kind, Oid
from newsrepo.location import Finding, Severity
from newsrepo.records import Partial, Place
from newsrepo.records import types as t


class File(Protocol):
    """One well-placed file: what it is, its blob, its size in bytes (-1: not known)."""

    @property
    def place(self) -> Place: ...

    @property
    def oid(self) -> Oid: ...

    @property
    def size(self) -> int: ...


class Commons(CommonsView, Protocol):
    """What the rules ask beyond the view: files, faults of reading, and bytes when nothing less will do."""

    @property
    def snapshot(self) -> Snapshot: ...

    def source_of(self, path: str) -> str: ...

    @property
    def files(self) -> Mapping[str, File]: ...

    @property
    def findings(self) -> tuple[Finding, ...]: ...

    @property
    def charter_or_none(self) -> t.Charter | None: ...

    @property
    def homes(self) -> tuple[Home, ...]:
        """The homes that speak in this view beside what stands here."""

    def stood(self, owner: ContingentId, path: str) -> bool:
        """Whether a file stood at any tip of its owner's home that was ever seen, or before."""

    @property
    def stale(self) -> tuple[ContingentId, ...]:
        """The contingents whose home was never reached, so that of theirs nobody here can say what is not."""

    def prints(self, scheme: str, oids: Iterable[Oid], make: Callable[[str], bytes]) -> dict[Oid, bytes]: ...

    def remembered(self, name: str, make: Callable[[], bytes]) -> bytes: ...

    def recall(self, name: str) -> bytes | None: ...

    def keep(self, name: str, answer: bytes) -> None: ...


class Fault(Struct, frozen=True):
    """A rule broken in a file, at a field (``keys``, named as in the file) or at a line and column.

    ``at`` is a place within the field's value, its first character being 1; 0 is the value as a whole.
    """

    path: str
    message: str
    hint: str = ""
    keys: tuple[str | int, ...] = ()
    line: int = 0
    col: int = 1
    at: int = 0
    rule: str = ""
    severity: Severity = Severity.ERROR


Known = Callable[[Collection[Oid]], Collection[Oid]]
"""Given object ids, those of them that the repository has, in history or anywhere."""


Wordings = Callable[[str], Collection[str] | None]
"""The SHA-256 of every text that a file ever had, by its path; None where its history is not at hand."""


class Scope(Protocol):
    """A commons with the parts of it that are asked about."""

    commons: Commons

    past: Pasts | None
    """Tells the revisions of works, where history is at hand."""

    wordings: Wordings | None
    """Tells the earlier texts of questions, where history is at hand."""

    def wants(self, path: str) -> bool:
        """Whether findings in this file are asked for."""

    def of(self, kind: Kind) -> tuple[File, ...]:
        """The wanted files of a kind, in order of path."""

    def texts(self, kind: Kind) -> Iterator[tuple[File, bytes]]:
        """The wanted files of a kind with their bytes, those too large left out."""

    def records(self, kind: Kind) -> tuple[tuple[File, t.Record], ...]:
        """The wanted files of a kind with the records in them, unreadable ones left out. Kept in memory."""

    def partials(self, kind: Kind) -> tuple[tuple[File, Partial], ...]:
        """The wanted files of a kind that hold faults, with what is sound of their records. Kept."""

    def knows(self, oids: Collection[Oid]) -> frozenset[Oid]:
        """Those of the blobs that stand in this commons, are kept as sources, or lie in the repository."""

    def kept(self, work: ArticleId) -> frozenset[Oid]:
        """The texts that a work keeps as its sources, whatever part is asked about."""

    @property
    def cited(self) -> Texts:
        """What the texts at hand say as to credit: every work as it stands, and all that are kept."""

    def nearest(self, wanted: str) -> str:
        """A hint that names the id that was most likely meant, if one is close."""

    def close(self, word: str, among: Collection[str], otherwise: str) -> str:
        """A hint that names the word that was most likely meant, or ``otherwise``."""

    @property
    def members(self) -> frozenset[ContingentId]:
        """Every contingent that has a file under ``contingents/``, readable or not."""

    @property
    def ids(self) -> frozenset[str]:
        """The id of every record, readable or not, as references write them."""


class Rule(Struct, frozen=True):
    """One thing that must hold. ``sentence`` says what is wrong when it does not."""

    id: str
    sentence: str
    find: Callable[[Scope], Iterable[Fault]]
    others: tuple[str, ...] = ()
    """Rules that are found in the same pass."""
