"""Two front pages for a reader: a table on a terminal, tab-separated lines in a pipe, JSON."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from newsrepo.cli.present.encode import terminal
from newsrepo.cli.present.findings import counted
from newsrepo.cli.present.out import Out
from newsrepo.editions.fronts import Head, clause_text
from newsrepo.editions.names import number_text
from newsrepo.filters.fronts import Row, Stand
from newsrepo.porcelain.compare import Compared

if TYPE_CHECKING:
    from rich.text import Text

NONE = "-"
"""Stands in a pipe for what there is not."""


def as_json(out: Out, found: Compared) -> None:
    """Everything, ``neither`` included; points as a number and exactly."""
    fronts = found.fronts
    out.json(
        "compare",
        {
            "day": str(found.day),
            "day_from": found.day_from,
            "filters": [_head(head) for head in found.heads],
            "alike": fronts.alike,
            "pairs": fronts.pairs,
            "swapped_pairs": fronts.swapped,
            "other_leads": fronts.recast,
            "both": [_row(found, row) | {"shift": row.shift} for row in fronts.both],
            "only_first": [_row(found, row) for row in fronts.only_one],
            "only_second": [_row(found, row) for row in fronts.only_other],
            "neither": [_row(found, row) for row in fronts.neither],
        },
    )


def _head(head: Head) -> dict[str, Any]:
    return {
        "filter": head.filter,
        "title": head.title,
        "signature": head.signature,
        "lang": head.lang,
        "sections": list(head.sections),
    }


def _row(found: Compared, row: Row) -> dict[str, Any]:
    return {
        "story": row.story,
        "title": found.face(row).title,
        "first": _stand(found.heads[0], row.one),
        "second": _stand(found.heads[1], row.other),
    }


def _stand(head: Head, stand: Stand) -> dict[str, Any]:
    points = stand.points
    return {
        "printed": stand.printed,
        "why": stand.cause.value,
        "place": stand.place,
        "work": stand.work,
        "others": list(stand.others),
        "points": None if points is None else float(round(points, 6)),
        "points_exact": None if points is None else str(points),
        "section": _section(head, stand) or None,
        "clauses": [{"text": c.text, "truth": c.truth.value} for c in stand.clauses],
    }


def _section(head: Head, stand: Stand) -> str:
    return head.sections[stand.section] if stand.section is not None else ""


def as_text(out: Out, found: Compared, *, every: bool) -> None:
    """A table for each group on a terminal, a story a line in a pipe."""
    if out.tty:
        for head in found.heads:
            out.line(f"{terminal(head.title)} ({head.filter})")
            out.line(f"  {terminal(head.signature)}")
        for title, rows in _groups(found, every=every):
            if rows:
                _table(out, found, title, rows)
    else:
        for name, rows in zip(("both", "first", "second", "neither"), _rows(found, every=every), strict=True):
            for row in rows:
                out.line("\t".join(_fields(found, name, row)))
    out.word(summary(found))


def summary(found: Compared) -> str:
    """The closing line."""
    fronts = found.fronts
    one, other = (head.filter for head in found.heads)
    if fronts.alike:
        return f"the two front pages are alike: {_stories(len(fronts.both))}, in the same order"
    said = [
        f"{_stories(len(fronts.both))} in both",
        f"{len(fronts.only_one)} only in {one}",
        f"{len(fronts.only_other)} only in {other}",
        f"{len(fronts.neither)} in neither",
    ]
    text = ", ".join(said)
    if not fronts.pairs:
        return text
    pairs = counted(fronts.pairs, "pair")
    leads = f"{fronts.recast} led by different versions, " if fronts.recast else ""
    return f"{text}; of those in both {leads}{fronts.swapped} of {pairs} in opposite orders"


def _stories(number: int) -> str:
    return "1 story" if number == 1 else f"{number} stories"


def _rows(found: Compared, *, every: bool) -> tuple[Sequence[Row], ...]:
    fronts = found.fronts
    return fronts.both, fronts.only_one, fronts.only_other, fronts.neither if every else ()


def _groups(found: Compared, *, every: bool) -> Iterator[tuple[str, Sequence[Row]]]:
    one, other = (head.filter for head in found.heads)
    names = ("in both", f"only in {one}", f"only in {other}", "in neither")
    for name, rows in zip(names, _rows(found, every=every), strict=True):
        yield f"{_stories(len(rows))} {name}", rows


def _fields(found: Compared, name: str, row: Row) -> Iterator[str]:
    """The group, the story, for either edition why, place, points, work and section, and the title."""
    yield name
    yield row.story
    for head, stand in zip(found.heads, (row.one, row.other), strict=True):
        yield stand.cause.value
        yield str(stand.place or NONE)
        yield _points(stand).replace("\u2212", "-") or NONE
        yield stand.work or NONE
        yield terminal(_section(head, stand)) or NONE
    yield terminal(found.face(row).title)


def _points(stand: Stand) -> str:
    return "" if stand.points is None else number_text(stand.points)


def _table(out: Out, found: Compared, title: str, rows: Sequence[Row]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    out.line()
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, expand=True)
    table.add_column(Text(title, style="bold"), overflow="fold", ratio=5)
    for head in found.heads:
        table.add_column(Text(head.filter), overflow="fold", ratio=4)
    for row in rows:
        table.add_row(
            _story(found, row),
            *(_cell(h, s, row) for h, s in zip(found.heads, (row.one, row.other), strict=True)),
        )
    out.table(table)


def _story(found: Compared, row: Row) -> "Text":
    """The title, the version that leads it everywhere it is printed, and how it moved."""
    from rich.text import Text

    work = found.face(row)
    text: Text = Text(terminal(work.title))
    if not row.recast:
        text.append(f"\n{work.id}", style="dim")
    if row.shift:
        text.append(f"\n{abs(row.shift)} {'higher' if row.shift > 0 else 'lower'} in the second", style="dim")
    return text


def _cell(head: Head, stand: Stand, row: Row) -> "Text":
    """``3. select 4.21``, the section below, and the leading version where the two differ."""
    from rich.text import Text

    place = f"{stand.place}. " if stand.place else ""
    shown = place if stand.printed else f"({place.strip()}) " if place else ""
    text: Text = Text(shown, style="" if stand.printed else "dim")
    text.append(stand.cause.value, style="green" if stand.printed else "yellow")
    if points := _points(stand):
        text.append(f" {points}")
    for clause in stand.clauses:
        text.append(f"\n{terminal(clause_text(clause))}", style="dim")
    if section := _section(head, stand):
        text.append(f"\n{terminal(section)}", style="dim")
    if row.recast and stand.work:
        text.append(f"\n{stand.work}", style="cyan")
    return text
