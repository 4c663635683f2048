"""The room of the opinion map in an edition: the picture, the same in tables, and how sure it is.

The page is there wherever anybody rates who has a say in the map; "too little data" is then one of its
answers. Every contingent's name and every work's title passes the edition's gate.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from newsrepo.editions import names
from newsrepo.editions.edition import Edition
from newsrepo.editions.opinion import LETTERS, drawing, looks, picture
from newsrepo.editions.page import Page
from newsrepo.editions.parts import TOMBSTONE, Named, digest
from newsrepo.editions.sketch import Sketch, tools
from newsrepo.ids import ArticleId, AxisId, owner
from newsrepo.scores.opinion import Chart, Seen, Whose

INDEX = "opinion/index.html"
PICTURE = "opinion/map.svg"
LOOKS = "opinion/map.css"
SHOWN = 6
"""How many works are listed as dividing two groups, and as valued by all."""
RATERS = 200
"""How many raters are listed one by one; the picture shows all."""
_WHO = {
    Whose.ROLL: "It is drawn by the contingents with a vote in this commons, each of which weighs one, "
    "however many raters it has.",
    Whose.TRUST: "It is drawn by the contingents whose ratings this edition trusts; each weighs as much as "
    "it is trusted, however many raters it has.",
    Whose.BOOK: "Each contingent weighs one, however many raters it has.",
}


class Told(NamedTuple):
    """A work as the groups see it: a mean, empty where nobody rated it, and the raters, of each group."""

    title: str
    lang: str
    dir: str
    href: str
    axis: str
    cells: tuple[tuple[str, int], ...]


class GroupRow(NamedTuple):
    """A group: its letter, its raters, its share in percent, its contingents with how many raters each."""

    letter: str
    raters: int
    share: int
    members: tuple[tuple[Named, int], ...]


class Facts(NamedTuple):
    """All that the page says beside the picture and the raters."""

    who: str
    groups: tuple[GroupRow, ...]
    apart: tuple[tuple[str, int], ...]
    divides: tuple[tuple[str, str, tuple[Told, ...]], ...]
    bridges: tuple[Told, ...]


def map_pages(edition: Edition) -> Iterator[Page]:
    """The page of the map with its picture as a file; nothing where nobody has a say."""
    sketch = edition.opinion
    if sketch is None:
        return
    facts = _facts(edition, sketch)
    made = tools() if sketch.chart.verdict.poles is not None else ()
    key = digest(edition.base, b"opinion", sketch.digest, repr(facts).encode())
    yield Page(INDEX, key, (), lambda _: _render(edition, sketch, facts), made)
    theme = edition.theme
    yield Page(
        PICTURE,
        digest(edition.base, b"opinion-picture", sketch.digest),
        (),
        lambda _: picture(_whole(sketch), theme),
        made,
    )
    sheet = f"{looks(theme)}\n".encode()
    yield Page(LOOKS, digest(b"opinion-looks", sheet), (), lambda _: sheet)


def _whole(sketch: Sketch) -> Chart:
    return replace(sketch.chart, raters=sketch.raters)


def _facts(edition: Edition, sketch: Sketch) -> Facts:
    chart = sketch.chart

    def works(seen: Sequence[Seen]) -> tuple[Told, ...]:
        return tuple([_told(edition, one) for one in seen[:SHOWN]])

    return Facts(
        _WHO[sketch.say.whose],
        tuple([_group(edition, chart, number) for number in range(len(chart.groups))]),
        sketch.apart,
        tuple([(LETTERS[d.first], LETTERS[d.second], works(d.works)) for d in chart.divides]),
        works([bridge.seen for bridge in chart.bridges]),
    )


def _group(edition: Edition, chart: Chart, number: int) -> GroupRow:
    group = chart.groups[number]
    inside = [(home.contingent, home.groups[number]) for home in chart.contingents if home.groups[number]]
    return GroupRow(
        LETTERS[number],
        group.raters,
        round(100 * group.share),
        tuple([(Named(edition.name_of(c), edition.contingent_href(c)), count) for c, count in inside]),
    )


def _told(edition: Edition, seen: Seen) -> Told:
    work = edition.works[seen.work]
    here = seen.work in edition.places and edition.places[seen.work].role != TOMBSTONE
    cells = [
        ("" if mean is None else f"{mean:.1f}", raters)
        for mean, raters in zip(seen.means, seen.raters, strict=True)
    ]
    return Told(
        edition.title_of(seen.work),
        work.lang,
        names.direction(work.lang),
        names.article_page(ArticleId(seen.work)) if here else "",
        _axis(edition, seen.axis),
        tuple(cells),
    )


def _axis(edition: Edition, axis: AxisId) -> str:
    """An axis by its title, a contingent's own with the name of whose it is."""
    title = edition.harmless(edition.ctx.commons.axes[axis].title, axis)
    return f"{title} ({edition.name_of(owner(axis))})" if "/" in axis else title


def _render(edition: Edition, sketch: Sketch, facts: Facts) -> bytes:
    chart = _whole(sketch)
    main = edition.theme.html(
        "opinion_room",
        chart=chart,
        facts=facts,
        picture=drawing(chart, edition.theme),
        looks=LOOKS,
        file=PICTURE,
        letters=LETTERS,
        raters=chart.raters[:RATERS],
        more=max(len(chart.raters) - RATERS, 0),
    )
    return edition.page(INDEX, "opinion", "Opinion map", main, description=chart.verdict.text)
