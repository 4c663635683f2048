"""The public log of what an edition leaves out, and by which clause of its filter.

Nothing is deleted: what is left out stands in the commons, and comments on the page of their discussion.
What somebody picked by hand is named one by one; what a query does not select is counted, since in a commons
of ten thousand works that is nearly all of it, and ``newsrepo why`` tells of any single one.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from newsrepo.editions import names
from newsrepo.editions.discussion import MODERATION, talks_here
from newsrepo.editions.edition import Edition
from newsrepo.editions.page import Page
from newsrepo.editions.parts import VERSION, digest
from newsrepo.editions.remark import words
from newsrepo.editions.talk import Talk
from newsrepo.filters import unheard
from newsrepo.ids import ArticleId, owner
from newsrepo.ledger.choice import ROOM, Clause, Judged
from newsrepo.records import types as t

SHEET = 100
"""How many comments one page of the log names."""

MOST = 5_000
"""How many comments the log names in all, the newest; the others are counted, and named where they stand."""

NAMED = 100
"""How many works are named under one clause."""


class Comment(NamedTuple):
    """A comment that is not printed beneath the text that it is on."""

    href: str
    signature: str
    title: str
    lang: str
    dir: str
    day: str
    day_text: str
    clause: str


class Work(NamedTuple):
    """A work that is left out; ``href`` is empty where it has no page here."""

    id: str
    title: str
    href: str
    lang: str
    signature: str


class Group(NamedTuple):
    """The works that one clause leaves out. ``clause`` is as the filter writes it, where it does."""

    words: str
    clause: str
    works: tuple[Work, ...]
    more: int


def moderation_pages(edition: Edition) -> Iterator[Page]:
    """The log, the newest comments first; the first page also tells of works."""
    left = _left(edition)
    shown = left[:MOST]
    sheets = max(1, -(-len(shown) // SHEET))
    counts = tuple(_counts(edition, left))
    for number in range(1, sheets + 1):
        part = shown[(number - 1) * SHEET : number * SHEET]
        comments = tuple(_comment(edition, talk, one) for talk, one in part)
        groups = tuple(_groups(edition)) if number == 1 else ()
        yield _page(edition, number, sheets, groups, counts, comments, len(left) - len(shown))


def _left(edition: Edition) -> list[tuple[Talk, Judged]]:
    """Every comment on an article of this edition that is not printed beneath it, the newest first."""
    found = [
        (talk, one)
        for talk in talks_here(edition)
        if talk.record in edition.places
        for one in talk.said
        if not one.clause.prints
    ]
    found.sort(key=lambda pair: (pair[1].entry.remark.comment.date.at, pair[1].entry.remark.id), reverse=True)
    return found


def _counts(edition: Edition, left: Iterable[tuple[Talk, Judged]]) -> Iterator[str]:
    """How many comments each clause leaves out, in words."""
    many = Counter(one.clause for _, one in left)
    for clause, told in (
        (Clause.DISTRUST, "by contingents that the filter does not trust"),
        (Clause.EXCLUDE, "left out by hand, under comments: exclude"),
        (Clause.ROOM, f"beyond the first {ROOM} that are printed beneath one text"),
    ):
        if many[clause]:
            yield f"{many[clause]} {told}"
    if edition.talks.adrift:
        yield f"{edition.talks.adrift} on records that are not here, and so on no page"


def _comment(edition: Edition, talk: Talk, one: Judged) -> Comment:
    remark = one.entry.remark
    work = ArticleId(talk.record)
    lang = edition.works[work].lang
    return Comment(
        edition.talks.address(talk, remark.id),
        edition.signed(owner(remark.id)),
        edition.title_of(work),
        lang,
        names.direction(lang),
        remark.comment.date.day.isoformat(),
        names.moment_text(remark.comment.date),
        words(edition, one.clause, remark.id),
    )


def _groups(edition: Edition) -> Iterator[Group]:
    """Works by the clause that leaves them out."""
    chosen, selection, works = edition.ctx.filter, edition.ctx.selection, edition.works
    barred = unheard(edition.ctx.commons)
    by_hand = [ArticleId(article) for article in chosen.exclude if article in works]
    yield from _group(edition, by_hand, "Left out by hand", "exclude")
    yield from _group(
        edition,
        sorted(barred, key=lambda id_: (works[id_].date.at, id_), reverse=True),
        "Barred from every edition, as their title or byline could be taken for a word of the whole commons",
        "",
    )
    if chosen.limit is not None:
        yield from _group(
            edition, selection.beyond, "Selected, and beyond the limit", f"limit: {chosen.limit}"
        )
    yield from _group(
        edition, selection.early, f"Dated after {edition.ctx.today}; they wait for their day", ""
    )
    apart = {*barred, *by_hand, *selection.early}
    rest = {work.id for work in works.values() if work.status is t.Status.USABLE} - selection.selected - apart
    if rest:
        beside = sum(place.role == VERSION and id_ in rest for id_, place in edition.places.items())
        shown = (
            f", {beside} of them shown all the same beside a printed version, and marked" if beside else ""
        )
        what = "1 article" if len(rest) == 1 else f"{len(rest)} articles"
        yield Group(f"Not selected: {what}{shown}", chosen.select, (), 0)


def _group(edition: Edition, ids: Iterable[ArticleId], told: str, clause: str) -> Iterator[Group]:
    found = list(ids)
    if found:
        named = tuple(_work(edition, work) for work in found[:NAMED])
        yield Group(told, clause, named, len(found) - len(named))


def _work(edition: Edition, id_: ArticleId) -> Work:
    href = names.article_page(id_) if id_ in edition.places else ""
    return Work(id_, edition.title_of(id_), href, edition.works[id_].lang, edition.signed(owner(id_)))


def _page(
    edition: Edition,
    number: int,
    sheets: int,
    groups: tuple[Group, ...],
    counts: tuple[str, ...],
    comments: tuple[Comment, ...],
    more: int,
) -> Page:
    path = MODERATION if number == 1 else names.numbered(MODERATION, number)
    more = more if number == sheets else 0
    key = digest(edition.base, b"moderation", repr((path, sheets, groups, counts, comments, more)).encode())

    def render(_: object) -> bytes:
        main = edition.theme.html(
            "moderation",
            first=number == 1,
            groups=groups,
            counts=counts if number == 1 else (),
            comments=comments,
            room=ROOM,
            more=more,
            filter=edition.ctx.filter_id,
            sheet=number,
            sheets=sheets,
            newer=(MODERATION if number == 2 else names.numbered(MODERATION, number - 1))
            if number > 1
            else "",
            older=names.numbered(MODERATION, number + 1) if number < sheets else "",
        )
        return edition.page(path, "listing", "Moderation log", main)

    return Page(path, key, (), render)
