"""A text under repair that still knows on which line of its source each part stood."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, NamedTuple

from newsrepo.records.markup import MARKDOWN


class Edit(NamedTuple):
    """Replace the characters from ``start`` up to ``end``."""

    start: int
    end: int
    text: str


class Event(NamedTuple):
    """One Markdown event; ``kind`` is its tag's name, ``start`` and ``end`` count characters."""

    phase: str
    kind: str
    start: int
    end: int
    data: Any


class Traced:
    """A text with the way back to where its characters came from."""

    def __init__(self, text: str, first_line: int = 1) -> None:
        self.text = text
        self._source = text
        self._first = first_line
        self._breaks: list[int] | None = None
        # Runs of (offset here, offset in the source, whether the characters are the source's own).
        self._runs: list[tuple[int, int, bool]] = [(0, 0, True)]

    def _origin(self, offset: int) -> int:
        here, source, own = self._runs[max(0, bisect_right(self._runs, (offset, 1 << 60)) - 1)]
        return source + (offset - here) if own else source

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column in the source file, counting from 1."""
        if self._breaks is None:
            self._breaks = [i for i, char in enumerate(self._source) if char == "\n"]
        origin = self._origin(offset)
        before = bisect_right(self._breaks, origin - 1)
        start = self._breaks[before - 1] + 1 if before else 0
        return self._first + before, origin - start + 1

    def edit(self, edits: Sequence[Edit]) -> "Traced":
        """A new text with the edits made; of edits that overlap the later ones are left out."""
        new = Traced(self._source, self._first)
        new._breaks = self._breaks
        parts: list[str] = []
        runs: list[tuple[int, int, bool]] = []
        size = at = 0

        def keep(until: int) -> None:
            nonlocal size, at
            if until <= at:
                return
            runs.append((size, self._origin(at), self._is_own(at)))
            first = bisect_right(self._runs, (at, 1 << 60))
            for here, source, own in self._runs[first:]:
                if here >= until:
                    break
                runs.append((size + here - at, source, own))
            parts.append(self.text[at:until])
            size += until - at
            at = until

        for edit in sorted(edits, key=lambda e: (e.start, e.end)):
            if edit.start < at:
                continue
            keep(edit.start)
            if edit.text:
                runs.append((size, self._origin(edit.start), False))
                parts.append(edit.text)
                size += len(edit.text)
            at = edit.end
        keep(len(self.text))
        new.text = "".join(parts)
        new._runs = runs or [(0, 0, True)]
        return new

    def _is_own(self, offset: int) -> bool:
        return self._runs[max(0, bisect_right(self._runs, (offset, 1 << 60)) - 1)][2]


def events(text: str) -> list[Event]:
    """The Markdown events of a text, with offsets in characters."""
    to_char: list[int] | None = None
    if not text.isascii():
        to_char = []
        for index, char in enumerate(text):
            to_char += [index] * len(char.encode())
        to_char.append(len(text))
    found = []
    for event, span in MARKDOWN.events_with_range(text):
        start, end = span["start"], span["end"]
        if to_char is not None:
            start, end = to_char[start], to_char[end]
        if isinstance(event, str):
            found.append(Event("", event, start, end, None))
            continue
        pair: tuple[str, Any] = next(iter(event.items()))
        name, value = pair
        if name in ("Start", "End"):
            kind = value if isinstance(value, str) else next(iter(value))
            data = None if isinstance(value, str) else value[kind]
            found.append(Event(name, kind, start, end, data))
        else:
            found.append(Event("", name, start, end, value))
    return found
