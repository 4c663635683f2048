"""Where a quoted passage stands in a text: word for word, nearly so, changed meanwhile, or not any more.

First as written. Then by its folded words, so that case, quote marks, dashes, blanks, line breaks and
Markdown's marks make no difference. Then by the words that it shares, in their order, with the stretch of the
text that is most like it. The work is bounded in proportion to text and quote, whatever they hold.
"""

from array import array
from collections import Counter
from enum import StrEnum
from functools import cached_property

from msgspec import Struct

from newsrepo.credit.aligning import Meter, align
from newsrepo.credit.folding import folded, places

LIKE = (3, 5)
"""A stretch is the passage, changed, if it holds at least this part of its words, in order."""

FEWEST = 4
"""Passages of fewer words are not looked for in a changed form: they would be found anywhere."""

_GAP = 4
"""How many words may be put in between two of a passage's at its ends, before they count as elsewhere."""

STEPS = 3_000_000
"""The work that may be spent on changed passages of one text, in words looked at."""


class State(StrEnum):
    """What became of a quoted passage. ``UNSOUGHT``: text or questions are beyond all measure."""

    EXACT = "exact"
    SAME = "same"
    CHANGED = "changed"
    GONE = "gone"
    UNSOUGHT = "unsought"

    @property
    def stands(self) -> bool:
        """Whether the passage is there in its own words."""
        return self in (State.EXACT, State.SAME)


class Found(Struct, frozen=True):
    """Where a passage stands, in characters of the text, and its words there; -1 and no words: nowhere."""

    state: State
    start: int = -1
    end: int = -1
    text: str = ""


class Passages:
    """One text in which many passages are looked for; folded once, when first needed."""

    def __init__(self, text: str, steps: int = STEPS) -> None:
        self._text = text
        self._meter = Meter(steps)

    @cached_property
    def _folded(self) -> str:
        return f" {' '.join(self._words)} "

    @cached_property
    def _words(self) -> list[str]:
        return folded(self._text).split()

    @cached_property
    def _places(self) -> list[tuple[int, int]]:
        return places(self._text)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {word: number for number, word in enumerate(dict.fromkeys(self._words))}

    @cached_property
    def _numbered(self) -> "array[int]":
        return array("l", map(self._numbers.__getitem__, self._words))

    def holds(self, quote: str) -> bool:
        """Whether ``quote`` stands in its own words."""
        return self.find(quote, changed=False).state.stands

    def find(self, quote: str, *, changed: bool = True) -> Found:
        """Where ``quote`` stands: of several places the first, of several like it the most like it.

        Unless ``changed`` is false, that may be in other words.
        """
        quote = quote.strip()
        start = self._text.find(quote) if quote else -1
        if start >= 0:
            return Found(State.EXACT, start, start + len(quote), quote)
        words = folded(quote).split()
        if not words:
            return Found(State.GONE)
        at = self._folded.find(f" {' '.join(words)} ")
        if at >= 0:
            first = self._folded.count(" ", 0, at)
            return self._stretch(State.SAME, first, first + len(words))
        return self._changed(words) if changed else Found(State.GONE)

    def _changed(self, words: list[str]) -> Found:
        size = len(words)
        if size < FEWEST:
            return Found(State.GONE)
        if not self._meter.take(len(self._words) + size):
            return Found(State.UNSOUGHT)
        wanted = [self._numbers.get(word, -1) for word in words]
        start, shared = self._most_alike(wanted)
        least, of = LIKE
        if shared * of < size * least:
            return Found(State.GONE)
        # Words may have been put in, so the stretch is looked at with room to spare on either side.
        low, high = max(0, start - size // 2), min(len(self._words), start + size + size // 2)
        pairs = _close(sorted(align(wanted, self._numbered[low:high], Meter(STEPS))))
        if len(pairs) * of < size * least:
            return Found(State.GONE)
        return self._stretch(State.CHANGED, low + pairs[0][1], low + pairs[-1][1] + 1)

    def _most_alike(self, wanted: list[int]) -> tuple[int, int]:
        """The first stretch as long as the passage that shares the most words with it, and how many."""
        size = len(wanted)
        left = Counter(wanted)
        del left[-1]
        text = self._numbered
        shared = best = where = 0
        for end, word in enumerate(text):
            if word in left:
                left[word] -= 1
                shared += left[word] >= 0
            if end >= size and (gone := text[end - size]) in left:
                left[gone] += 1
                shared -= left[gone] > 0
            if shared > best:
                best, where = shared, max(0, end - size + 1)
        return where, best

    def _stretch(self, state: State, first: int, end: int) -> Found:
        """The words from ``first`` to before ``end`` as they stand in the text."""
        start, stop = self._places[first][0], self._places[end - 1][1]
        return Found(state, start, stop, self._text[start:stop])


def _close(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pairs in order without those at either end that only stand far from the rest, as small words do."""
    first, last = 0, len(pairs)
    while last - first > 1 and _apart(pairs[first], pairs[first + 1]):
        first += 1
    while last - first > 1 and _apart(pairs[last - 2], pairs[last - 1]):
        last -= 1
    return pairs[first:last]


def _apart(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return other[1] - one[1] > other[0] - one[0] + _GAP
