"""The page of one article: the text, where it comes from, why it is here, and its other versions."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from markupsafe import Markup

from newsrepo.commons.model import Remark, Standing, Work
from newsrepo.editions import markdown, names
from newsrepo.editions.edition import (
    LEAD,
    OTHER,
    TOMBSTONE,
    VERSION,
    Edition,
    MediaFile,
    digest,
)
from newsrepo.editions.page import Page
from newsrepo.ids import ArticleId, AxisId, Oid
from newsrepo.records import types as t

WITHDRAWN = (
    "This text was withdrawn by its contingent. Its name stays, so that what leads here leads somewhere."
)
UNSELECTED = (
    "This edition\u2019s filter did not select this version. It is shown so that every version stays in view."
)

SHORT = 10
"""How many digits of a version a reader is shown."""

DERIVED = {
    t.Relation.REWRITE: "A rewrite of",
    t.Relation.CORRECTION: "A correction of",
    t.Relation.TRANSLATION: "A translation of",
    t.Relation.SUMMARY: "A summary of",
    t.Relation.ABRIDGEMENT: "Abridged from",
    t.Relation.QUOTE: "Quotes",
    t.Relation.COMPILATION: "Draws on",
}
KINDS = {
    t.Relation.REWRITE: "Rewrite",
    t.Relation.CORRECTION: "Correction",
    t.Relation.TRANSLATION: "Translation",
    t.Relation.SUMMARY: "Summary",
    t.Relation.ABRIDGEMENT: "Abridgement",
}
COMMENT_LABELS = {
    t.CommentKind.COMMENT: "",
    t.CommentKind.QUESTION: "Question",
    t.CommentKind.SUMMARY: "Summary of the discussion",
}


class Source(NamedTuple):
    """A work that this one is based on, as its credit line shows it."""

    words: str
    href: str
    title: str
    lang: str
    dir: str
    by: str
    by_href: str
    version: str
    note: str
    changes: str


class Other(NamedTuple):
    """Another work of the commons, as one line."""

    words: str
    href: str
    title: str
    lang: str
    dir: str
    by: str
    day: str
    day_text: str
    mark: str


class Cell(NamedTuple):
    mean: str
    raters: str


class Row(NamedTuple):
    name: str
    href: str
    cells: tuple[Cell | None, ...]


class AxisHead(NamedTuple):
    title: str
    range: str
    score: str


def kind_words(work: Work) -> str:
    """What a work is within its story: ``Original``, ``Rewrite``, …"""
    return KINDS[work.parent.relation] if work.parent else "Original"


def role_mark(edition: Edition, work_id: ArticleId) -> str:
    """What to say of a version that this edition's filter did not choose."""
    place = edition.places.get(work_id)
    if place is None:
        withheld = edition.works[work_id].status is t.Status.WITHHELD
        return "withheld by its contingent" if withheld else "dated later than this edition"
    return {
        LEAD: "",
        OTHER: "",
        VERSION: "not selected by this edition\u2019s filter",
        TOMBSTONE: "withdrawn by its contingent",
    }[place.role]


def story_versions(edition: Edition, work_id: ArticleId) -> tuple[ArticleId, ...]:
    """All works of this story that have a page here, this one among them, by date and id."""
    stories = edition.ctx.stories
    members = stories.members(stories.root_of(work_id))
    if len(members) == 1:
        return members
    shown = [m for m in members if m in edition.places]
    return tuple(sorted(shown, key=lambda m: (edition.works[m].date.at, m)))


def _based_on(edition: Edition, work: Work) -> Iterator[Source]:
    for derivation in work.based_on:
        source_id = ArticleId(derivation.article)
        source = edition.works.get(source_id)
        shown = source if source and source.status is not t.Status.WITHHELD else None
        owner = source_id.partition("/")[0]
        here = source_id in edition.places
        if source is None:
            note = "not in this commons as it was read"
        elif source.status is t.Status.WITHHELD:
            note = "withheld by its contingent"
        elif not here:
            note = "not in this edition"
        else:
            note = "" if source.version == derivation.version else "since revised"
        yield Source(
            DERIVED[derivation.relation],
            names.article_page(source_id) if here else "",
            edition.title_of(source_id),
            shown.lang if shown else "",
            names.direction(shown.lang) if shown else "",
            edition.signed(owner),
            edition.contingent_href(owner),
            f"{source_id}@{derivation.version[:SHORT]}",
            note,
            derivation.changes or "",
        )


def other(edition: Edition, work_id: ArticleId, words: str, mark: str = "") -> Other:
    """A line about another work that has a page in this edition."""
    work = edition.works[work_id]
    return Other(
        words,
        names.article_page(work_id),
        work.title,
        work.lang,
        names.direction(work.lang),
        edition.signed(work.owner),
        str(work.date),
        names.moment_text(work.date),
        mark,
    )


def _uses(edition: Edition, work_id: ArticleId) -> list[tuple[ArticleId, t.Relation]]:
    """The works outside this story that say they are based on this one and have a page here."""
    found = {
        use.work: use.derivation.relation
        for use in edition.ctx.stories.uses_of(work_id)
        if not use.derivation.relation.is_parent
        and use.work in edition.places
        and edition.places[use.work].role != TOMBSTONE
    }
    return sorted(found.items())


def _why(edition: Edition, work_id: ArticleId) -> tuple[str, str]:
    """Why the work is in the edition, in words, and the query that says more."""
    place = edition.places[work_id]
    title = edition.title
    if place.role == TOMBSTONE:
        return "It is a version of a story that this edition prints, and was withdrawn.", ""
    if place.role == VERSION:
        return (
            f"The filter of \u201c{title}\u201d did not select it; all versions of a story are shown.",
            "",
        )
    if place.role == OTHER:
        return (
            f"The filter of \u201c{title}\u201d selects it beside the version that leads this story:",
            edition.ctx.filter.select,
        )
    if place.item.by == "select":
        return f"The filter of \u201c{title}\u201d selects it:", edition.ctx.filter.select
    return f"The editors of \u201c{title}\u201d picked it by hand.", ""


def _ratings(edition: Edition, work_id: ArticleId) -> tuple[tuple[AxisHead, ...], tuple[Row, ...]]:
    """The score table: an axis a column, a contingent a row."""
    scores = edition.ctx.selection.scores
    given = edition.ratings.get(work_id, [])
    axes = edition.axes
    if not axes:
        return (), ()
    heads = []
    for axis in axes:
        known = edition.ctx.commons.axes[axis]
        score = scores[axis].get(work_id)
        heads.append(
            AxisHead(
                known.title,
                f"{names.mean_text(known.min * 1_000_000)} to {names.mean_text(known.max * 1_000_000)}",
                names.decimal_text(score.num, score.den) if score else "",
            )
        )
    cells: dict[str, dict[AxisId, Cell]] = {}
    for axis, standing in given:
        cells.setdefault(standing.contingent, {})[axis] = _cell(standing)
    rows = [
        Row(edition.name_of(c), edition.contingent_href(c), tuple(by_axis.get(a) for a in axes))
        for c, by_axis in sorted(cells.items())
    ]
    return tuple(heads), tuple(rows)


def _cell(standing: Standing) -> Cell:
    raters = "1 rater" if standing.raters == 1 else f"{standing.raters} raters"
    return Cell(
        names.mean_text(standing.mean), f"{raters}, an earlier version" if standing.carried else raters
    )


# --- media -----------------------------------------------------------------------------------------


def figure(
    edition: Edition,
    entry: t.Media,
    files: Mapping[str, MediaFile],
    base: str,
    lang: str,
    *,
    lazy: bool,
) -> markdown.Figure | None:
    """One medium as it is shown; ``base`` leads to the article's folder. None: its file is not to be had."""
    file = files.get(entry.file) if entry.file else None
    poster = files.get(entry.poster) if entry.poster else None
    if entry.file and file is None:
        return None
    still = file if file and file.kind == "image" else poster
    facts: dict[str, Any] = {
        "src": f"{base}{file.name}" if file else "",
        "alt": entry.alt or "",
        "width": still.width if still else 0,
        "height": still.height if still else 0,
    }
    block = edition.theme.html(
        "figure",
        **facts,
        kind=file.kind if file else "away",
        lazy=lazy,
        poster=f"{base}{poster.name}" if poster and poster.kind == "image" else "",
        url=entry.url or "",
        host=names.host(entry.url or ""),
        duration=names.duration_text(entry.duration) if entry.duration else "",
        caption=entry.caption or "",
        lang=lang,
        dir=names.direction(lang),
        creator=entry.creator or "",
        license=entry.license or "",
        source=entry.source or "",
        source_host=names.host(entry.source or ""),
    )
    inline = edition.theme.html("inline", **facts) if file and file.kind == "image" else None
    return markdown.Figure(block, inline, f"{base}{file.name}" if file else entry.url or "")


class Text(NamedTuple):
    """An article's text as HTML, with the pictures that it does not place itself."""

    body: Markup
    lead: Markup | None
    rest: Markup
    fault: str


def text(edition: Edition, work: Work, record: t.Article, way: str, *, ids: str = "fn", top: int = 2) -> Text:
    """The text of ``record`` with its pictures, for a page or feed from which ``way`` leads to the top."""
    files = {file.name: file for file in edition.media.get(work.id, ())}
    base = f"{way}articles/{work.id}/"
    figures: dict[str, markdown.Figure] = {}
    for number, entry in enumerate(record.media):
        made = figure(edition, entry, files, base, work.lang, lazy=number > 0)
        if made is not None:
            figures[entry.file or entry.url or ""] = made

    def resolve(target: ArticleId, version: str) -> markdown.Resolved:
        found = edition.works.get(target)
        owner = target.partition("/")[0]
        if target in edition.places and found is not None:
            revised = bool(version) and not found.version.startswith(version)
            return markdown.Resolved(
                f"{way}{names.article_page(target)}", "revised since this was written" if revised else ""
            )
        where = "not in this edition" if found else "not in this commons as it was read"
        return markdown.Resolved("", f"{target}, {edition.signed(owner)}: {where}")

    body = markdown.render(record.body, figures, resolve, ids=ids, top=top)
    left = [key for key in figures if key not in body.used]
    first = next(iter(figures), None)
    lead = figures[first].block if first is not None and first in left else None
    rest = Markup("\n").join(figures[key].block for key in left if lead is None or key != first)
    return Text(body.html, lead, rest, body.fault)


# --- the page --------------------------------------------------------------------------------------


def article_key(edition: Edition, work_id: ArticleId) -> bytes:
    """The digest of everything that an article's page shows, its file's own bytes named by their id."""
    works, places = edition.works, edition.places
    work = works[work_id]
    place = places[work_id]
    parts: list[object] = [place.role, place.item.by]
    if edition.axes:
        scores = edition.ctx.selection.scores
        for axis in edition.axes:
            score = scores[axis].get(work_id)
            parts.append((score.num, score.den) if score else None)
        parts.extend(
            (axis, s.contingent, edition.name_of(s.contingent), s.mean, s.raters, s.carried)
            for axis, s in edition.ratings.get(work_id, ())
        )
    if place.role in (VERSION, TOMBSTONE):
        # A listed work's topics, places and authors always have their pages; what is not listed finds them
        # there only if some other work brought them.
        parts.append([a.href for a in edition.author_links(work)])
        parts.append([topic in edition.topics for topic in work.topics])
        parts.append([names.slug(name) in edition.place_names for name in work.places])
    versions = story_versions(edition, work_id)
    if len(versions) > 1:
        parts.append([(edition.facts_of(v), places[v].role) for v in versions])
    for source in (*(d.article for d in work.based_on), *work.links):
        known = works.get(ArticleId(source))
        parts.append((source, known and edition.facts_of(known.id), source in places))
        parts.append(edition.signs(source.partition("/")[0]))
    uses = _uses(edition, work_id)
    if uses:
        parts.append([(edition.facts_of(use), relation.value) for use, relation in uses])
    media = edition.media.get(work_id)
    if media:
        parts.append(media)
    for remark in edition.comments.get(work_id, ()):
        owner = remark.id.partition(":")[2].partition("/")[0]
        parts.append((remark.id, remark.version, edition.signs(owner)))
    return digest(edition.article_base, edition.facts_of(work_id), repr(parts).encode())


def article_page(edition: Edition, work_id: ArticleId) -> Page:
    """The planned page of one work, a tombstone's included."""
    remarks = edition.comments.get(work_id, [])
    return Page(
        names.article_page(work_id),
        article_key(edition, work_id),
        (edition.works[work_id].version, *(r.version for r in remarks)),
        lambda blobs: _render(edition, work_id, blobs),
    )


def _render(edition: Edition, work_id: ArticleId, blobs: Mapping[Oid, bytes]) -> bytes:
    work = edition.works[work_id]
    place = edition.places[work_id]
    path = names.article_page(work_id)
    way = names.prefix(path)
    record = edition.ctx.article(blobs[work.version], work.path)
    notice = ""
    shown: Text | None = None
    if place.role == TOMBSTONE:
        notice = WITHDRAWN
    elif record is None:
        notice = "This text cannot be read; the commons\u2019 own check says why."
    else:
        shown = text(edition, work, record, way)
        if shown.fault:
            notice = f"This text is too complex to be shown: {shown.fault}."
        elif place.role == VERSION:
            notice = UNSELECTED
    versions = [
        other(edition, v, kind_words(edition.works[v]), role_mark(edition, v))
        for v in story_versions(edition, work_id)
        if v != work_id
    ]
    stories = edition.ctx.stories
    heads, rows = _ratings(edition, work_id)
    why, query = _why(edition, work_id)
    main = edition.theme.html(
        "article",
        w=edition.teaser(work_id),
        kicker=KINDS[work.parent.relation] if work.parent else "",
        based_on=tuple(_based_on(edition, work)),
        notice=notice,
        lead=shown.lead if shown else None,
        body=shown.body if shown else None,
        gallery=shown.rest if shown else None,
        credits=record.credits if record else (),
        versions=versions,
        story_href=names.story_page(stories.root_of(work_id)),
        uses=[
            other(edition, use, "Quoted in" if relation is t.Relation.QUOTE else "Compiled in")
            for use, relation in _uses(edition, work_id)
        ],
        why=why,
        query=query,
        axes=heads,
        ratings=rows,
        topics=[(topic, f"topics/{topic}.html" if topic in edition.topics else "") for topic in work.topics],
        places=[
            (name, f"places/{slug}.html" if (slug := names.slug(name)) in edition.place_names else "")
            for name in work.places
        ],
        license=work.license or "not stated",
        cite=f"{work_id}@{work.version[:SHORT]}",
        comments=_comments(edition, work, blobs, way),
    )
    return edition.page(path, "reading", work.title, main, description=work.summary, way=way)


def _anchor(remark_id: str) -> str:
    return f"comment-{remark_id.partition(':')[2].replace('/', '-')}"


def _comments(edition: Edition, work: Work, blobs: Mapping[Oid, bytes], way: str) -> list[dict[str, Any]]:
    remarks: list[Remark] = edition.comments.get(work.id, [])
    here = {remark.id for remark in remarks}
    made = []
    for number, remark in enumerate(remarks, 1):
        record = edition.ctx.comment(blobs[remark.version], remark.path)
        if record is None:
            continue

        def resolve(target: ArticleId, version: str) -> markdown.Resolved:  # noqa: ARG001
            here = target in edition.places
            return markdown.Resolved(f"{way}{names.article_page(target)}" if here else "")

        body = markdown.render(record.body, None, resolve, ids=f"c{number}", top=3)
        owner = remark.id.partition(":")[2].partition("/")[0]
        made.append(
            {
                "id": _anchor(remark.id),
                "kind": record.kind.value,
                "label": COMMENT_LABELS[record.kind],
                "authors": ", ".join(author.name for author in record.authors),
                "owner_href": edition.contingent_href(owner),
                "signature": edition.signed(owner),
                "day": str(record.date),
                "day_text": names.moment_text(record.date),
                "reply": _anchor(record.reply_to) if record.reply_to in here and record.reply_to else "",
                "quote": record.quote or "",
                "lang": record.lang,
                "dir": names.direction(record.lang),
                "body": body.html,
            }
        )
    return made
