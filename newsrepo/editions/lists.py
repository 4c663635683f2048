"""The pages that list works: topics, places, authors, sections, months, and their indexes.

A list that outgrows one page is cut from its oldest end: part 1 holds the oldest works and never changes
while works are only added, and the newest part stands at the list's own address.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from newsrepo.editions import names
from newsrepo.editions.edition import Edition
from newsrepo.editions.names import PAGE
from newsrepo.editions.page import Page
from newsrepo.editions.parts import digest, joined
from newsrepo.ids import ArticleId


class Heading(NamedTuple):
    """The top of a list.

    ``below`` renders what stands between it and the newest part of the list, from ``facts``; ``lang`` is set
    where the title is not the theme's own words.
    """

    kicker: str
    up: str
    title: str
    lang: str = ""
    below: Callable[[], Markup] | None = None
    facts: bytes = b""


class Entry(NamedTuple):
    name: str
    href: str
    amount: str


class Group(NamedTuple):
    title: str
    entries: tuple[Entry, ...]


def parts(count: int) -> list[tuple[int, int]]:
    """Where a list of ``count`` works, oldest first, is cut: ranges, the oldest first, none overlapping.

    All but the last hold exactly ``PAGE`` works; the last, which is the newest, from ``PAGE`` (or what there
    is) to just under twice that, so that a reader of the newest part never meets a nearly empty page.
    """
    full = max(count // PAGE - 1, 0)
    return [*((n * PAGE, (n + 1) * PAGE) for n in range(full)), (full * PAGE, count)]


def list_pages(
    edition: Edition, path: str, heading: Heading, works: Sequence[ArticleId], empty: str
) -> Iterator[Page]:
    """The pages of one list of works, given oldest first."""
    cuts = parts(len(works))
    for number, (start, end) in enumerate(cuts, 1):
        last = number == len(cuts)
        here = path if last else names.numbered(path, number)
        older = names.numbered(path, number - 1) if number > 1 else ""
        newer = "" if last else (path if number + 1 == len(cuts) else names.numbered(path, number + 1))
        head = heading if last else heading._replace(below=None, facts=b"")
        yield _list_page(edition, here, head, tuple(reversed(works[start:end])), newer, older, empty)


def _list_page(
    edition: Edition,
    path: str,
    heading: Heading,
    works: tuple[ArticleId, ...],
    newer: str,
    older: str,
    empty: str,
) -> Page:
    key = digest(
        edition.base,
        b"list",
        repr((path, heading[:4], newer, older, empty)).encode(),
        heading.facts,
        edition.list_facts(works),
    )

    def render(_: object) -> bytes:
        main = edition.theme.html(
            "list",
            kicker=heading.kicker,
            up=heading.up,
            title=heading.title,
            lang=heading.lang,
            dir=names.direction(heading.lang) if heading.lang else "",
            below=heading.below() if heading.below else None,
            items=joined(edition.list_item(work) for work in works),
            newer=newer,
            older=older,
            empty=empty,
        )
        return edition.page(path, "listing", heading.title, main)

    return Page(path, key, (), render)


def index_page(
    edition: Edition, path: str, title: str, lede: str, groups: tuple[Group, ...], empty: str
) -> Page:
    """A page that lists lists."""
    key = digest(edition.base, b"index", repr((path, title, lede, groups, empty)).encode())

    def render(_: object) -> bytes:
        main = edition.theme.html("index", title=title, lede=lede, groups=groups, empty=empty)
        return edition.page(path, "listing", title, main)

    return Page(path, key, (), render)


def _articles(count: int) -> str:
    return "1 article" if count == 1 else f"{count} articles"


def initials(entries: Iterable[Entry]) -> tuple[Group, ...]:
    """Entries in the order of their names, whatever the locale; long indexes are grouped by first letter."""
    ordered = sorted(entries, key=lambda e: (e.name.casefold(), e.name, e.href))
    if len(ordered) <= 60:
        return (Group("", tuple(ordered)),) if ordered else ()
    groups: dict[str, list[Entry]] = {}
    for entry in ordered:
        groups.setdefault(entry.name[0].upper(), []).append(entry)
    return tuple(Group(letter, tuple(found)) for letter, found in groups.items())


def all_lists(edition: Edition) -> Iterator[Page]:
    """Every listing page of the edition but the front page and the stories."""
    yield from _topics(edition)
    yield from _slugged(edition, "places", "Places", "Place", edition.place_names)
    yield from _slugged(edition, "authors", "Authors", "Author", edition.authors)
    yield from _archive(edition)
    yield from _sections(edition)


def _topics(edition: Edition) -> Iterator[Page]:
    entries = [
        Entry(names.topic_text(topic), f"topics/{topic}.html", str(len(w)))
        for topic, w in edition.topics.items()
    ]
    yield index_page(
        edition, "topics/index.html", "Topics", "", initials(entries), "No article here names a topic."
    )
    for topic, works in sorted(edition.topics.items()):
        heading = Heading("Topic", "topics/index.html", names.topic_text(topic))
        yield from list_pages(edition, f"topics/{topic}.html", heading, works, "")


def _slugged(
    edition: Edition, folder: str, title: str, kicker: str, named: dict[str, tuple[str, list[ArticleId]]]
) -> Iterator[Page]:
    entries = [Entry(name, f"{folder}/{slug}.html", str(len(works))) for slug, (name, works) in named.items()]
    lede = "Names as they are signed; two people may bear the same one." if folder == "authors" else ""
    none = (
        "No article here is signed with a name." if folder == "authors" else "No article here names a place."
    )
    yield index_page(edition, f"{folder}/index.html", title, lede, initials(entries), none)
    for slug, (name, works) in sorted(named.items()):
        heading = Heading(kicker, f"{folder}/index.html", name)
        yield from list_pages(edition, f"{folder}/{slug}.html", heading, works, "")


def _archive(edition: Edition) -> Iterator[Page]:
    years: dict[int, list[Entry]] = {}
    for (year, month), works in sorted(edition.months.items(), reverse=True):
        years.setdefault(year, []).append(
            Entry(
                names.month_text(year, month), f"archive/{year:04d}/{month:02d}.html", _articles(len(works))
            )
        )
    groups = tuple(Group(str(year), tuple(entries)) for year, entries in years.items())
    empty = "Nothing has been printed yet."
    yield index_page(edition, "archive/index.html", "Archive", "", groups, empty)
    for (year, month), works in sorted(edition.months.items()):
        heading = Heading("Archive", "archive/index.html", names.month_text(year, month))
        yield from list_pages(edition, f"archive/{year:04d}/{month:02d}.html", heading, works, "")


def _sections(edition: Edition) -> Iterator[Page]:
    members: dict[int, set[ArticleId]] = {}
    for item in edition.ctx.selection.items:
        if item.section is not None:
            members.setdefault(item.section, set()).add(item.work)
    for number, link in enumerate(edition.sections):
        inside = members.get(number, set())
        works = [work for work in edition.listed if work in inside]
        heading = Heading("Section", "index.html", link.title, edition.lang)
        yield from list_pages(edition, link.href, heading, works, "This section has no stories today.")
