"""The front page: one story leads, a few stand below it, boxes beside, and the rest follows by section."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from markupsafe import Markup

from newsrepo.editions import names
from newsrepo.editions.edition import Edition
from newsrepo.editions.page import Page
from newsrepo.editions.parts import FRONT, MediaFile, digest, joined
from newsrepo.editions.prose import figure
from newsrepo.editions.rail import Box, rail, strip
from newsrepo.editions.relations import story_versions
from newsrepo.editions.theme import TOP
from newsrepo.filters.model import Item
from newsrepo.records import types as t

BESIDE = 4
IN_SECTION = 7
IN_REST = 24
PICTURED = 3
SMALL = 2
PATH = "index.html"


class Block(NamedTuple):
    """A part of the front page below the top."""

    id: str
    title: str
    own: bool
    href: str
    items: tuple[Item, ...]
    more: str


def _blocks(edition: Edition, items: Sequence[Item]) -> tuple[Block, ...]:
    blocks = []
    for number, link in enumerate(edition.sections):
        inside = [item for item in items if item.section == number]
        if inside:
            more = f"More in {link.title}" if len(inside) > IN_SECTION else ""
            blocks.append(
                Block(f"section-{number + 1}", link.title, True, link.href, tuple(inside[:IN_SECTION]), more)
            )
    rest = [item for item in items if item.section is None]
    if rest:
        blocks.append(
            Block(
                "more-news",
                "More news",
                False,
                "archive/index.html",
                tuple(rest[:IN_REST]),
                "Everything in the archive" if len(rest) > IN_REST else "",
            )
        )
    return tuple(blocks)


def _item_facts(edition: Edition, item: Item) -> tuple[object, ...]:
    return (
        edition.facts_of(item.work),
        edition.media.get(item.work),
        len(story_versions(edition, item.work)),
        tuple(a.href for a in edition.author_links(edition.works[item.work])),
    )


def _top(items: Sequence[Item]) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    """What leads the page with what stands beside it, and all other items.

    The first few stand at the top, but none that is the last one left to its section: a reader who looks for
    a section finds it on the page, unless its only story leads.
    """
    if len(items) <= 2:
        return tuple(items[:1]), tuple(items[1:])
    top, rest = [items[0]], []
    left = Counter(item.section for item in items[1:])
    for item in items[1:]:
        if len(top) <= BESIDE and (item.section is None or left[item.section] > 1):
            top.append(item)
            left[item.section] -= 1
        else:
            rest.append(item)
    return tuple(top), tuple(rest)


def _halves(blocks: Sequence[Block]) -> frozenset[str]:
    """The ids of the blocks that stand two beside each other: neighbours with no more than two stories."""
    found: set[str] = set()
    for one, other in pairwise(blocks):
        if one.id not in found and max(len(one.items), len(other.items)) <= SMALL:
            found |= {one.id, other.id}
    return frozenset(found)


def front_page(edition: Edition) -> Page:
    """The front page, in the order that the filter gives."""
    top, rest = _top(edition.ctx.selection.items)
    blocks, boxes = _blocks(edition, rest), (rail(edition), strip(edition))
    facts = (
        edition.ctx.today,
        [(_item_facts(edition, item), item.section) for item in top],
        [(b.id, b.title, b.href, b.more, [_item_facts(edition, item) for item in b.items]) for b in blocks],
        boxes,
    )
    key = digest(edition.base, b"front", repr(facts).encode())
    return Page(PATH, key, (), lambda _: _render(edition, top, blocks, boxes))


def _render(
    edition: Edition,
    top: tuple[Item, ...],
    blocks: tuple[Block, ...],
    boxes: tuple[tuple[Box, ...], tuple[Box, ...]],
) -> bytes:
    halves = _halves(blocks)
    lead, beside = top[:1], top[1:]
    pictured = any(_picture(edition, item, lazy=False) for item in lead)
    main = edition.theme.html(
        "front",
        lang=edition.lang,
        dir=edition.dir,
        rail=boxes[0],
        strip=boxes[1],
        lead=joined([_card(edition, item, "lead", "h2", picture=True, summary=True) for item in lead]),
        seconds=joined(
            [
                _card(edition, item, "second", "h2", picture=not pictured, summary=number < 3)
                for number, item in enumerate(beside)
            ]
        ),
        sections=[
            {
                "id": block.id,
                "half": block.id in halves,
                "title": block.title,
                "own": block.own,
                "href": block.href,
                "more": block.more,
                **_cards(edition, block),
            }
            for block in blocks
        ],
    )
    return edition.page(PATH, FRONT, edition.title, main, description=edition.about)


def _cards(edition: Edition, block: Block) -> dict[str, Markup | None]:
    """A section opens with one large card; much other news with a few pictured ones."""
    led = block.own or len(block.items) <= SMALL
    first, rest = (block.items[0], block.items[1:]) if led else (None, block.items)
    pictured = 0 if led else PICTURED
    return {
        "first": _card(edition, first, "first", "h3", picture=True, summary=True) if first else None,
        "rest": joined(
            [
                _card(edition, item, "small", "h3", picture=n < pictured, summary=n < pictured + 3)
                for n, item in enumerate(rest)
            ]
        ),
    }


def _card(edition: Edition, item: Item, size: str, heading: str, *, picture: bool, summary: bool) -> Markup:
    versions = len(story_versions(edition, item.work))
    top = size in ("lead", "second")
    return edition.theme.html(
        "story_card",
        size=size,
        h=heading,
        w=edition.teaser(item.work),
        section=edition.sections[item.section] if top and item.section is not None else None,
        lang=edition.lang,
        dir=edition.dir,
        picture=_picture(edition, item, lazy=not top) if picture else None,
        summary=summary,
        others=versions - 1,
        story_href=names.story_page(edition.ctx.stories.root_of(item.work)),
    )


def _picture(edition: Edition, item: Item, *, lazy: bool) -> Markup | None:
    """The first picture of an article, without its caption but with its credit."""
    work = edition.works[item.work]
    files: dict[str, MediaFile] = {file.name: file for file in edition.media.get(work.id, ())}
    for entry in work.media:
        name = entry.file if entry.file in files and files[entry.file].kind == "image" else entry.poster
        if name in files and files[name].kind == "image":
            still = t.Media(
                file=name, sha256=entry.sha256, alt=entry.alt, creator=entry.creator, license=entry.license
            )
            made = figure(edition, still, files, f"{TOP}articles/{work.id}/", work.lang, lazy=lazy)
            return made.block if made else None
    return None
