"""Who speaks from where: each contingent's home by the address book, and which homes the working tree is.

Pure: what it needs to know of a clone is a value (``Clone``). The union and ``sync`` ask the same functions,
so that nobody is both fetched and read from the working tree.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsrepo.gitstore.addresses import Address
    from newsrepo.gitstore.ledger import Seen
    from newsrepo.ids import ContingentId
    from newsrepo.records import types as t


class Clone(Struct, frozen=True):
    """What decides whose home a working tree is.

    ``contingent`` is whose clone it is, ``origin`` the address it was cloned from, ``branch`` the one checked
    out, ``default`` origin's own default branch. Empty: nobody's, none, detached, not known.
    """

    contingent: str = ""
    origin: str = ""
    branch: str = ""
    default: str = ""


def home_of(
    contingent: ContingentId,
    record: t.Contingent | None,
    charter: t.Charter | None,
    moved: Mapping[ContingentId, Address] | None = None,
) -> Address | None:
    """The home of a contingent by its file in the address book; None when it has none of its own or shared.

    ``moved`` are the homes that a signed change moved since they were pinned. Whoever names no home shares
    that of the commons, which the charter names, whether it is listed there as hosted or not. The address is
    as written: whoever fetches from it parses it first.
    """
    from newsrepo.gitstore.addresses import Address

    if moved is not None and contingent in moved:
        return moved[contingent]
    if record is not None and record.home:
        return Address(record.home, record.branch or "")
    if charter is not None and charter.home:
        return Address(charter.home)
    return None


def is_here(contingent: ContingentId, home: Address | None, clone: Clone) -> bool:
    """Whether the working tree speaks for a contingent: it has no home, owns the clone, or this is its home.

    Its home is here when it is where the clone came from and its branch is the one checked out. Where
    origin's default branch is not known, a home that names no branch is taken to be on the one checked out.
    """
    from newsrepo.gitstore.addresses import same_place

    if home is None or contingent == clone.contingent:
        return True
    if not clone.origin or not same_place(home.url, clone.origin):
        return False
    branch = home.branch or clone.default or clone.branch
    return bool(clone.branch) and branch == clone.branch


def homed_here(
    contingents: Mapping[ContingentId, t.Contingent],
    charter: t.Charter | None,
    clone: Clone,
    moved: Mapping[ContingentId, Address] | None = None,
) -> frozenset[ContingentId]:
    """The contingents of an address book that the working tree speaks for.

    It also speaks for whoever is not in the address book: nobody is pinned to speak in their place.
    """
    return frozenset(
        c for c, record in contingents.items() if is_here(c, home_of(c, record, charter, moved), clone)
    )


def tips_digest(homes: Mapping[str, Seen]) -> str:
    """Equal digests mean that the same tips were fetched from the same places, on the same terms."""
    said = [[who, s.url, s.branch, s.keys, s.pinned, s.signed, s.commit] for who, s in homes.items()]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def match_home(url: str, contingents: Mapping[ContingentId, t.Contingent]) -> str:
    """The one contingent whose home is ``url``, however it is reached; empty when none or several are.

    >>> match_home("git@example.org:abc/news.git", {})
    ''
    """
    from newsrepo.gitstore.addresses import same_place

    found = [c for c, record in sorted(contingents.items()) if record.home and same_place(record.home, url)]
    return found[0] if len(found) == 1 else ""
