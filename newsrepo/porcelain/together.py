"""Who speaks from where in this clone, as a plan for the union: pins, tips that were fetched, homes here.

``plan`` is pure. ``Together`` reads what it needs of the clone, and keeps the plan in the index: with nothing
changed it costs reading the ledger and one lookup.
"""

import hashlib
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from newsrepo.commons.union import Home, Plan, Terms, Union
from newsrepo.gitstore.snapshot import Snapshot, Tip
from newsrepo.ids import ContingentId, Oid
from newsrepo.porcelain.homes import Clone, match_home, tips_digest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsrepo.commons import Index
    from newsrepo.gitstore.homestore import HomeStore
    from newsrepo.gitstore.ledger import Seen
    from newsrepo.gitstore.tree import TreeReader
    from newsrepo.porcelain.book import Book
    from newsrepo.records import types as t

_KEPT = msgspec.msgpack.Decoder(Plan)


def tip_of(seen: "Seen") -> Tip | None:
    """The last good tip of a home; None while it was never reached."""
    if seen.commit is None or seen.tree is None:
        return None
    return Tip(seen.commit, seen.tree, datetime.fromtimestamp(seen.committed, UTC))


def plan(
    book: "Book", charter: "t.Charter | None", homes: "Mapping[str, Seen]", clone: Clone, only: str = ""
) -> Plan:
    """The plan of a union: of everybody in the address book who is not at home here, the tip that speaks.

    A tip that was fetched from elsewhere than where the home is by now says nothing: its home was never
    reached.
    """
    from newsrepo.gitstore.addresses import Address
    from newsrepo.porcelain.homes import is_here
    from newsrepo.porcelain.pins import Terms as Place
    from newsrepo.porcelain.pins import in_force

    records = {who: page.record for who, page in book.items() if page.record is not None}
    whose = clone.contingent or match_home(clone.origin, records)
    own = msgspec.structs.replace(clone, contingent=whose)
    speak: list[Home] = []
    stale: list[ContingentId] = []
    terms: list[Terms] = []
    for who in sorted(book):
        page, seen = book[who], homes.get(who)
        force = in_force(page.pin(charter), seen)
        home = Address(force.terms.url, force.terms.branch) if force.terms.url else None
        if is_here(who, home, own):
            continue
        tip = tip_of(seen) if seen is not None else None
        if seen is None or tip is None or not Place(seen.url, seen.branch).at_home(force.terms):
            stale.append(who)
        else:
            speak.append(Home(who, tip))
        record = records.get(who)
        if force.signed is not None:
            terms.append(Terms(who, force.terms.url, force.terms.branch or None, force.terms.keys))
        elif record is not None:
            terms.append(Terms(who, record.home, record.branch, record.keys))
        else:
            terms.append(Terms(who))
    return Plan(tuple(speak), tuple(stale), tuple(terms), only)


class Together:
    """What was fetched into one clone, and the union that it makes with a working tree."""

    def __init__(self, store: "HomeStore", homes: "Mapping[str, Seen]", index: "Index") -> None:
        self.store = store
        self.homes = homes
        self._index = index

    @cached_property
    def _trees(self) -> "TreeReader":
        from newsrepo.gitstore.tree import TreeReader

        return TreeReader(self.store.objects)

    def union(self, own: Snapshot, clone: Clone, only: str = "") -> Snapshot:
        """The union over what one has here; ``own`` itself where nobody else speaks."""
        key = hashlib.sha256(msgspec.json.encode([own.key, tips_digest(self.homes), clone, only])).hexdigest()
        made = _KEPT.decode(self._index.kept("plan", key, lambda: self._plan(own, clone, only)))
        if not made.homes and not only:
            return own
        return Union(own, made, self._trees, self.store.objects)

    def _plan(self, own: Snapshot, clone: Clone, only: str) -> bytes:
        from newsrepo.porcelain.book import book

        made = plan(book(own.entries, own.read), charter_in(own), self.homes, clone, only)
        return msgspec.msgpack.encode(made)

    def holds(self, commit: Oid) -> bool:
        """Whether this was ever the tip of a home."""
        if any(seen.commit == commit for seen in self.homes.values()):
            return True
        return any(commit in self.store.seen(ContingentId(who)) for who in self.homes)

    def named(self, name: str) -> Snapshot | None:
        """What ``C`` or ``C@8hex`` names: that home's last tip, or any ever seen there; None for neither."""
        who, _, short = name.partition("@")
        seen = self.homes.get(who)
        tip = tip_of(seen) if seen is not None else None
        if tip is None or (short and not tip.commit.startswith(short)):
            found = [c for c in self.store.seen(ContingentId(who)) if c.startswith(short)] if short else []
            if len(found) != 1:
                return None
            tip = self.store.tip(found[0])
        return self.store.at(f"{who}@{tip.commit[:8]}", tip)


def charter_in(own: Snapshot) -> "t.Charter | None":
    """The charter of a tree; None if it is missing or broken."""
    from newsrepo.ids import Kind
    from newsrepo.records import parse
    from newsrepo.records import types as t
    from newsrepo.records.text import MAX_TEXT

    for entry in own.entries:
        if entry.path == "newsrepo.yaml":
            (blob,) = own.read([entry.oid], MAX_TEXT)
            record = None if blob.data is None else parse(Kind.CHARTER, blob.data, entry.path).record
            return record if isinstance(record, t.Charter) else None
    return None
