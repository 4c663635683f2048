"""The opinion map as a picture, and as a page with the picture and the same in tables.

The picture needs nothing beside it: its colours follow the reader's light or dark setting, on paper it is
black on white, groups differ by shape as well as by colour, and a title and a description say in words what
it shows. Equal charts make equal bytes.
"""

import hashlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from newsrepo.editions.style import squeezed, style_sheet
from newsrepo.editions.theme import TOP, Theme, default_theme
from newsrepo.ids import ArticleId
from newsrepo.records import types as t
from newsrepo.scores.opinion import Apart, Chart, Group, Seen

LETTERS = "ABCDE"
"""What groups are called, from left to right."""

MARKER = b'<meta name="generator" content="newsrepo map">'
"""Stands in every page of its own."""

_WIDTH, _MARGIN, _FOOT = 720, 40, 26
_TALL = 440
_MANY = 1200  # raters, from which on they are drawn by the dozen
_ROWS = 200  # raters listed one by one in the page
_CELL = 8.0
_PILE, _HIGHEST = 11.0, 30
# Room for the letters of a label as they are on a phone: the sheet makes them 20 px there, as the picture is
# drawn at half its size.
_LINE = 21.0
_LETTER = 11.5


class _Dot(NamedTuple):
    """Raters at one place: where, of which group (-1: none), how large, and who."""

    x: str
    y: str
    group: int
    size: str
    title: str


class _Label(NamedTuple):
    """A contingent's name, and the point where its raters stand on the whole."""

    x: str
    y: str
    at_x: str
    at_y: str
    anchor: str
    name: str


def looks(theme: Theme) -> str:
    """The picture's own style sheet."""
    return squeezed(theme.sources["opinion_picture.css"].decode()).strip()


def drawing(chart: Chart, theme: Theme) -> Markup:
    """The map as SVG to stand in a page that has the sheet ``looks`` beside it."""
    return _svg(chart, theme, "")


def picture(chart: Chart, theme: Theme | None = None) -> bytes:
    """The map as an SVG file."""
    theme = theme or default_theme()
    drawn = _svg(chart, theme, looks(theme))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{drawn}'.encode()


def page(
    commons: str,
    chart: Chart,
    titles: Mapping[ArticleId, str],
    theme: Theme | None = None,
    *,
    who: str = "Each contingent weighs one.",
) -> bytes:
    """The map as one page that needs nothing beside it: the picture, and everything it says in tables.

    ``who`` says in a sentence who has a say in it and how much.
    """
    theme = theme or default_theme()
    look = theme.sources["opinion.css"].decode()
    style = style_sheet(theme.style, t.Theme()).decode() + squeezed(look)
    own = looks(theme)
    drawn = _svg(chart, theme, own)
    hashes = [b64encode(hashlib.sha256(css.encode()).digest()).decode() for css in (style, own)]
    html = theme.html(
        "opinion",
        style=Markup(f"<style>{style}</style>"),  # noqa: S704 - the theme's own, no text of others in it
        style_hashes=hashes,
        commons=commons,
        chart=chart,
        who=who,
        letters=LETTERS,
        picture=drawn,
        groups=[(LETTERS[group.group], group, members(chart, group)) for group in chart.groups],
        apart=[(why.value, sum(s.apart is why for s in chart.raters)) for why in Apart],
        divides=[
            (LETTERS[d.first], LETTERS[d.second], [_told(seen, titles) for seen in d.works])
            for d in chart.divides
        ],
        bridges=[_told(bridge.seen, titles) for bridge in chart.bridges],
        raters=chart.raters[:_ROWS],
        more=max(len(chart.raters) - _ROWS, 0),
    )
    return str.replace(html, TOP, "").encode()


def members(chart: Chart, group: Group) -> str:
    """The contingents of a group, each with how many of its raters are in it."""
    return ", ".join(
        f"{home.contingent} {home.groups[group.group]}"
        for home in chart.contingents
        if home.groups[group.group]
    )


def _told(seen: Seen, titles: Mapping[ArticleId, str]) -> dict[str, object]:
    cells = [
        ("none", 0) if mean is None else (f"{mean:.1f}", raters)
        for mean, raters in zip(seen.means, seen.raters, strict=True)
    ]
    return {"title": titles.get(seen.work, seen.work), "work": seen.work, "axis": seen.axis, "cells": cells}


def _svg(chart: Chart, theme: Theme, style: str) -> Markup:
    spots = [spot for spot in chart.raters if spot.apart is not Apart.FEW]
    flat = all(abs(spot.y) < 0.01 for spot in spots)
    wide = max((abs(spot.x) for spot in spots), default=1.0) or 1.0
    high = max((abs(spot.y) for spot in spots), default=0.0) or 1.0
    height = float(_TALL)

    def across(x: float) -> float:
        return _WIDTH / 2 + x / wide * (_WIDTH / 2 - _MARGIN)

    def down(y: float) -> float:
        return height / 2 - y / high * (height / 2 - _MARGIN)

    if flat:
        piles = _piles([(across(s.x), -1 if s.group is None else s.group, s.rater) for s in spots])
        height = _MARGIN + _PILE * max((up for _, up, _, _ in piles), default=0)
        dots = [_Dot(_n(x), _n(height - 12 - up * _PILE), group, "5", who) for x, up, group, who in piles]
    else:
        dots = _dots([(across(s.x), down(s.y), -1 if s.group is None else s.group, s.rater) for s in spots])
    names = _labels(
        [(across(h.x), down(h.y), h.contingent) for h in chart.contingents]
        if len(chart.contingents) > 1
        else [],
        height if flat else None,
    )
    rows = len({label.y for label in names}) if flat else 0
    labels = _LINE * rows
    verdict = chart.verdict
    return theme.html(
        "opinion_picture",
        width=_WIDTH,
        height=round(height + labels + _FOOT),
        base=height,
        dots=dots,
        labels=names,
        flat=flat,
        middle=_WIDTH / 2,
        title="Opinion map" if verdict.poles is None else verdict.text,
        told=_description(chart),
        groups=[LETTERS[group.group] for group in chart.groups],
        others=any(dot.group < 0 for dot in dots),
        missing=verdict.missing,
        style=Markup(style),  # noqa: S704 - the theme's own, no text of others in it
    )


def _description(chart: Chart) -> str:
    """What the picture shows, in words."""
    if chart.verdict.poles is None:
        return "There is too little to draw a map of. It needs " + "; ".join(chart.verdict.missing) + "."
    parts = []
    for group in chart.groups:
        side = "left" if group.x < 0 else "right"
        where = f" to the {side}" if len(chart.groups) > 1 else ""
        parts.append(f"Group {LETTERS[group.group]}{where}: {group.raters} raters ({members(chart, group)}).")
    none = sum(spot.apart is Apart.BETWEEN for spot in chart.raters)
    if none:
        names = sorted({s.contingent for s in chart.raters if s.apart is Apart.BETWEEN})
        parts.append(f"{none} of no group, in between, from {', '.join(names[:8])}.")
    return " ".join([chart.verdict.text, *parts])


def _dots(points: Sequence[tuple[float, float, int, str]]) -> list[_Dot]:
    """A mark for each rater, or where there are very many, one for all of a group in a small square."""
    if len(points) <= _MANY:
        return [_Dot(_n(x), _n(y), group, "5", who) for x, y, group, who in points]
    cells: dict[tuple[int, int, int], int] = {}
    for x, y, group, _ in points:
        cell = (group, round(x / _CELL), round(y / _CELL))
        cells[cell] = cells.get(cell, 0) + 1
    most = max(cells.values())
    return [
        _Dot(
            _n(across * _CELL),
            _n(down * _CELL),
            group,
            _n(1.2 + 4.3 * (count / most) ** 0.5),
            f"{count} raters",
        )
        for (group, across, down), count in sorted(cells.items())
    ]


def _piles(points: Sequence[tuple[float, int, str]]) -> list[tuple[float, int, int, str]]:
    """On one line, raters who would hide each other stand one above the other, up to a height."""
    tops: dict[int, int] = {}
    found = []
    for x, group, who in sorted(points):
        cell = round(x / _PILE)
        up = tops.get(cell, 0)
        tops[cell] = up + 1
        if up < _HIGHEST:
            found.append((cell * _PILE if up else x, up, group, who))
    return found


def _labels(homes: Sequence[tuple[float, float, str]], under: float | None) -> list[_Label]:
    """Names beside their points, or under the line in rows, none over another where rows suffice."""
    found: list[_Label] = []
    ends: list[float] = []
    for x, y, name in sorted(homes):
        half = len(name) * _LETTER / 2
        at = min(max(x, half + 4), _WIDTH - half - 4)
        if under is None:
            top = y - 9
            while (
                any(
                    abs(float(other.x) - at) < half + len(other.name) * _LETTER / 2
                    and abs(float(other.y) - top) < _LINE - 2
                    for other in found
                )
                and top > 14
            ):
                top -= _LINE - 2
            found.append(_Label(_n(at), _n(top), _n(x), _n(y), "middle", name))
            continue
        row = next((n for n, end in enumerate(ends) if end + 8 < at - half), len(ends))
        if row == len(ends):
            ends.append(0.0)
        ends[row] = at + half
        found.append(_Label(_n(at), _n(under + (row % 4 + 1) * _LINE), _n(x), _n(under), "middle", name))
    return found


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
