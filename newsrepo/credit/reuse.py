"""Uncredited reuse: passages that works of two contingents share, with no credit between these in any way.

Fingerprints say which works to compare (``suspects``); the words themselves say what they share (``runs``).
What is left is told: shared words that neither work marks as a quotation of the other, and that stand in no
source which credit explains. Who took it from whom is not asked here (see ``origin``).
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property

from msgspec import Struct

from newsrepo.commons.model import Work
from newsrepo.commons.words import spaced
from newsrepo.credit.cited import Texts
from newsrepo.credit.folding import places, words
from newsrepo.credit.lineage import Lineages
from newsrepo.credit.quotations import marked
from newsrepo.credit.runs import Run, shared_runs
from newsrepo.credit.stories import stories
from newsrepo.credit.suspects import LONG, Prints, suspects
from newsrepo.credit.winnowing import GRAM, RUN, picks
from newsrepo.ids import ArticleId, ContingentId, Oid

MAX_PASSAGES = 20
"""How many passages of one pair are told, the longest."""

MAX_SOURCES = 10
"""In how many credited texts a passage is looked for."""

MAX_WORDS = 4_000_000
"""How many words of two contingents are compared, those with most in common first."""

Bodies = Callable[[Sequence[Oid]], Mapping[Oid, str]]
"""Given blob ids of Markdown files, the bodies of those that can be read."""


class Passage(Struct, frozen=True, array_like=True):
    """``words`` in a row that both texts hold: where in each body they begin and end, in characters."""

    words: int
    one: tuple[int, int]
    other: tuple[int, int]


class Side(Struct, frozen=True, array_like=True):
    """One of two works: at which version, how many words it has, and how many of these the other has too."""

    work: ArticleId
    version: Oid
    words: int
    shared: int


class Reuse(Struct, frozen=True, array_like=True):
    """Two works of different contingents, in order of id, and their passages in the order of ``one``.

    ``passages`` are all, or the longest ``MAX_PASSAGES``. ``cut``: the texts repeat themselves so much that
    there may be more.
    """

    one: Side
    other: Side
    passages: tuple[Passage, ...]
    cut: bool


class Found(Struct, frozen=True, array_like=True):
    """Every pair, in order, and of which contingents how many more pairs of works were not compared."""

    pairs: tuple[Reuse, ...]
    left: tuple[tuple[ContingentId, ContingentId, int], ...]


def reuses(works: Mapping[ArticleId, Work], prints: Prints, texts: Texts, bodies: Bodies) -> Found:
    """All uncredited reuse among the works that have prints. Equal files give equal answers."""
    credit = Lineages(works, texts)
    told = stories(works)
    suspected = suspects(prints, credit.settled, told.root_of, lambda work: _rank(works[work]))
    reader = _Reader(bodies)
    comparing = _Comparing(works, credit, reader, suspected.wide)
    left = {(one, other): count for one, other, count in suspected.left}
    spent: dict[tuple[ContingentId, ContingentId], int] = {}
    found = []
    # Those with most in common first, so that no heap of small fry uses up what may be compared.
    for (one, other), values in sorted(suspected.pairs, key=lambda item: (-len(item[1]), item[0])):
        owners = (works[one].owner, works[other].owner)
        if spent.get(owners, 0) > MAX_WORDS:
            left[owners] = left.get(owners, 0) + 1
            continue
        spent[owners] = spent.get(owners, 0) + works[one].words + works[other].words
        pair = comparing.compare(one, other, values)
        if pair is not None:
            found.append(pair)
    found.sort(key=lambda pair: (pair.one.work, pair.other.work))
    return Found(tuple(found), tuple((*owners, count) for owners, count in sorted(left.items())))


def _rank(work: Work) -> tuple[str, str]:
    return (work.date.at.isoformat(), work.id)


class Text:
    """One body in folded words; where they stand is worked out only for texts that share something."""

    def __init__(self, body: str) -> None:
        self.body = body
        self.words = words(body)
        self.seeds = picks(self.words)

    @cached_property
    def places(self) -> list[tuple[int, int]]:
        """Where each word begins and ends, in characters of the body."""
        return places(self.body)

    @cached_property
    def quoted(self) -> bytearray:
        """For each word, whether it stands in a marked quotation."""
        found = bytearray(len(self.words))
        at = 0
        for start, end in marked(self.body):
            while at < len(found) and self.places[at][0] < start:
                at += 1
            while at < len(found) and self.places[at][0] < end:
                found[at] = 1
                at += 1
        return found


class _Reader:
    """Reads each text once, and keeps the last ones."""

    def __init__(self, bodies: Bodies) -> None:
        self._bodies = bodies
        self._kept: dict[Oid, Text] = {}

    def get(self, version: Oid) -> Text | None:
        text = self._kept.pop(version, None)
        if text is None:
            body = self._bodies([version]).get(version)
            if body is None:
                return None
            text = Text(body)
        self._kept[version] = text
        if len(self._kept) > 200:
            del self._kept[next(iter(self._kept))]
        return text


class _Comparing:
    def __init__(
        self, works: Mapping[ArticleId, Work], credit: Lineages, reader: _Reader, wide: frozenset[int]
    ) -> None:
        self._works = works
        self._credit = credit
        self._reader = reader
        self._wide = wide

    def compare(self, one: ArticleId, other: ArticleId, values: frozenset[int]) -> Reuse | None:
        a, b = self._reader.get(self._works[one].version), self._reader.get(self._works[other].version)
        if a is None or b is None:
            return None
        seeds = (a.seeds, b.seeds)
        rare = shared_runs(a.words, b.words, seeds, RUN, values - self._wide)
        runs, cut = [run for run in rare.runs if not self._is_phrase(run, b)], rare.cut
        if not values.isdisjoint(self._wide):
            long = shared_runs(a.words, b.words, seeds, LONG, values)
            runs = sorted({*runs, *long.runs}, key=lambda run: (run.other, run.one))
            cut = cut or long.cut
        if not runs:
            return None
        free = self._free(self._works[one], self._works[other], (a, b), runs)
        passages = [
            Passage(
                run.size,
                (a.places[run.one][0], a.places[run.one + run.size - 1][1]),
                (b.places[run.other][0], b.places[run.other + run.size - 1][1]),
            )
            for run in free
        ]
        if not passages:
            return None
        passages.sort(key=lambda passage: (-passage.words, passage.one, passage.other))
        told = sorted(passages[:MAX_PASSAGES], key=lambda passage: (passage.one, passage.other))
        return Reuse(
            Side(one, self._works[one].version, len(a.words), _covered((r.one, r.size) for r in free)),
            Side(other, self._works[other].version, len(b.words), _covered((r.other, r.size) for r in free)),
            tuple(told),
            cut,
        )

    def _is_phrase(self, run: Run, text: Text) -> bool:
        """Whether a short run is mostly common: at the edges of a phrase it depends on what stands around it
        which grams are kept, so that a few of them do not seem to be as wide as the others."""
        if run.size >= LONG or not self._wide:
            return False
        first = bisect_left(text.seeds, (run.other, -1))
        last = bisect_left(text.seeds, (run.other + run.size - GRAM + 1, -1))
        inside = [value in self._wide for _, value in text.seeds[first:last]]
        return 2 * sum(inside) >= len(inside)

    def _free(self, one: Work, other: Work, texts: tuple[Text, Text], runs: Sequence[Run]) -> list[Run]:
        """The parts of the runs that no quotation and no credited source explains."""
        b = texts[1]
        runs = list(_pieces(runs, _explained_by_marks(one, other, texts, runs), b.words))
        for text in self._sources(one, other):
            if not runs:
                break
            held = bytearray(len(b.words))
            for run in shared_runs(text.words, b.words, (text.seeds, b.seeds), RUN).runs:
                held[run.other : run.other + run.size] = b"\1" * run.size
            runs = list(_pieces(runs, [held[r.other : r.other + r.size] for r in runs], b.words))
        return runs

    def _sources(self, one: Work, other: Work) -> Iterator[Text]:
        """Texts that explain what two works share: those that both credit, as cited; and as they stand now,
        those that one of them credits."""
        first, second = self._credit.of(one.id), self._credit.of(other.id)
        wanted: dict[Oid, None] = {}
        for article in sorted(first.keys() & second.keys()):
            wanted.update(dict.fromkeys(sorted(first[article] | second[article])))
        for article in sorted(first.keys() | second.keys()):
            if article in self._works:
                wanted[self._works[article].version] = None
        for version in list(wanted)[:MAX_SOURCES]:
            text = self._reader.get(version)
            if text is not None:
                yield text


def _explained_by_marks(
    one: Work, other: Work, texts: tuple[Text, Text], runs: Sequence[Run]
) -> list[bytearray]:
    """For each run, which of its words are marked as a quotation whose source is named."""
    a, b = texts
    from_other, from_one = _names(one, other), _names(other, one)
    both = _outside(one) & _outside(other)
    found = []
    for run in runs:
        here = bytearray(run.size)
        in_one = a.quoted[run.one : run.one + run.size] if from_other or both else here
        in_other = b.quoted[run.other : run.other + run.size] if from_one or both else here
        for at in range(run.size):
            if (
                (from_other and in_one[at])
                or (from_one and in_other[at])
                or (both and in_one[at] and in_other[at])
            ):
                here[at] = 1
        found.append(here)
    return found


def _names(work: Work, source: Work) -> bool:
    """Whether a work says where to find the other: by a link in its text, or by a credit to its page."""
    if source.id in work.links:
        return True
    return any(url.removesuffix(".html").endswith(f"/{source.id}") for url in _outside(work))


def _outside(work: Work) -> set[str]:
    return {credit.url for credit in work.credits if credit.url}


def _pieces(runs: Sequence[Run], explained: Sequence[bytearray], text: Sequence[str]) -> Iterator[Run]:
    """What is left of runs without the words explained: what is long enough still."""
    for run, gone in zip(runs, explained, strict=True):
        for start, end in _gaps(gone):
            if _long_enough(text[run.other + start : run.other + end]):
                yield Run(run.one + start, run.other + start, end - start)


def _gaps(gone: bytearray) -> Iterator[tuple[int, int]]:
    at = 0
    for stretch in gone.split(b"\1"):
        if stretch:
            yield at, at + len(stretch)
        at += len(stretch) + 1


def _long_enough(text: Sequence[str]) -> bool:
    """Whether words are as many as the guarantee says; a letter that stands for a word is half of one."""
    letters = sum(1 for word in text if not word.isascii() and len(word) == 1 and spaced(word) != word)
    return 2 * len(text) - letters >= 2 * RUN


def _covered(stretches: Iterator[tuple[int, int]]) -> int:
    """How many words stand in stretches of (start, size), each counted once."""
    total = end = 0
    for start, size in sorted(stretches):
        total += max(0, start + size - max(start, end))
        end = max(end, start + size)
    return total
