"""The versions of a story set side by side, each beside what it is based on, differences marked.

Only stories of several versions cost anything here. What is compared is the text that was cited, as it is
kept beside the version that cites it; where it is not kept, the source as it stands now, and that is said. A
source that is gone still stands beside what was made of it, by the text that was kept.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from markupsafe import Markup

from newsrepo.commons.model import Work
from newsrepo.editions import names
from newsrepo.editions.chain import Chains
from newsrepo.editions.columns import compared, shown_text
from newsrepo.editions.comparison import passages_html
from newsrepo.editions.edition import Edition
from newsrepo.editions.parts import TOMBSTONE
from newsrepo.editions.relations import DERIVED
from newsrepo.ids import ArticleId, Kind, Oid, owner
from newsrepo.records import body_text, parse
from newsrepo.records import types as t

MOST = 20
"""How many versions of one story are set beside their sources; the page's tree links to all of them."""

LARGEST = 200_000
"""Bytes of two texts that a page compares; what is longer is left to `newsrepo diff`."""


UNSEEN = "the words are the same; what differs is how they are set, a picture or where a link leads"


class Couple(NamedTuple):
    """A version and its source, the texts to compare by object id, and where the older is shown.

    ``now``: the source as it stands now, for want of the text that is cited.
    """

    work: ArticleId
    source: ArticleId
    old: Oid
    new: Oid
    href: str
    now: bool


class Named(NamedTuple):
    """A version as the page names it."""

    href: str
    title: str
    lang: str
    dir: str
    by: str


class Sides(NamedTuple):
    """Two versions as the page shows them; ``words`` say what the newer is of the older."""

    new: Named
    words: str
    old: Named
    note: str
    passages: Markup


def couples(edition: Edition, chains: Chains, versions: Iterable[ArticleId]) -> tuple[Couple, ...]:
    """What the page of a story with these versions compares; nothing withheld, withdrawn or dated later."""
    found: list[Couple] = []
    for work_id in versions:
        work = edition.works[work_id]
        parent = work.parent
        if parent is None or len(found) == MOST:
            continue
        source, cited = ArticleId(parent.article), Oid(parent.version)
        if not _is_shown(edition, work_id):
            continue
        href = chains.href(work, source, cited)
        if href == names.cited_page(source, cited):
            found.append(Couple(work_id, source, cited, work.version, href, now=False))
        elif _is_shown(edition, source):
            now = edition.works[source].version
            found.append(Couple(work_id, source, now, work.version, href, now=now != cited))
    return tuple(found)


def _is_shown(edition: Edition, work_id: ArticleId) -> bool:
    place = edition.places.get(work_id)
    return place is not None and place.role != TOMBSTONE


def sides(edition: Edition, found: Iterable[Couple], blobs: Mapping[Oid, bytes]) -> Iterator[Sides]:
    """Each couple as the page shows it."""
    for couple in found:
        work, source = edition.works[couple.work], _source(edition, couple, blobs)
        old, new = body_text(blobs[couple.old]), body_text(blobs[couple.new])
        passages = Markup()
        note = "as it stands now; the text that it is based on is not kept" if couple.now else ""
        if old is None or new is None:
            note = "one of the two texts cannot be read"
        elif len(old) + len(new) > LARGEST:
            note = f"too long to be compared here; newsrepo diff {couple.source} {work.id} does it"
        else:
            two = work.lang.partition("-")[0] != source.lang.partition("-")[0]
            body = compared(shown_text(old), shown_text(new), translated=two)
            if body.same and old != new:
                note = note or UNSEEN
            passages = passages_html(edition.theme, body, source.lang, work.lang)
        words = DERIVED[work.parent.relation] if work.parent else ""
        newer = Named(
            names.article_page(work.id), work.title, work.lang, *_signed(edition, work.id, work.lang)
        )
        yield Sides(newer, words, source, note, passages)


def _source(edition: Edition, couple: Couple, blobs: Mapping[Oid, bytes]) -> Named:
    """The older of the two as the text that is compared calls itself."""
    what: Work | t.Article | None = edition.works.get(couple.source)
    if what is None or (isinstance(what, Work) and what.version != couple.old):
        record = parse(Kind.ARTICLE, blobs[couple.old], "index.md").record
        what = record if isinstance(record, t.Article) else what
    title, lang = (what.title, what.lang) if what is not None else (couple.source, "")
    title = edition.harmless(title, couple.source)
    return Named(couple.href, title, lang, *_signed(edition, couple.source, lang))


def _signed(edition: Edition, article: ArticleId, lang: str) -> tuple[str, str]:
    return names.direction(lang), edition.signed(owner(article))
