"""What a change is, as the rules about changes see it: paths with what stood there and stands there now."""

from collections.abc import Callable, Iterable

from msgspec import Struct

from newsrepo.checks.model import Fault
from newsrepo.ids import ContingentId, Kind, Oid, is_name
from newsrepo.location import Finding
from newsrepo.records import types as t
from newsrepo.records.paths import Place, place


class Change(Struct, frozen=True):
    """One path under the record roots whose file came, went or became another; a move is one of each.

    ``place`` is None where no record may stand; ``owner`` is then whose folder it lies in, as far as the path
    tells.
    """

    path: str
    was: Oid | None
    now: Oid | None
    place: Place | None
    owner: ContingentId | None

    @property
    def kind(self) -> Kind | None:
        return None if self.place is None else self.place.kind

    @property
    def id(self) -> str:
        return "" if self.place is None else self.place.id


def change(path: str, was: Oid | None, now: Oid | None) -> Change:
    """The change at a path, with what its place says."""
    found = place(path)
    if isinstance(found, Finding) or found.kind is Kind.IGNORED:
        parts = path.split("/")
        owner = ContingentId(parts[1]) if len(parts) > 2 and is_name(parts[1]) else None
        return Change(path, was, now, None, owner)
    return Change(path, was, now, found, found.owner)


class Author(Struct, frozen=True):
    """Who brings a change: the name given, and the contingents whose pins name it.

    ``host``: whoever runs the repository, and may write for all that are hosted in it.
    """

    name: str = ""
    contingents: frozenset[ContingentId] = frozenset()
    host: bool = False


class Described(Struct, frozen=True):
    """A contingent's own file that came or changed: what it said (None: it was not there) and says now."""

    path: str
    owner: ContingentId
    before: t.Contingent | None
    after: t.Contingent


class Changeset(Struct, frozen=True):
    """A change as a whole, and what the branch that it is meant for says about it.

    ``owners`` is everybody who owns anything there, in the address book or by a path; ``hosted`` those who
    have no other home; ``enacted`` the blobs of the charters and rolls that statements there contain;
    ``voting`` whether it has a roll. Nothing of this is read from what the change brings; only ``described``,
    the contingents' files in it, is.
    """

    changes: tuple[Change, ...]
    author: Author | None = None
    owners: frozenset[ContingentId] = frozenset()
    hosted: frozenset[ContingentId] = frozenset()
    enacted: frozenset[Oid] = frozenset()
    voting: bool = False
    described: tuple[Described, ...] = ()


class ChangeRule(Struct, frozen=True):
    """One thing that must hold of a change. ``sentence`` says what is wrong when it does not."""

    id: str
    sentence: str
    find: Callable[[Changeset], Iterable[Fault]]
    others: tuple[str, ...] = ()
    """Rules that are found in the same pass."""
