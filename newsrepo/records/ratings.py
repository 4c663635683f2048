"""The quick reading of rating files in canonical form: one pattern for one line, no YAML parser at all.

A commons may hold millions of ratings, one to a line. What this reading accepts, the builder reads alike (a
test compares the two); whatever it does not know for sure it leaves to the builder.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from newsrepo.records import types as t
from newsrepo.records.scalars import Day, ScalarError

_HEAD = "ratings:\n"
_NO_DEVICE = "(?!(?:con|prn|aux|nul|com[0-9]|lpt[0-9])[/,:])"
_WORDS = "[a-z0-9]+(?:-[a-z0-9]+)*"
_LINE = re.compile(
    rf"^  - \{{article: ({_NO_DEVICE}{_WORDS}/[0-9]{{4}}/{_NO_DEVICE}{_WORDS}),"
    r" version: ([0-9a-f]{40}(?:[0-9a-f]{24})?),"
    r" date: ([0-9]{4}-[0-9]{2}-[0-9]{2}), values: \{([a-z0-9][^{}\n]*)\}"
    r"(?:, note: (?:'((?:[^'\n]|'')+)'|([^\W_](?:[^\n\t\\:#,?\[\]{}]*[^\s\\:#,?\[\]{}])?)))?\}\n",
    re.MULTILINE,
)
_VALUE = re.compile(rf"({_NO_DEVICE}{_WORDS}(?:/{_NO_DEVICE}{_WORDS})?): (0|-?[1-9][0-9]{{0,3}})")
# Within this length no part of an id can be too long; longer ones are left to the builder.
_SURE_LENGTH = 60
_MAX_NOTE = 2000

Values = tuple[tuple[str, int], ...]


class Row(NamedTuple):
    """One rating as plain values: ``values`` by axis, ``note`` empty when there is none."""

    article: str
    version: str
    date: str
    values: Values
    note: str


@lru_cache(maxsize=4096)
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


def _matches(text: str) -> list[tuple[str, ...]] | None:
    """The raw parts of every line, or None when the file is not surely in canonical form and order."""
    if not text.startswith(_HEAD):
        return None
    matches: list[tuple[str, ...]] = _LINE.findall(text, len(_HEAD))
    if not matches or len(matches) != text.count("\n") - 1:
        return None
    before: tuple[str, ...] = ()
    for match in matches:
        this = match[:3]
        if this <= before or len(match[0]) > _SURE_LENGTH:
            return None
        before = this
    if len(text) > _MAX_NOTE and any(
        len(match[4]) > _MAX_NOTE or len(match[5]) > _MAX_NOTE for match in matches
    ):
        return None
    return matches if text.endswith("\n") else None


def rating_rows(text: str) -> list[Row] | None:
    """Every rating of a canonical file as a Row, or None: then ``parse`` must read it.

    ``text`` has passed the text gate. Dates are checked to exist, values to be within the format's bounds.
    """
    matches = _matches(text)
    if matches is None:
        return None
    days, values = _looked_up(matches)
    if None in days.values() or None in values.values():
        return None
    return [
        Row(article, version, date, values[marks] or (), single.replace("''", "'") if single else bare)
        for article, version, date, marks, single, bare in matches
    ]


def canonical_ratings(text: str) -> t.Ratings | None:
    """The record of a canonical ratings file, or None: then the builder must read it.

    ``text`` has passed the text gate.
    """
    matches = _matches(text)
    if matches is None:
        return None
    days, values = _looked_up(matches)
    if None in days.values() or None in values.values():
        return None
    make = t.Rating
    return t.Ratings(
        ratings=tuple(
            [
                make(
                    article=article,
                    version=version,
                    date=days[date],  # type: ignore[arg-type]  # no None is left in it, see above
                    values=dict(values[marks] or ()),
                    note=(single.replace("''", "'") if single else bare) or None,
                )
                for article, version, date, marks, single, bare in matches
            ]
        )
    )


def _looked_up(matches: list[tuple[str, ...]]) -> tuple[dict[str, Day | None], dict[str, Values | None]]:
    """The few days and sets of values that one file holds, each looked at once; None for one that is bad."""
    return (
        {date: _day(date) for date in {match[2] for match in matches}},
        {marks: _values(marks) for marks in {match[3] for match in matches}},
    )


@lru_cache(maxsize=4096)
def _day(text: str) -> Day | None:
    try:
        return Day.parse(text)
    except ScalarError:
        return None
