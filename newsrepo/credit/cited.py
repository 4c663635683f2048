"""What exact texts say of themselves as to credit: the works as they stand, and texts kept as sources.

A text is known by its blob id alone, so that whoever keeps it, it says the same.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from msgspec import Struct

from newsrepo.commons.model import Work
from newsrepo.ids import ArticleId, Kind, Oid
from newsrepo.records import parse
from newsrepo.records import types as t
from newsrepo.records.scalars import Moment

Read = Callable[[Collection[Oid]], Iterable[tuple[Oid, bytes]]]
"""Given blob ids, those that can be read, with their bytes, in any order."""


class Cited(Struct, frozen=True):
    """One exact text of an article. ``license`` is empty where it states none."""

    title: str
    authors: tuple[t.Author, ...]
    license: str
    based_on: tuple[t.Derivation, ...]
    credits: tuple[t.Credit, ...]
    lang: str
    date: Moment
    status: t.Status


class Texts:
    """The texts at hand by blob id: every work as it stands, and every kept source that is an article."""

    def __init__(self, works: Mapping[ArticleId, Work], kept: Collection[Oid], read: Read) -> None:
        self._works = {work.version: work for work in works.values()}
        self._named: dict[str, frozenset[tuple[str, str]]] = {}
        self._older = dict(_older(sorted(set(kept) - self._works.keys()), read))

    def get(self, version: str) -> Cited | None:
        """What that text says; None when it is not at hand or is no article."""
        work = self._works.get(Oid(version))
        if work is None:
            return self._older.get(Oid(version))
        return Cited(
            work.title, work.authors, work.license, work.based_on, work.credits,
            work.lang, work.date, work.status,
        )  # fmt: skip

    def based_on(self, version: str) -> tuple[t.Derivation, ...]:
        """What that text says it is based on; nothing when it is not at hand."""
        found = self._works.get(Oid(version)) or self._older.get(Oid(version))
        return () if found is None else found.based_on

    def named(self, version: str) -> frozenset[tuple[str, str]]:
        """The same as pairs of article and version, without order."""
        found = self._named.get(version)
        if found is None:
            stated = self.based_on(version)
            found = self._named[version] = frozenset((d.article, d.version) for d in stated)
        return found


def _older(wanted: list[Oid], read: Read) -> Iterator[tuple[Oid, Cited]]:
    if not wanted:
        return
    for oid, data in read(wanted):
        found = parse(Kind.ARTICLE, data, "index.md").record
        if isinstance(found, t.Article):
            yield (
                oid,
                Cited(
                    found.title, found.authors, found.license or "", found.based_on, found.credits,
                    found.lang, found.date, found.status,
                ),
            )  # fmt: skip
