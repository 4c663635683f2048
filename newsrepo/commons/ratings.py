"""The ratings of one view: each contingent's tally is kept by the digest of its files, and read when asked.

A million ratings fit no process comfortably, so single ratings are streamed from the index file, and what is
held is one axis' standings in flat arrays.
"""

import hashlib
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property, partial
from itertools import groupby
from typing import NamedTuple, Protocol, TypeVar

import msgspec

from newsrepo.commons import facts
from newsrepo.commons.counting import (
    Counting,
    Ranges,
    Tally,
    counting,
    in_range,
    once_each,
    rated_again,
    tally,
    valid,
)
from newsrepo.commons.groups import File, Group, Head
from newsrepo.commons.index import articles_key, load_files
from newsrepo.commons.lanes import Column, Lanes, Row, Sum, lanes, packed, unpacked
from newsrepo.commons.model import Given, Spoken, Standing, Work
from newsrepo.commons.store import PartMissingError, Store
from newsrepo.ids import ArticleId, AxisId, ContingentId, Kind, Oid, RaterId
from newsrepo.records.scalars import MILLION

T = TypeVar("T")


class Ask(Protocol):
    """Puts a question to the index about the view that these ratings are of."""

    def __call__(self, question: Callable[[Store, Head], T], /) -> T: ...


HELD_RATINGS = 200_000
"""How many single ratings are held at most for ``given``, about."""

_BATCH = 1 << 20
"""About how many bytes of ratings files ``every`` reads at once; a single rater's may be more."""

_STRAYS = 3
"""How many works of a block are looked up alone before all of it is read."""
_ALONE = 100


Read = list[tuple[Oid, facts.RatingsFact]]
"""The ratings in one rater's files, with their blob ids."""


class Said(NamedTuple):
    """What one contingent says on one axis: of current versions, and carried from others."""

    contingent: ContingentId
    current: Column
    carried: Column


_tally = msgspec.msgpack.Decoder(Tally)
_summary = msgspec.msgpack.Decoder(tuple[int, list[str]])
_names = msgspec.msgpack.Decoder(list[str])
_packed = msgspec.msgpack.Decoder(tuple[tuple[bytes, bytes, bytes], tuple[bytes, bytes, bytes]])
_sums = msgspec.msgpack.Decoder(tuple[bytes, ...])


_SILENCE = Tally([], [], [], [], {})


def _column(columns: tuple[bytes, bytes, bytes] = (b"", b"", b"")) -> Column:
    return Column(array("I", columns[0]), array("i", columns[1]), array("I", columns[2]))


def _pack(said: Said) -> bytes:
    return facts.pack([[c.tobytes() for c in column] for column in (said.current, said.carried)])


def _resolve(contingent: ContingentId, said: Tally, place: Mapping[str, tuple[int, str]]) -> Said:
    """Set a tally against the works of a view: their positions and current versions."""
    current, carried = _column(), _column()
    now = tuple(column.append for column in current)
    then = tuple(column.append for column in carried)
    heres = map(place.get, said.articles)
    for here, version, mean, raters in zip(heres, said.versions, said.means, said.raters, strict=True):
        if here is not None:
            add_work, add_mean, add_raters = now if here[1] == version else then
            add_work(here[0])
            add_mean(mean)
            add_raters(raters)
    for article, versions in said.mixed.items():
        here = place.get(article)
        if here is not None:
            column = current if here[1] in versions else carried
            mean, raters = versions.get(here[1], versions[""])
            column.works.append(here[0])
            column.means.append(mean)
            column.raters.append(raters)
    return Said(contingent, current, carried)


def _batches(files: Iterable[File]) -> Iterator[list[File]]:
    """Ordered files in parts of about ``_BATCH`` bytes, those of one rater together."""
    some: list[File] = []
    size = 0
    for _, own in groupby(files, lambda file: file.place.id):
        before = len(some)
        some += own
        size += sum(max(file.size, 1 << 10) for file in some[before:])
        if size >= _BATCH:
            yield some
            some, size = [], 0
    if some:
        yield some


class Ratings:
    """Implements ``RatingsView`` over the index."""

    def __init__(self, ask: Ask, works: Mapping[ArticleId, Work], ranges: Ranges, source: str = "") -> None:
        self._ask = ask
        self._source = source
        self._works = works
        self._ids = tuple(works)
        self._place: dict[str, tuple[int, str]] = {w: (n, works[w].version) for n, w in enumerate(self._ids)}
        self._ranges = ranges
        declared = repr(sorted(ranges.items()))
        self._ranges_key = hashlib.blake2b(declared.encode(), digest_size=8).hexdigest()
        self._axes: dict[AxisId, list[Said]] = {}
        self._lanes: dict[tuple[AxisId, int, bool], Lanes | None] = {}
        self._blocks: list[tuple[range, dict[ArticleId, tuple[Given, ...]]]] = []
        self._alone: dict[ArticleId, tuple[Given, ...]] = {}
        self._missed: Counter[range] = Counter()

    def standings(self, axis: AxisId, contingents: frozenset[ContingentId] | None) -> Iterator[Standing]:
        """Every standing on ``axis`` of the given contingents (None: all)."""
        for said in self._said(axis):
            if contingents is None or said.contingent in contingents:
                yield from self._standings(said)

    def standings_without(
        self, axis: AxisId, contingents: frozenset[ContingentId], raters: frozenset[RaterId]
    ) -> Iterator[Standing]:
        """See ``RatingsView.standings_without``. Only contingents of any of ``raters`` are counted anew."""
        silent: dict[ContingentId, list[RaterId]] = {}
        for rater in sorted(raters):
            silent.setdefault(ContingentId(rater.partition("/")[0]), []).append(rater)
        whole = contingents - silent.keys()
        if whole:
            yield from self.standings(axis, whole)
        for contingent in sorted(contingents & silent.keys()):
            without = frozenset(silent[contingent])
            yield from self._standings(self._ask(partial(self._load_without, axis, contingent, without)))

    def _standings(self, said: Said) -> Iterator[Standing]:
        for column, carried in ((said.current, False), (said.carried, True)):
            for position, mean, raters in zip(*column, strict=True):
                yield Standing(self._ids[position], said.contingent, mean, raters, carried)

    def sums(
        self, axis: AxisId, weights: Mapping[ContingentId, int], carry: int
    ) -> Iterator[tuple[ArticleId, int, int, int, int]]:
        """See ``RatingsView.sums``. What the first question of a process came to is kept for the next one."""
        if axis in self._axes:
            total = self._add_up(axis, weights, carry)
        else:
            asked = repr((axis, carry, sorted((name, w) for name, w in weights.items() if w > 0)))
            total = self._ask(lambda store, head: self._sums(store, head, asked, axis, weights, carry))
        for position, weight, weighted, raters, contingents in total:
            yield self._ids[position], weight, weighted, raters, contingents

    def _add_up(self, axis: AxisId, weights: Mapping[ContingentId, int], carry: int) -> Iterable[Row]:
        total = Sum(len(self._ids))
        for number, said in enumerate(self._said(axis)):
            given = weights.get(said.contingent, 0)
            for carried, each in ((False, given * MILLION), (True, given * carry)):
                if each > 0:
                    column = said.carried if carried else said.current
                    key = (axis, number, carried)
                    if key in self._lanes:  # asked again: now lanes are worth their making
                        self._lanes[key] = self._lanes[key] or lanes(column, len(self._ids))
                    total.add(column, self._lanes.setdefault(key, None), each)
        return total

    def _sums(
        self,
        store: Store,
        head: Head,
        asked: str,
        axis: AxisId,
        weights: Mapping[ContingentId, int],
        carry: int,
    ) -> Iterable[Row]:
        keys = [group.key for group in head.under("ratings")]
        everything = "\n".join([articles_key(head), self._ranges_key, asked, *keys])
        key = hashlib.blake2b(everything.encode(), digest_size=20).hexdigest()
        try:
            return unpacked(_sums.decode(store.part("sums", key)))
        except PartMissingError:
            rows = list(self._add_up(axis, weights, carry))
        with store.writing():
            store.add_part("sums", key, facts.pack(packed(rows)))
        return rows

    def rater_standings(self, axis: AxisId, raters: frozenset[RaterId]) -> Iterator[tuple[RaterId, Standing]]:
        """See ``RatingsView.rater_standings``."""
        for rater, read, _ in self._ask(lambda store, head: list(self._of(store, head, raters))):
            found = tally([read], self._ranges).get(axis)
            if found is not None:
                said = _resolve(ContingentId(rater.partition("/")[0]), found, self._place)
                for standing in sorted(self._standings(said), key=lambda s: s.work):
                    yield rater, standing

    def of_raters(self, axis: AxisId, raters: frozenset[RaterId]) -> Iterator[Given]:
        """See ``RatingsView.of_raters``."""
        for rater, read, paths in self._ask(lambda store, head: list(self._of(store, head, raters))):
            rows = [g for g in self._givens(rater, counting(read), paths) if g.axis == axis]
            yield from sorted(rows, key=lambda g: (g.work, g.day, g.version))

    def stamp(self, contingents: frozenset[ContingentId]) -> str:
        """What ``spoken`` says of these contingents' raters follows from this digest.

        It follows from their files, from which works are in view, and, where a rater rated a work more than
        once, from that work's current version: of all other works a new version makes no difference.
        """

        def question(store: Store, head: Head) -> str:
            groups = [g for g in head.under("ratings") if g.name.partition("/")[2] in contingents]
            again = {
                work for group in groups for work in self._rated_again(store, group)
            } & self._place.keys()
            versions = [f"{work} {self._place[work][1]}" for work in sorted(again)]
            return "\n".join([self._ranges_key, *(g.key for g in groups), "", *versions, "", *self._ids])

        return hashlib.blake2b(self._ask(question).encode(), digest_size=20).hexdigest()

    def _rated_again(self, store: Store, group: Group) -> list[str]:
        """Which works a rater of one contingent rated more than once, in order."""
        key = f"{group.key} again"
        try:
            return _names.decode(store.part("tally", key))
        except PartMissingError:
            pass
        raters = self._raters(store, load_files(store, Head((group,))))
        again = sorted({work for _, read, _ in raters for work in rated_again(read)})
        with store.writing():
            store.add_part("tally", key, facts.pack(again))
        return again

    def spoken(self) -> Iterator[tuple[RaterId, Spoken]]:
        """See ``RatingsView.spoken``. Raters are read one contingent at a time."""
        for group in self._ask(lambda _, head: tuple(head.under("ratings"))):
            yield from self._ask(partial(self._heard, group))

    def _heard(self, group: Group, store: Store, _: Head) -> list[tuple[RaterId, Spoken]]:
        files = load_files(store, Head((group,)))
        found = ((rater, self._says(read)) for rater, read, _ in self._raters(store, files))
        return [(rater, said) for rater, said in found if said]

    def _says(self, read: Read) -> Spoken:
        if once_each(read):
            return [
                (article, axis, value, day)  # type: ignore[misc]  # plain texts of the index are ids
                for _, fact in read
                for article, day, said in zip(
                    fact.articles,
                    fact.days,
                    map([in_range(shape, self._ranges) for shape in fact.shapes].__getitem__, fact.marks),
                    strict=True,
                )
                if article in self._place
                for axis, value in said
            ]
        latest: dict[tuple[str, str], tuple[bool, int, Oid, str, int]] = {}
        for (article, version), counted in counting(read).items():
            here = self._place.get(article)
            if here is not None:
                for axis, value in valid(counted, self._ranges):
                    new = (here[1] == version, counted.day, counted.oid, version, value)
                    latest[article, axis] = max(latest.get((article, axis), new), new)
        return [(ArticleId(a), AxisId(x), value, day) for (a, x), (_, day, _, _, value) in latest.items()]

    @property
    def amount(self) -> int:
        """How many ratings were given, those among them that count no more."""
        return self._ratings_in_all

    def every(self) -> Iterator[Given]:
        """Every counting rating of every version of a work in view; in order of contingent, rater, work,
        version, axis. Read a few raters at a time: whoever does not keep them holds no more than these."""
        for group in self._ask(lambda _, head: tuple(head.under("ratings"))):
            alone = Head((group,))
            files = self._ask(lambda store, _, alone=alone: load_files(store, alone))  # type: ignore[misc]  # a default is no argument of a question
            for some in _batches(sorted(files, key=lambda file: (file.place.id, file.place.path))):
                yield from self._ask(partial(self._every_of, some))

    def _every_of(self, files: list[File], store: Store, _: Head) -> list[Given]:
        return [
            given
            for rater, read, paths in self._raters(store, files)
            for given in sorted(
                self._givens(rater, counting(read), paths), key=lambda g: (g.work, g.version, g.axis)
            )
        ]

    def given(self, work: ArticleId) -> tuple[Given, ...]:
        """See ``RatingsView.given``.

        Asked for works that stand near each other it reads the ratings of many at once, and holds two such
        blocks: whoever goes through all works also asks for what each is based on.
        """
        here = self._place.get(work)
        if here is None:
            return ()
        for block, held in self._blocks:
            if here[0] in block:
                return held.get(work, ())
        if work not in self._alone:
            block = self._block(here[0])
            self._missed[block] += 1
            if self._missed[block] > _STRAYS:
                return self._read(block).get(work, ())
            if len(self._alone) >= _ALONE:
                self._alone.clear()
            wanted = frozenset([work])
            self._alone[work] = self._ask(partial(self._collect, wanted)).get(work, ())
        return self._alone[work]

    def _block(self, position: int) -> range:
        """The positions around this one whose ratings are about half as many as may be held."""
        total = max(1, self._ratings_in_all)
        size = max(1, len(self._ids) * HELD_RATINGS // (2 * total))
        start = position - position % size
        return range(start, min(start + size, len(self._ids)))

    def _read(self, block: range) -> dict[ArticleId, tuple[Given, ...]]:
        held = self._ask(partial(self._collect, frozenset(self._ids[block.start : block.stop])))
        self._blocks = [(block, held), *self._blocks[:1]]
        del self._missed[block]
        return held

    @cached_property
    def _ratings_in_all(self) -> int:
        return self._ask(self._count)

    # -- questions to the index --------------------------------------------------------------------------

    def _said(self, axis: AxisId) -> list[Said]:
        found = self._axes.get(axis)
        if found is None:
            found = self._ask(lambda store, head: self._load(store, head, axis))
            self._axes[axis] = found
        return found

    def _load(self, store: Store, head: Head, axis: AxisId) -> list[Said]:
        """The standings on one axis, as kept by contingent, or made from its tally and kept."""
        articles = articles_key(head)
        found: list[Said] = []
        fresh: list[tuple[str, bytes]] = []
        for group in head.under("ratings"):
            contingent = ContingentId(group.name.partition("/")[2])
            key = f"{group.key} {articles} {self._ranges_key} {axis}"
            try:
                now, then = _packed.decode(store.part("standings", key))
                said = Said(contingent, _column(now), _column(then))
            except PartMissingError:
                said = self._resolved(store, group, axis, contingent)
                fresh.append((key, _pack(said)))
            if said.current.works or said.carried.works:
                found.append(said)
        if fresh:
            with store.writing():
                for key, data in fresh:
                    store.add_part("standings", key, data)
        return found

    def _load_without(
        self, axis: AxisId, contingent: ContingentId, without: frozenset[RaterId], store: Store, head: Head
    ) -> Said:
        """What the other raters of one contingent say, as kept, or counted from their files and kept."""
        name = f"ratings/{contingent}"
        group = next((group for group in head.under("ratings") if group.name == name), None)
        if group is None:
            return Said(contingent, _column(), _column())
        names = hashlib.blake2b(" ".join(sorted(without)).encode(), digest_size=20).hexdigest()
        key = f"{group.key} {articles_key(head)} {self._ranges_key} {axis} -{names}"
        try:
            now, then = _packed.decode(store.part("standings", key))
            return Said(contingent, _column(now), _column(then))
        except PartMissingError:
            pass
        files = [file for file in load_files(store, Head((group,))) if file.place.id not in without]
        heard = (read for _, read, _ in self._raters(store, files))
        found = tally(heard, self._ranges).get(axis, _SILENCE)
        said = _resolve(contingent, found, self._place)
        with store.writing():
            store.add_part("standings", key, _pack(said))
        return said

    def _resolved(self, store: Store, group: Group, axis: AxisId, contingent: ContingentId) -> Said:
        if axis not in self._summary(store, group)[1]:
            return Said(contingent, _column(), _column())
        part = store.part("tally", f"{group.key} {self._ranges_key} {axis}")
        return _resolve(contingent, _tally.decode(part), self._place)

    def _summary(self, store: Store, group: Group) -> tuple[int, list[str]]:
        """How many ratings one contingent gave, and on which axes; makes its tallies if need be."""
        key = f"{group.key} {self._ranges_key}"
        try:
            return _summary.decode(store.part("tally", key))
        except PartMissingError:
            pass
        count = 0

        def raters() -> Iterator[Read]:
            nonlocal count
            for _, read, _ in self._raters(store, load_files(store, Head((group,)))):
                count += sum(len(fact.articles) for _, fact in read)
                yield read

        tallies = tally(raters(), self._ranges)
        summary = (count, sorted(tallies))
        with store.writing():
            for axis, said in tallies.items():
                store.add_part("tally", f"{key} {axis}", facts.pack(said))
            store.add_part("tally", key, facts.pack(summary))
        return summary

    def _count(self, store: Store, head: Head) -> int:
        return sum(self._summary(store, group)[0] for group in head.under("ratings"))

    def _raters(
        self, store: Store, files: Iterable[File], about: bytes = b""
    ) -> Iterator[tuple[RaterId, Read, dict[Oid, str]]]:
        """Rater by rater: what the files hold that speak ``about`` it, and the path of each blob."""
        ordered = [file for file in files if file.place.kind is Kind.RATINGS]
        kept = store.facts(Kind.RATINGS, [file.oid for file in ordered])
        pairs = zip(ordered, kept, strict=True)
        for rater, own in groupby(pairs, lambda pair: pair[0].place.id):
            read: Read = []
            paths: dict[Oid, str] = {}
            for file, fact in own:
                ratings = facts.ratings(fact) if about in fact else None
                if ratings is not None:
                    read.append((file.oid, ratings))
                    paths.setdefault(file.oid, file.place.path)
            yield RaterId(rater), read, paths

    def _of(
        self, store: Store, head: Head, raters: frozenset[RaterId]
    ) -> Iterator[tuple[RaterId, Read, dict[Oid, str]]]:
        names = {f"ratings/{rater.partition('/')[0]}" for rater in raters}
        wanted = Head(tuple(group for group in head.groups if group.name in names))
        yield from self._raters(store, [f for f in load_files(store, wanted) if f.place.id in raters])

    def _collect(
        self, wanted: frozenset[ArticleId], store: Store, head: Head
    ) -> dict[ArticleId, tuple[Given, ...]]:
        about = next(iter(wanted)).encode() if len(wanted) == 1 else b""
        found: dict[ArticleId, list[Given]] = {}
        for rater, read, paths in self._raters(store, load_files(store, head, "ratings"), about):
            for given in self._givens(rater, counting(read, wanted), paths):
                found.setdefault(given.work, []).append(given)
        for rows in found.values():
            rows.sort(key=lambda g: (g.axis, g.rater, g.day, g.version))
        return {work: tuple(rows) for work, rows in found.items()}

    @cached_property
    def _sources(self) -> Mapping[str, str]:
        """The ref that each contingent's ratings come from."""
        groups = self._ask(lambda _, head: tuple(head.under("ratings")))
        return {group.name.partition("/")[2]: group.source or self._source for group in groups}

    def _givens(self, rater: RaterId, best: Counting, paths: dict[Oid, str]) -> Iterator[Given]:
        source = self._sources.get(rater.partition("/")[0], self._source)
        for (article, version), counted in best.items():
            if article in self._place:
                day = date.fromordinal(counted.day)
                note = counted.fact.notes.get(counted.position, "")
                for axis, value in valid(counted, self._ranges):
                    yield Given(
                        ArticleId(article),
                        Oid(version),
                        rater,
                        AxisId(axis),
                        value,
                        day,
                        note,
                        paths[counted.oid],
                        source,
                    )
