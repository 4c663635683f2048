"""The quick reading of rating files in the form that the writer gives them: no YAML parser at all.

A commons may hold millions of ratings, one to a line, but far fewer versions that are rated, and few
different days and sets of values. So a line is cut in two, and each half is understood once and remembered.
What this reading accepts, the builder reads alike (a test compares the two); whatever it does not know for
sure it leaves to the builder.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from newsrepo.records import types as t
from newsrepo.records.scalars import Day, ScalarError

_HEAD: Final = "ratings:"
# What stands before each rating; the list may be indented, as the writer does it, or not.
_STARTS: Final = ("\n  - {article: ", "\n- {article: ")
_MIDDLE: Final = ", date: "
_VALUES: Final = ", values: {"

_NO_DEVICE = "(?!(?:con|prn|aux|nul|com[0-9]|lpt[0-9])[/,:])"
_WORDS = "[a-z0-9]+(?:-[a-z0-9]+)*"
_ARTICLE = re.compile(
    rf"({_NO_DEVICE}{_WORDS}/[0-9]{{4}}/{_NO_DEVICE}{_WORDS}), version: ([0-9a-f]{{40}}(?:[0-9a-f]{{24}})?)"
)
_SAID = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}), values: \{([a-z0-9][^{}\n]*)\}"
    r"(?:, note: (?:'((?:[^'\n]|'')+)'|([^\W_](?:[^\n\t\\:#,?\[\]{}]*[^\s\\:#,?\[\]{}])?)))?\}"
)
_VALUE = re.compile(rf"({_NO_DEVICE}{_WORDS}(?:/{_NO_DEVICE}{_WORDS})?): (0|-?[1-9][0-9]{{0,3}})")
# Within this length no part of an id can be too long; longer ones are left to the builder.
_SURE_LENGTH: Final = 60
_MAX_NOTE: Final = 2000
# How many halves are remembered, and how long the values in one may be: together a bound on memory.
_REMEMBERED: Final = 1 << 16
_MAX_VALUES: Final = 300

Values = tuple[tuple[str, int], ...]


class Columns(NamedTuple):
    """The ratings of one file by columns, in the file's order.

    ``days`` are proleptic ordinals; ``marks`` point into ``shapes``, the different sets of values that the
    file holds, in the order in which they first come; ``notes`` by position.
    """

    articles: tuple[str, ...]
    versions: tuple[str, ...]
    days: tuple[int, ...]
    marks: list[int]
    shapes: list[Values]
    notes: dict[int, str]


class _Said(NamedTuple):
    """The second half of a line; ``shape`` is one object for all ratings with these values."""

    day: Day
    ordinal: int
    shape: Values
    note: str


class _Articles(dict[str, tuple[str, str] | None]):
    """First half of a line -> article and version; None for one that is not surely sound."""

    def __missing__(self, text: str) -> tuple[str, str] | None:
        match = _ARTICLE.fullmatch(text)
        if match is None or len(match[1]) > _SURE_LENGTH:
            return None
        found = self[text] = (match[1], match[2])
        return found


class _Sayings(dict[str, _Said | None]):
    """Second half of a line -> what it says; None for one that is not surely sound. Notes are not kept."""

    def __init__(self) -> None:
        super().__init__()
        self.shapes: dict[str, Values] = {}

    def __missing__(self, text: str) -> _Said | None:
        match = _SAID.fullmatch(text)
        if match is None or len(match[2]) > _MAX_VALUES:
            return None
        date, marks, single, bare = match.groups()
        when = _day(date)
        shape = self.shapes.get(marks) or _values(marks)
        if when is None or shape is None or len(single or bare or "") > _MAX_NOTE:
            return None
        self.shapes[marks] = shape
        note = single.replace("''", "'") if single else bare or ""
        said = _Said(*when, shape, note)
        if not note:
            self[text] = said
        return said


_articles = _Articles()
_sayings = _Sayings()


@lru_cache(maxsize=4096)
def _day(text: str) -> tuple[Day, int] | None:
    try:
        day = Day.parse(text)
    except ScalarError:
        return None
    return day, day.date.toordinal()


def _values(text: str) -> Values | None:
    found: list[tuple[str, int]] = []
    for part in text.split(", "):
        match = _VALUE.fullmatch(part)
        if match is None or len(match[1]) > _SURE_LENGTH:
            return None
        mark = int(match[2])
        if not -1000 <= mark <= 1000:
            return None
        found.append((match[1], mark))
    return tuple(found) if len(dict(found)) == len(found) else None


def _halves(text: str) -> tuple[list[tuple[str, str]], list[_Said]] | None:
    """Both halves of every line, or None when the file is not surely in this form."""
    start = next((start for start in _STARTS if text.startswith(start, len(_HEAD))), None)
    if start is None or text[-2:] != "}\n":
        return None
    head, *lines = text[:-1].split(start)
    firsts, _, seconds = zip(*[line.partition(_MIDDLE) for line in lines], strict=True)
    if len(_articles) > _REMEMBERED:
        _articles.clear()
    if len(_sayings) > _REMEMBERED or len(_sayings.shapes) > _REMEMBERED:
        _sayings.clear()
        _sayings.shapes.clear()
    articles = list(map(_articles.__getitem__, firsts))
    said = list(map(_sayings.__getitem__, seconds))
    if head != _HEAD or None in articles or None in said:
        return None
    if len(set(firsts)) != len(firsts):
        # One version was rated several times: on different days, or else the file is faulty.
        days = [one.ordinal for one in said if one is not None]
        if len(set(zip(firsts, days, strict=True))) != len(firsts):
            return None
    return articles, said  # type: ignore[return-value]  # no None is left in them, see above


def rating_columns(text: str) -> Columns | None:
    """Every rating of a file as the writer gives it, or None: then ``parse`` must read it.

    ``text`` has passed the text gate. Days are checked to exist, values to be within the format's bounds.
    """
    halves = _halves(text)
    if halves is None:
        return None
    articles, versions = zip(*halves[0], strict=True)
    _, days, values, notes = zip(*halves[1], strict=True)
    # By identity, which costs nothing to hash: equal sets of values are mostly one object.
    same = list(map(id, values))
    shapes = dict(zip(same, values, strict=True))
    places = dict(zip(shapes, range(len(shapes)), strict=True))
    return Columns(
        articles,
        versions,
        days,
        list(map(places.__getitem__, same)),
        list(shapes.values()),
        {place: note for place, note in enumerate(notes) if note} if any(notes) else {},
    )


def columns_of(record: t.Ratings) -> Columns:
    """The same of a record that was read in another way."""
    ratings = record.ratings
    values = [tuple(rating.values.items()) for rating in ratings]
    places = {shape: place for place, shape in enumerate(dict.fromkeys(values))}
    return Columns(
        tuple(rating.article for rating in ratings),
        tuple(rating.version for rating in ratings),
        tuple(rating.date.date.toordinal() for rating in ratings),
        [places[shape] for shape in values],
        list(places),
        {place: rating.note for place, rating in enumerate(ratings) if rating.note},
    )


def canonical_ratings(text: str) -> t.Ratings | None:
    """The record of such a file, or None: then the builder must read it."""
    halves = _halves(text)
    if halves is None:
        return None
    make = t.Rating
    return t.Ratings(
        ratings=tuple(
            [
                make(article=article, version=version, date=day, values=dict(shape), note=note or None)
                for (article, version), (day, _, shape, note) in zip(*halves, strict=True)
            ]
        )
    )


def rating_places(text: str) -> Callable[[Sequence[str | int]], tuple[int, int] | None] | None:
    """Tells line and column of a field, from 1, in such a file; None: then the builder must be asked.

    Fields are named as faults name them: ``("ratings", 3, "values", "accurate")``. ``text`` has passed the
    text gate.
    """
    if _halves(text) is None:
        return None
    lines = text.split("\n")[1:-1]

    def place(keys: Sequence[str | int]) -> tuple[int, int] | None:
        if len(keys) < 2 or keys[0] != "ratings" or not isinstance(keys[1], int):
            return None
        if not 0 <= keys[1] < len(lines):
            return None
        line = lines[keys[1]]
        start = line.index("{")
        match list(keys[2:]):
            case []:
                at = start
            case ["article" | "version" | "date" as field]:
                at = line.index(f"{field}: ") + len(field) + 2
            case ["values"]:
                at = line.index(_VALUES) + 2
            case ["values", axis]:
                begin = line.index(_VALUES) + len(_VALUES)
                named = f" {axis}: "
                found = f" {line[begin : line.index('}', begin)]}".find(named)
                if found < 0:
                    return None
                at = begin + found + len(named) - 1
            case _:
                return None
        return keys[1] + 2, at + 1

    return place
