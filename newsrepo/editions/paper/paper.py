"""An edition as a sheet of paper or several: chosen, fitted to its pages, set, and said what was left out."""

import tempfile
from calendar import timegm
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from newsrepo.editions.context import Context
from newsrepo.editions.edition import Edition
from newsrepo.editions.paper import fit
from newsrepo.editions.paper.cover import faces_of, missing_in, printable
from newsrepo.editions.paper.desk import Desk
from newsrepo.editions.paper.faces import Faces
from newsrepo.editions.paper.impose import sides
from newsrepo.editions.paper.press import IMPOSE, Press
from newsrepo.editions.paper.sheets import SIZES, Kind, Stock
from newsrepo.editions.paper.stock import Left, Texts, clean, sheet_of, stories_of
from newsrepo.editions.paper.verdict import verdict_of
from newsrepo.editions.theme import default_theme
from newsrepo.errors import UnableError
from newsrepo.ids import ArticleId
from newsrepo.location import Finding

LEAFLET_STORIES = 3
"""How many stories a page of a leaflet has room to begin; one of half the size, half as many."""

PAGE_STORIES = 12
"""More stories than a page of a newspaper ever holds."""

PAGE_ROOM = 9_000
"""More narrow letters than a page ever holds."""


class Paper(Struct, frozen=True):
    """A printed edition. ``pdf`` is empty when nothing could be printed; ``findings`` then say why."""

    pdf: bytes
    title: str
    pages: int
    stories: tuple[ArticleId, ...]
    shortened: tuple[Left, ...]
    left_out: tuple[Left, ...]
    fonts: tuple[str, ...]
    findings: tuple[Finding, ...]


def print_edition(
    ctx: Context,
    texts: Texts,
    *,
    kind: Kind,
    pages: int,
    stock: Stock,
    faces: Faces,
    pairs: bool = False,
) -> Paper:
    """The edition of ``ctx`` on ``pages`` pages. Equal arguments and tools make equal bytes.

    A story with characters that no face shows is left out and is a finding of severity error; so is every
    word of the edition's own, and then nothing is printed at all.
    """
    edition = Edition(ctx, default_theme())
    sheet = sheet_of(edition)
    size = SIZES[stock, pairs]
    wanted = [edition.works[item.work].version for item in ctx.selection.items[: pages * PAGE_STORIES]]
    blobs = dict(texts(dict.fromkeys(wanted)))
    found = list(stories_of(edition, blobs, pages * PAGE_ROOM))
    chosen, own = faces_of(sheet, faces)
    verdict = verdict_of(edition, texts) if kind is Kind.NEWSPAPER else None
    silent = missing_in(verdict.path, verdict.letters(), faces) if verdict else []
    verdict = None if silent else verdict
    also = verdict.letters() if verdict else {}
    kept, findings, left = printable(sheet, found, faces, chosen, also)
    findings += silent
    beyond = len(ctx.selection.items) - len(found)
    if own:
        return Paper(b"", sheet.title, 0, (), (), tuple(left), (), (*own, *findings))
    with (
        tempfile.TemporaryDirectory(prefix="newsrepo-print-") as name,
        Press(Path(name), faces.folders) as press,
    ):
        while True:
            desk = Desk(press, sheet, kind, size, chosen, kept, texts, verdict, len(left), beyond)
            plan = _plan(desk, kind, pages, max(1, pages * LEAFLET_STORIES // (2 if pairs else 1)))
            if plan or not kept:
                break
            # Not even its beginning fits a page: then it is not what keeps the others out.
            first = kept.pop(0)
            left.append(Left(first.id, first.title, "its beginning fills more than a page"))
        data = desk.data(plan)
        used = press.pages(data)
        if kind is Kind.LEAFLET:
            data["blank"] = pages - used
            used = pages
        moment = timegm(ctx.today.timetuple())
        pdf = press.pdf(data, moment)
        if pairs:
            (Path(name) / "pages.pdf").write_bytes(pdf)
            pdf = press.pdf(_imposed(data, used), moment, accessible=False, template=IMPOSE)
    findings += desk.spoilt(len(plan))
    shortened, omitted = [], list(left)
    for number, story in enumerate(kept):
        if number >= len(plan):
            omitted.append(Left(story.id, story.title, "no room"))
        elif plan[number] is not None or story.is_cut:
            shortened.append(Left(story.id, story.title, "shortened for want of room"))
    works = ctx.commons.works
    omitted += [
        Left(item.work, clean(works[item.work].title), "no room")
        for item in ctx.selection.items[len(found) :]
    ]
    used_fonts = sorted({family for choice in chosen.values() for family in choice.families})
    return Paper(
        pdf, sheet.title, used, tuple(story.id for story in kept[: len(plan)]),
        tuple(shortened), tuple(omitted), tuple(used_fonts), tuple(findings),
    )  # fmt: skip


def _plan(desk: Desk, kind: Kind, pages: int, most: int) -> fit.Plan:
    """How much of each story goes on so many pages. Raises UnableError when nothing at all fits."""

    def count(plan: fit.Plan) -> int:
        return desk.press.pages(desk.data(plan))

    if count(()) > pages:
        raise UnableError(
            "not even the masthead and the last lines fit on so few pages", "ask for more of them: --pages N"
        )
    rooms = [story.size for story in desk.stories]
    if kind is Kind.NEWSPAPER:
        return fit.newspaper(rooms, pages, count, PAGE_ROOM)
    return fit.leaflet(rooms, pages, count, most)


def _imposed(data: Mapping[str, Any], pages: int) -> dict[str, Any]:
    """What the template of sheets is handed: both halves of each side of each sheet."""
    kept = {name: data[name] for name in ("title", "signature", "width", "height")}
    return {**kept, "sides": [list(side) for side in sides(pages, rtl=data["dir"] == "rtl")]}
