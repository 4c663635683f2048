"""The page of one article, and its key."""

from collections.abc import Iterator, Mapping

import msgspec

from newsrepo.commons.model import Work
from newsrepo.editions import forges, licences, metadata, names, reading, records, republish
from newsrepo.editions.chain import Chain, Chains
from newsrepo.editions.discussion import beneath, beneath_facts, beneath_needs
from newsrepo.editions.edition import Edition
from newsrepo.editions.nesting import DEEPEST, Step, nested
from newsrepo.editions.page import Page
from newsrepo.editions.parts import TOMBSTONE, VERSION, Named, digest
from newsrepo.editions.prose import Text, text
from newsrepo.editions.reasons import Reasons
from newsrepo.editions.relations import (
    KINDS,
    kind_words,
    other,
    role_mark,
    story_versions,
    uses_of,
)
from newsrepo.editions.revisions import Past, Pasts, day_text
from newsrepo.editions.theme import Inlays
from newsrepo.ids import ArticleId, Oid
from newsrepo.records import body_text
from newsrepo.records import types as t

WITHDRAWN = (
    "This text was withdrawn by its contingent. Its name stays, so that what leads here leads somewhere."
)
UNSELECTED = (
    "This edition\u2019s filter did not select this version. It is shown so that every version stays in view."
)


_packed = msgspec.msgpack.Encoder(enc_hook=repr).encode
"""Facts as bytes; quicker than their ``repr``, which stands in for what is neither plain nor a struct."""


def article_key(
    edition: Edition, chains: Chains, work_id: ArticleId, past: Past | None = None, view: str = ""
) -> bytes:
    """The digest of everything that an article's page shows, its file's own bytes named by their id.

    ``view`` is where its forge shows that file.
    """
    works, places = edition.works, edition.places
    work = works[work_id]
    place = places[work_id]
    parts: list[object] = [place.role, place.item.by]
    if edition.axes:
        scores = edition.ctx.selection.scores
        for axis in edition.axes:
            score = scores[axis].get(work_id)
            parts.append(f"{score.num}/{score.den}" if score else None)  # numbers of any size
        verdicts = edition.ratings.get(work_id, ())
        parts.append(verdicts)
        parts += [edition.signs(verdict.speaker) for verdict in verdicts]
    if place.role in (VERSION, TOMBSTONE):
        # A listed work's topics, places and authors always have their pages; what is not listed finds them
        # there only if some other work brought them.
        parts.append([a.href for a in edition.author_links(work)])
        parts.append([topic in edition.topics for topic in work.topics])
        parts.append([names.slug(name) in edition.place_names for name in work.places])
    versions = story_versions(edition, work_id)
    if len(versions) > 1:
        parts.append([(edition.facts_of(v), places[v].role) for v in versions])
    if work.based_on:
        parts.append(chains.of(work_id))
    for source in work.links:
        known = works.get(ArticleId(source))
        parts.append((source, known and edition.facts_of(known.id), source in places))
        parts.append(edition.signs(source.partition("/")[0]))
    uses = uses_of(edition, work_id)
    if uses:
        parts.append([(edition.facts_of(use), relation.value) for use, relation in uses])
    media = edition.media.get(work_id)
    if media:
        parts.append(media)
    asked = edition.concerns.get(work_id)
    if asked:
        parts.append(asked)
    if past is not None:
        parts.append((past.times, past.rows[-1].day))
    if view:
        parts.append(view)
    parts += beneath_facts(edition, work_id)
    return digest(edition.article_base, edition.facts_of(work_id), _packed(parts))


def article_pages(edition: Edition, chains: Chains, pasts: Pasts) -> Iterator[Page]:
    """The planned pages of all works that have one, tombstones included, with their files and records."""
    reasons = Reasons(edition)
    for work_id in edition.pages:
        view = file_view(edition, work_id, pasts)
        page = _page(edition, reasons, chains, work_id, pasts.of(work_id), view)
        yield page
        if edition.places[work_id].role != TOMBSTONE:
            yield records.source_page(edition, work_id)
            yield records.record_page(edition, work_id, chains, page.key)


def file_view(edition: Edition, work_id: ArticleId, pasts: Pasts) -> str:
    """Where the forge that a work is homed at shows its very file; empty where there is no such page."""
    known = edition.ctx.commons.contingents.get(edition.works[work_id].owner)
    home = (known.home if known else "") or edition.ctx.commons.charter.home or ""
    return forges.blob_view(home, pasts.commit_of(work_id), edition.works[work_id].path) if home else ""


def _page(
    edition: Edition, reasons: Reasons, chains: Chains, work_id: ArticleId, past: Past | None, view: str
) -> Page:
    return Page(
        names.article_page(work_id),
        article_key(edition, chains, work_id, past, view),
        (edition.works[work_id].version, *beneath_needs(edition, work_id)),
        lambda blobs: _render(edition, reasons, chains.of(work_id), past, view, work_id, blobs),
    )


def _render(
    edition: Edition,
    reasons: Reasons,
    chain: Chain,
    past: Past | None,
    view: str,
    work_id: ArticleId,
    blobs: Mapping[Oid, bytes],
) -> bytes:
    work = edition.works[work_id]
    place = edition.places[work_id]
    path = names.article_page(work_id)
    way = names.prefix(path)
    body = body_text(blobs[work.version])
    notice = ""
    shown: Text | None = None
    if place.role == TOMBSTONE:
        notice = WITHDRAWN
    elif body is None:
        notice = "This text cannot be read; the commons\u2019 own check says why."
    else:
        shown = text(edition, work, body, way)
        if shown.fault:
            notice = f"This text is too complex to be shown: {shown.fault}."
        elif place.role == VERSION:
            notice = UNSELECTED
    inlays = Inlays(edition.theme)
    minutes = reading.minutes(body or "", work.words) if shown and not shown.fault else 0
    versions = [v for v in story_versions(edition, work_id) if v != work_id]
    stories = edition.ctx.stories
    main = edition.theme.html(
        "article",
        w=edition.teaser(work_id),
        kicker=KINDS[work.parent.relation] if work.parent else "",
        based_on=tuple(_credit(edition, work, chain)),
        more=chain.more,
        minutes="1 minute" if minutes == 1 else f"{minutes} minutes" if minutes else "",
        revised=_revised(past),
        revised_day=past.rows[-1].day if past else "",
        revised_text=day_text(past.rows[-1].day) if past else "",
        revisions_href=names.revisions_page(work_id),
        corrections=[other(edition, v, "") for v in versions if _corrects(edition, v, work_id)],
        notice=notice,
        lead=shown.lead if shown else None,
        body=inlays.put(shown.body) if shown else None,
        gallery=shown.rest if shown else None,
        # As plain text: every cut of ``Markup`` is another, and looks at its words again.
        republish=inlays.put(
            republish.box(edition, work_id, chain, view, body, str(shown.body) if shown else "")
        )
        if place.role != TOMBSTONE
        else None,
        credits=work.credits,
        versions=[other(edition, v, kind_words(edition.works[v]), role_mark(edition, v)) for v in versions],
        story_href=names.story_page(stories.root_of(work_id)),
        uses=[
            other(edition, use, "Quoted in" if relation is t.Relation.QUOTE else "Compiled in")
            for use, relation in uses_of(edition, work_id)
        ],
        asked=edition.concerns.get(work_id),
        why=reasons.words(work_id),
        ratings=reasons.table(work_id),
        filter=edition.ctx.filter_id,
        topics=edition.links(
            Named(names.topic_text(topic), f"topics/{topic}.html" if topic in edition.topics else "")
            for topic in work.topics
        ),
        places=edition.links(
            Named(name, f"places/{slug}.html" if (slug := names.slug(name)) in edition.place_names else "")
            for name in work.places
        ),
        license=work.license or "not stated",
        deed=licences.address(work.license),
        cite=f"{work_id}@{work.version}",
        source=names.source_file(work_id) if place.role != TOMBSTONE else "",
        record=names.record_file(work_id),
        view=view,
        view_host=names.host(view),
        comments=beneath(edition, work, blobs, way, revised=past is not None),
    )
    head = metadata.head(edition, work_id, chain, past, minutes)
    return edition.page(
        path, "reading", work.title, main, inlays=inlays, description=work.summary, way=way, head=head
    )


def _corrects(edition: Edition, work_id: ArticleId, corrected: ArticleId) -> bool:
    """Whether a work is a correction of another by whoever, and there to be read."""
    parent = edition.works[work_id].parent
    if parent is None or parent.relation is not t.Relation.CORRECTION:
        return False
    return parent.article == corrected and edition.places[work_id].role != TOMBSTONE


def _credit(edition: Edition, work: Work, chain: Chain) -> Iterator[Step]:
    """The lines of credit, each below the one that it stands behind."""
    langs = _languages(work, chain)
    yield from nested(
        (min(depth, DEEPEST), edition.theme.html("credit", c=line, lang=lang, dir=_direction(lang)))
        for (depth, line), lang in zip(chain.lines, langs, strict=True)
    )


def _languages(work: Work, chain: Chain) -> Iterator[str]:
    """The language in which each line says what was changed: that of the text it stands in, not the source's.

    Empty where that text is not at hand.
    """
    above = [work.lang]
    for depth, line in chain.lines:
        yield above[min(depth, len(above) - 1)]
        above[depth + 1 :] = [line.lang]


def _direction(lang: str) -> str:
    return names.direction(lang) if lang else "auto"


def _revised(past: Past | None) -> str:
    if past is None:
        return ""
    return "once" if past.times == 1 else f"{past.times} times"
