"""What an audit may look at, and what it says: a charge with its evidence, for anybody to look up."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from msgspec import Struct

from newsrepo.ids import ContingentId, Oid, RaterId
from newsrepo.location import Finding


class Proof(Struct, frozen=True):
    """One piece of evidence: what it is (``old commit``), and the id, path or ref to look up."""

    what: str
    value: str


class Charge(Struct, frozen=True):
    """Something that nobody may do quietly: who did it, the fact, what can be done, and the evidence.

    ``who`` is empty where the commons as a whole is concerned.
    """

    rule: str
    who: str
    fact: str
    hint: str
    proofs: tuple[Proof, ...] = ()

    @property
    def order(self) -> tuple[str, str, str, tuple[str, ...]]:
        """The one order in which charges are shown."""
        return self.who, self.rule, self.fact, tuple(proof.value for proof in self.proofs)


class Text(Struct, frozen=True):
    """One file at one tip: its commit, its blob."""

    commit: Oid
    blob: Oid


class Rewritten(Struct, frozen=True):
    """A home that dropped what it had published: the tips, and when this clone noticed."""

    old: Oid
    new: Oid
    when: str


class Home(Struct, frozen=True):
    """One contingent's home, with all that this clone has seen there.

    ``files`` are its owner's paths at the tip that speaks; ``ever`` each path of theirs that stood at any tip
    ever seen, with the latest of these; ``removed`` the paths that its own history took away, with the commit
    that did. ``copies`` are the files of others at the tip. ``answered`` and ``asked`` are moments: when the
    home last answered, and when it was last asked.
    """

    owner: ContingentId
    tip: Oid
    committed: datetime
    label: str
    files: Mapping[str, Oid]
    ever: Mapping[str, Text]
    removed: Mapping[str, Text]
    copies: Mapping[str, Oid]
    rewritten: tuple[Rewritten, ...] = ()
    asked: str = ""
    answered: str = ""


class Due(Struct, frozen=True):
    """A question that somebody was asked and has not answered: its id, its file, when it was due."""

    to: ContingentId
    challenge: str
    path: str
    due: date


class Agreed(Struct, frozen=True):
    """A charter or roll as one ref has it; ``who`` is whose home that is, empty for a ref of this clone."""

    path: str
    blob: Oid
    ref: str
    who: str = ""


class Side(Struct, frozen=True):
    """One of the epochs into which a commons has split, and the statement that began it."""

    epoch: str
    statement: str


class Contradiction(Struct, frozen=True):
    """Different records that one voter or teller signed under one number, each with its carriers."""

    who: str
    statement: str
    what: str
    number: int
    records: tuple[tuple[str, tuple[str, ...]], ...]
    hint: str


class Votes(Struct, frozen=True):
    """What the votes of the commons come to, as far as an audit asks.

    ``founded`` are the blobs of every charter and roll that was ever in force by the chain of epochs.
    """

    founded: frozenset[Oid]
    agreed: tuple[Agreed, ...]
    split: tuple[Side, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()


class Network(Struct, frozen=True):
    """Everything that audits look at, read once.

    ``past`` tells every blob that ever stood at a path in any history of its owner's that was seen here; it
    is asked only about copies that differ. ``findings`` are those of ``check`` over the union.
    """

    homes: Mapping[ContingentId, Home]
    past: Callable[[ContingentId, str], frozenset[Oid]]
    findings: tuple[Finding, ...]
    promised: Mapping[ContingentId, frozenset[str]]
    unanswered: tuple[Due, ...]
    carriers: tuple[tuple[str, Oid, str], ...]
    """(path, blob, ref) of every signed record of a vote in every ref; the working tree is the empty ref."""
    today: date
    votes: Votes | None = None
    """None where this clone has pinned no genesis, or cannot find its files."""
    rated: Mapping[RaterId, tuple[int, ...]] = {}
    """For each rater the days, as ordinals, of what it rated: one for each work that is in view."""


Audit = Callable[[Network], "list[Charge]"]
