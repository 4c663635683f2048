"""Two front pages side by side, as one page that needs nothing beside it: each as its own edition looks."""

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from markupsafe import Markup
from msgspec import structs

from newsrepo.commons.model import CommonsView
from newsrepo.editions import names
from newsrepo.editions.style import accents, squeezed, style_sheet
from newsrepo.editions.theme import TOP, Theme, default_theme
from newsrepo.errors import UnableError
from newsrepo.filters.fronts import Cause, Fronts, Row, Stand, face
from newsrepo.filters.gate import guard
from newsrepo.filters.verdicts import Clause, Truth
from newsrepo.ids import ContingentId, FilterId, owner
from newsrepo.records import types as t

SUMMARIES = 4
"""How many stories of each front show their summary."""

WORDS = {
    Cause.LEAD: "put first by hand",
    Cause.INCLUDE: "picked by hand",
    Cause.SELECT: "selected by its query",
    Cause.LIMIT: "cut off by its limit",
    Cause.EXCLUDE: "left out by hand",
    Cause.EARLY: "dated after this day",
    Cause.QUERY: "not selected by its query",
}

_SIDES = ("one", "other")


class Head(NamedTuple):
    """One of the two editions as its own front page calls it."""

    filter: FilterId
    title: str
    about: str
    lang: str
    dir: str
    signature: str
    sections: tuple[str, ...]
    theme: t.Theme


class _Story(NamedTuple):
    """One story of one front, and what the other edition makes of it."""

    id: str
    title: str
    lang: str
    dir: str
    summary: str
    section: str
    day: str
    day_text: str
    signature: str
    points: str
    why: str
    href: str
    there: str
    kind: str
    led: str
    led_lang: str
    led_dir: str
    clauses: tuple[str, ...]


class _Line(NamedTuple):
    """One story of the tables below the fronts."""

    title: str
    lang: str
    dir: str
    id: str
    cells: tuple[tuple[str, str, str], ...]
    shift: str


def signature(view: CommonsView, contingent: str) -> str:
    """The line that whatever this contingent publishes carries; without a charter, the contingent alone."""
    gate = guard(view)
    known = view.contingents.get(ContingentId(contingent))
    name = known.name if known and not (gate and gate.takes(known.name)) else contingent
    try:
        return names.signature(name, view.charter.name)
    except UnableError:
        return name


def head(view: CommonsView, chosen: FilterId) -> Head:
    """What stands above the front page of a filter's edition."""
    content = view.filters[chosen]
    settings = content.edition
    gate = guard(view)

    def harmless(text: str) -> str:
        return chosen if gate and gate.takes(text) else text

    try:
        lang = settings.lang or view.charter.lang
    except UnableError:
        lang = settings.lang or "en"
    return Head(
        chosen,
        harmless(settings.title or content.title),
        settings.about or content.about or "",
        lang,
        names.direction(lang),
        signature(view, owner_of(chosen)),
        tuple(section.title for section in settings.sections),
        settings.theme,
    )


def owner_of(chosen: FilterId) -> str:
    """The contingent that publishes a filter."""
    return chosen.partition("/")[0]


def fronts_page(
    view: CommonsView,
    heads: tuple[Head, Head],
    found: Fronts,
    day: date,
    *,
    every: bool,
    theme: Theme | None = None,
) -> bytes:
    """The page; ``every`` lists also what neither prints. Equal arguments make equal bytes."""
    theme = theme or default_theme()
    style = _style(theme, heads)
    shared = {row.story for row in found.both}
    sheets = []
    for n, side in enumerate(heads):
        alone = (found.only_one, found.only_other)[n]
        rows = sorted((*found.both, *alone), key=lambda row: _stands(row)[n].place or 0)
        sheets.append(
            {
                "id": _SIDES[n],
                "head": side,
                "count": "1 story" if len(rows) == 1 else f"{len(rows)} stories",
                "stories": [
                    _story(view, heads, row, n, summary=k < SUMMARIES, shared=row.story in shared)
                    for k, row in enumerate(rows)
                ],
            }
        )
    html = theme.html(
        "compare",
        style=Markup(f"<style>{style}</style>"),  # noqa: S704 - the theme's own, no text of others in it
        style_hash=b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        heads=heads,
        sheets=sheets,
        alike=found.alike,
        counts=tuple(map(len, (found.both, found.only_one, found.only_other, found.neither))),
        pairs=found.pairs,
        recast=found.recast,
        swapped=found.swapped,
        day=day.isoformat(),
        day_text=names.day_text(day),
        both=_lines(view, heads, found.both),
        neither=_lines(view, heads, found.neither) if every else (),
    )
    return str.replace(html, TOP, "").encode()


def _style(theme: Theme, heads: Sequence[Head]) -> str:
    """The sheet of editions, this page's own, and for either front the accent and the face of its edition."""
    sheet = style_sheet(theme.style, t.Theme()).decode() + squeezed(theme.sources["compare.css"].decode())
    for side, name in zip(heads, _SIDES, strict=True):
        plain = structs.replace(side.theme, light=None, dark=None)  # both fronts stand on this page's ground
        sheet += accents(plain).replace(":root", f".{name}", 1)
    return sheet


def _stands(row: Row) -> tuple[Stand, Stand]:
    return row.one, row.other


def _story(
    view: CommonsView, heads: tuple[Head, Head], row: Row, side: int, *, summary: bool, shared: bool
) -> _Story:
    here, there = _stands(row)[side], _stands(row)[1 - side]
    work = view.works[here.work or row.story]
    led = view.works[there.work] if there.work is not None and there.work != here.work else None
    return _Story(
        id=f"{_SIDES[side]}-{here.place}",
        title=work.title,
        lang=work.lang,
        dir=names.direction(work.lang),
        summary=work.summary if summary else "",
        section=heads[side].sections[here.section] if here.section is not None else "",
        day=str(work.date),
        day_text=names.day_text(work.date.day),
        signature=signature(view, owner(work.id)),
        points=points_text(here.points),
        why=WORDS[here.cause],
        href=f"#{_SIDES[1 - side]}-{there.place}" if shared else "",
        there=f"Number {there.place}" if shared else _absent(there),
        kind="shared" if shared else "alone",
        led=led.title if led and shared else "",
        led_lang=led.lang if led else "",
        led_dir=names.direction(led.lang) if led else "ltr",
        clauses=tuple(map(clause_text, there.clauses)),
    )


def _absent(stand: Stand) -> str:
    """Why an edition does not print it, after its name."""
    place = f" as number {stand.place}" if stand.cause is Cause.LIMIT else ""
    return f"{WORDS[stand.cause]}{place}"


def clause_text(clause: Clause) -> str:
    """A clause that keeps a work out; whether it is false of it, or nobody who is heard has rated it."""
    return f"{clause.text} (not rated)" if clause.truth is Truth.UNKNOWN else clause.text


def points_text(points: Fraction | None) -> str:
    """``1 point``, ``4.21 points``; empty for what has none."""
    if points is None:
        return ""
    number = names.number_text(points)
    return f"{number} point" if number == "1" else f"{number} points"


def _lines(view: CommonsView, heads: tuple[Head, Head], rows: Sequence[Row]) -> tuple[_Line, ...]:
    made = []
    for row in rows:
        work = view.works[face(view, row)]
        cells = tuple(_cell(heads[n], stand, row) for n, stand in enumerate(_stands(row)))
        shift = f"{abs(row.shift)} {'higher' if row.shift > 0 else 'lower'}" if row.shift else ""
        name = "" if row.recast else work.id
        made.append(_Line(work.title, work.lang, names.direction(work.lang), name, cells, shift))
    return tuple(made)


def _cell(side: Head, stand: Stand, row: Row) -> tuple[str, str, str]:
    """The place, the rest in words, and the version that leads, where the two differ."""
    section = side.sections[stand.section] if stand.section is not None else ""
    place = str(stand.place) if stand.printed else ""
    parts = [points_text(stand.points), _absent(stand) if not stand.printed else WORDS[stand.cause], section]
    return place, ", ".join(part for part in parts if part), (stand.work or "") if row.recast else ""
