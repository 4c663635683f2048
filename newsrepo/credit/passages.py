"""Two texts passage by passage: what stayed, what was changed in its words, moved, dropped or added.

A passage is what stands between blank lines (a fenced block is one). Folding lines anew changes nothing.
Equal texts in give equal answers out, and the work is bounded in proportion to the texts, whatever they hold.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from itertools import chain

from msgspec import Struct

from newsrepo.credit.aligning import Meter, Pair, align

STEPS_PER_WORD = 40
STEPS = 2_000_000
"""The work that may be spent: so much whatever the texts, and ``STEPS_PER_WORD`` for each of their words."""

_BAND = 8
_MATRIX = 2_500
_SHINGLE = 3
_COMMON = 4


class Fate(StrEnum):
    """What became of a passage."""

    SAME = "same"
    CHANGED = "changed"
    MOVED = "moved"
    DROPPED = "dropped"
    ADDED = "added"


class Piece(Struct, frozen=True):
    """Some words of a changed passage: the same on both sides, dropped from the old or added in the new."""

    fate: Fate
    text: str


class Passage(Struct, frozen=True):
    """One passage. ``old_at`` and ``new_at`` count passages from 1; 0 where it does not stand.

    ``pieces`` are the words of a passage that was changed, or changed and moved; empty for all others.
    """

    fate: Fate
    old: str
    new: str
    old_at: int
    new_at: int
    pieces: tuple[Piece, ...] = ()


class Comparison(Struct, frozen=True):
    """All passages in the order of the new text, the dropped ones where they stood. ``work`` counts steps."""

    passages: tuple[Passage, ...]
    work: int

    def count(self, fate: Fate) -> int:
        return sum(passage.fate is fate for passage in self.passages)

    @property
    def same(self) -> bool:
        """Whether both texts hold the same passages in the same order."""
        return all(passage.fate is Fate.SAME for passage in self.passages)

    @property
    def words(self) -> tuple[int, int]:
        """How many words were dropped and how many added. Moving a passage does neither."""
        dropped = added = 0
        for passage in self.passages:
            for piece in passage.pieces:
                dropped += _count(piece.text) if piece.fate is Fate.DROPPED else 0
                added += _count(piece.text) if piece.fate is Fate.ADDED else 0
            dropped += _count(passage.old) if passage.fate is Fate.DROPPED else 0
            added += _count(passage.new) if passage.fate is Fate.ADDED else 0
        return dropped, added


def passages(text: str) -> tuple[str, ...]:
    """A Markdown text in its passages, without the blank lines between them."""
    found: list[str] = []
    lines: list[str] = []
    fence = ""
    for line in text.split("\n"):
        bare = line.lstrip()
        if fence:
            if bare.startswith(fence) and not bare.strip(f"{fence[0]} \t"):
                fence = ""
        elif bare.startswith(("```", "~~~")):
            fence = bare[:3]
        elif not bare:
            if lines:
                found.append("\n".join(lines))
                lines = []
            continue
        lines.append(line.rstrip())
    if lines:
        found.append("\n".join(lines).rstrip("\n"))
    return tuple(found)


def compare(old: str, new: str) -> Comparison:
    """How ``new`` came from ``old``, as far as the texts alone can tell. Never fails."""
    return _Comparing(passages(old), passages(new)).run()


def abreast(old: str, new: str) -> Comparison:
    """Two texts in different languages: the first passage beside the first and so on, no words compared."""
    a, b = passages(old), passages(new)
    both = min(len(a), len(b))
    found = [Passage(Fate.CHANGED, a[n], b[n], n + 1, n + 1) for n in range(both)]
    found += [Passage(Fate.DROPPED, a[n], "", n + 1, 0) for n in range(both, len(a))]
    found += [Passage(Fate.ADDED, "", b[n], 0, n + 1) for n in range(both, len(b))]
    return Comparison(tuple(found), len(a) + len(b))


# Letters of scripts that put no blanks between words (kana, Han, Hangul, Thai, Lao) stand for themselves.
_ALONE = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af\u0e00-\u0eff"
_LETTERS = re.compile(f"[{_ALONE}]")
_TOKENS = re.compile(rf"\s+|[{_ALONE}]|[^\s{_ALONE}]+")


def tokens(text: str) -> list[str]:
    """A text in words, marks of punctuation and blanks, which joined together are the text again."""
    found: list[str] = []
    for chunk in _TOKENS.findall(text):
        if chunk.isalnum() or chunk.isspace():
            found.append(chunk)
            continue
        start, end = 0, len(chunk)
        while start < end and _is_mark(chunk[start]):
            start += 1
        while end > start and _is_mark(chunk[end - 1]):
            end -= 1
        found += chunk[:start]
        if start < end:
            found.append(chunk[start:end])
        found += chunk[end:]
    return found


def _is_mark(char: str) -> bool:
    return not char.isalnum() and unicodedata.category(char)[0] in "PS"


def _is_word(token: str) -> bool:
    return not token.isspace() and not (len(token) == 1 and _is_mark(token))


def _words(text: str) -> list[str]:
    """The words by which passages are told to resemble each other, marks left on them: this must be fast."""
    return tokens(text) if _LETTERS.search(text) else text.split()


def _count(text: str) -> int:
    return sum(map(_is_word, tokens(text)))


def _key(passage: str) -> str:
    """Equal for passages that say the same, however their lines are folded; in code, blanks count."""
    return passage if passage.startswith(("```", "~~~", "    ", "\t")) else " ".join(passage.split())


class _Comparing:
    """One comparison under way."""

    def __init__(self, old: tuple[str, ...], new: tuple[str, ...]) -> None:
        self.old, self.new = old, new
        numbers: dict[str, int] = {}
        self.a = [numbers.setdefault(_key(text), len(numbers)) for text in old]
        self.b = [numbers.setdefault(_key(text), len(numbers)) for text in new]
        self.bags_a: dict[int, Counter[str]] = {}
        self.bags_b: dict[int, Counter[str]] = {}
        size = sum(text.count(" ") + 1 for text in (*old, *new))
        self.meter = Meter(STEPS + STEPS_PER_WORD * size)

    def run(self) -> Comparison:
        spine = align(self.a, self.b, self.meter)
        kept_a, kept_b = {i for i, _ in spine}, {j for _, j in spine}
        left_a = [i for i in range(len(self.a)) if i not in kept_a]
        left_b = [j for j in range(len(self.b)) if j not in kept_b]
        moved = self._moved_whole(left_a, left_b)
        left_a, left_b = _without(left_a, left_b, moved)
        changed = self._changed(spine, left_a, left_b)
        left_a, left_b = _without(left_a, left_b, changed)
        moved += self._moved_and_changed(left_a, left_b)
        left_a, left_b = _without(left_a, left_b, moved)
        found = [*self._told(spine, changed, moved, left_a, left_b)]
        return Comparison(tuple(found), self.meter.spent)

    def _moved_whole(self, left_a: list[int], left_b: list[int]) -> list[Pair]:
        there: dict[int, list[int]] = {}
        for i in reversed(left_a):
            there.setdefault(self.a[i], []).append(i)
        return [(there[item].pop(), j) for j in left_b if there.get(item := self.b[j])]

    def _changed(self, spine: list[Pair], left_a: list[int], left_b: list[int]) -> list[Pair]:
        """Passages that resemble each other between the same two that stayed, in order."""
        found: list[Pair] = []
        x = y = 0
        for i, j in [*spine, (len(self.a), len(self.b))]:
            some_a, some_b = x, y
            while x < len(left_a) and left_a[x] < i:
                x += 1
            while y < len(left_b) and left_b[y] < j:
                y += 1
            if some_a < x and some_b < y:
                found += self._alike(left_a[some_a:x], left_b[some_b:y])
        return found

    def _alike(self, some_a: list[int], some_b: list[int]) -> list[Pair]:
        """Pairs in order, so that they have the most words in common altogether; in large gaps, nearby."""
        n, m = len(some_a), len(some_b)
        if n * m > _MATRIX:
            return self._alike_nearby(some_a, some_b)
        common = [[self._common(i, j) for j in some_b] for i in some_a]
        best = [[0] * (m + 1) for _ in range(n + 1)]
        for x in range(n - 1, -1, -1):
            for y in range(m - 1, -1, -1):
                both = common[x][y] + best[x + 1][y + 1] if common[x][y] else 0
                best[x][y] = max(both, best[x + 1][y], best[x][y + 1])
        found = []
        x = y = 0
        while x < n and y < m:
            if common[x][y] and best[x][y] == common[x][y] + best[x + 1][y + 1]:
                found.append((some_a[x], some_b[y]))
                x, y = x + 1, y + 1
            elif best[x][y] == best[x + 1][y]:
                x += 1
            else:
                y += 1
        return found

    def _alike_nearby(self, some_a: list[int], some_b: list[int]) -> list[Pair]:
        n, m = len(some_a), len(some_b)
        found = []
        free = 0
        for x, i in enumerate(some_a):
            middle = x * m // n
            window = range(max(free, middle - _BAND), min(m, middle + _BAND + 1))
            scores = [(self._common(i, some_b[y]), -y) for y in window]
            best, at = max(scores, default=(0, 0))
            if best:
                found.append((i, some_b[-at]))
                free = 1 - at
        return found

    def _common(self, i: int, j: int) -> int:
        """How many words two passages share if that is half of them or more; otherwise 0."""
        one, other = self._bag(self.bags_a, self.old, i), self._bag(self.bags_b, self.new, j)
        if not self.meter.take(min(len(one), len(other)) + 1):
            return 0
        shared = sum([min(one[word], other[word]) for word in one.keys() & other.keys()])
        return shared if 4 * shared >= one.total() + other.total() else 0

    def _bag(self, bags: dict[int, Counter[str]], texts: Sequence[str], at: int) -> Counter[str]:
        bag = bags.get(at)
        if bag is None:
            words = _words(texts[at])
            bag = bags[at] = Counter(words)
            self.meter.spent += len(words)
        return bag

    def _moved_and_changed(self, left_a: list[int], left_b: list[int]) -> list[Pair]:
        """Passages elsewhere that share runs of words, each paired with the one that shares the most."""
        if not left_a or not left_b:
            return []
        runs_a = [self._runs(self.old[i]) for i in left_a]
        runs_b = [self._runs(self.new[j]) for j in left_b]
        if set().union(*runs_a).isdisjoint(chain.from_iterable(runs_b)):
            return []
        where: dict[tuple[str, ...], list[int]] = {}
        for j, runs in zip(left_b, runs_b, strict=True):
            for run in runs:
                there = where.setdefault(run, [])
                if len(there) <= _COMMON:
                    there.append(j)
        found = []
        taken: set[int] = set()
        for i, runs in zip(left_a, runs_a, strict=True):
            votes: Counter[int] = Counter()
            for run in runs:
                shared = where.get(run)
                if shared is not None and len(shared) <= _COMMON:  # what stands everywhere tells nothing
                    votes.update(shared)
            for j, _ in sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))[:_COMMON]:
                if j not in taken and self._common(i, j):
                    found.append((i, j))
                    taken.add(j)
                    break
        return found

    def _runs(self, text: str) -> list[tuple[str, ...]]:
        words = _words(text)
        self.meter.spent += len(words)
        return list(zip(*(words[at:] for at in range(_SHINGLE)), strict=False))

    def _told(
        self, spine: list[Pair], changed: list[Pair], moved: list[Pair], left_a: list[int], left_b: list[int]
    ) -> list[Passage]:
        rows: list[tuple[int, int, Passage]] = []  # ordered by the passage of the new text they precede
        steps = sorted([*spine, *changed])
        new_after = [j for _, j in steps]
        rows += [(j, 1, Passage(Fate.SAME, self.old[i], self.new[j], i + 1, j + 1)) for i, j in spine]
        rows += [(j, 1, self._told_apart(Fate.CHANGED, i, j)) for i, j in changed]
        rows += [(j, 1, self._told_apart(Fate.MOVED, i, j)) for i, j in moved]
        rows += [(j, 1, Passage(Fate.ADDED, "", self.new[j], 0, j + 1)) for j in left_b]
        at = 0
        for i in left_a:
            while at < len(steps) and steps[at][0] < i:
                at += 1
            before = new_after[at - 1] + 1 if at else 0
            rows.append((before, 0, Passage(Fate.DROPPED, self.old[i], "", i + 1, 0)))
        rows.sort(key=lambda row: row[:2])  # stable: the dropped keep the order they stood in
        return [passage for _, _, passage in rows]

    def _told_apart(self, fate: Fate, i: int, j: int) -> Passage:
        old, new = self.old[i], self.new[j]
        pieces = () if self.a[i] == self.b[j] else _pieces(old, new, self.meter)
        return Passage(fate, old, new, i + 1, j + 1, pieces)


def _without(left_a: list[int], left_b: list[int], pairs: list[Pair]) -> tuple[list[int], list[int]]:
    gone_a, gone_b = {i for i, _ in pairs}, {j for _, j in pairs}
    return [i for i in left_a if i not in gone_a], [j for j in left_b if j not in gone_b]


def _pieces(old: str, new: str, meter: Meter) -> tuple[Piece, ...]:
    """The words of two passages; between two changes, lone blanks and marks belong to the change."""
    numbers: dict[str, int] = {}
    a, b = tokens(old), tokens(new)
    pairs = align(
        [numbers.setdefault(" " if t.isspace() else t, len(numbers)) for t in a],
        [numbers.setdefault(" " if t.isspace() else t, len(numbers)) for t in b],
        meter,
    )
    meter.spent += len(a) + len(b)
    steady = _steady(a, b, pairs)
    found: list[Piece] = []
    x = y = at = 0
    while x < len(a) or y < len(b):
        start = at
        while at < len(steady) and steady[at] == (x, y):
            x, y, at = x + 1, y + 1, at + 1
        if at > start:
            found.append(Piece(Fate.SAME, "".join(b[y - (at - start) : y])))
        next_x, next_y = steady[at] if at < len(steady) else (len(a), len(b))
        if next_x > x:
            found.append(Piece(Fate.DROPPED, "".join(a[x:next_x])))
        if next_y > y:
            found.append(Piece(Fate.ADDED, "".join(b[y:next_y])))
        x, y = next_x, next_y
    return tuple(found)


def _steady(a: list[str], b: list[str], pairs: list[Pair]) -> list[Pair]:
    """The pairs without those runs between two changes that hold no word."""
    kept: list[Pair] = []
    run: list[Pair] = []
    end = (len(a), len(b))
    for pair in [*pairs, end]:
        if run and pair != (run[-1][0] + 1, run[-1][1] + 1):
            if run[0] == (0, 0) or any(_is_word(a[i]) for i, _ in run):
                kept += run
            run = []
        run.append(pair)
    run.pop()  # the end itself; what is left reaches up to it
    return kept + run
