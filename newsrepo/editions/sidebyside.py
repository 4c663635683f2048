"""The versions of a story set side by side, each beside what it is based on, differences marked.

Only stories of several versions cost anything here. What is compared is the text that was cited, as it is
kept beside the version that cites it; where it is not kept, the source as it stands now, and that is said.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from markupsafe import Markup

from newsrepo.commons.model import Work
from newsrepo.credit.passages import abreast, compare
from newsrepo.editions import names
from newsrepo.editions.comparison import passages_html
from newsrepo.editions.edition import Edition
from newsrepo.editions.parts import TOMBSTONE
from newsrepo.editions.relations import DERIVED
from newsrepo.ids import ArticleId, Oid
from newsrepo.records import body_text

MOST = 20
"""How many versions of one story are set beside their sources; the page's tree links to all of them."""

LARGEST = 200_000
"""Bytes of two texts that a page compares; what is longer is left to `newsrepo diff`."""


class Couple(NamedTuple):
    """A version and its source, the texts to compare by object id; ``now``: the source as it stands now."""

    work: ArticleId
    source: ArticleId
    old: Oid
    new: Oid
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


def couples(edition: Edition, versions: Iterable[ArticleId]) -> tuple[Couple, ...]:
    """What the page of a story with these versions compares; nothing withheld, withdrawn or dated later."""
    found: list[Couple] = []
    for work_id in versions:
        work = edition.works[work_id]
        parent = work.parent
        if parent is None or len(found) == MOST:
            continue
        source = ArticleId(parent.article)
        if not (_is_shown(edition, work_id) and _is_shown(edition, source)):
            continue
        cited = Oid(parent.version)
        kept = edition.ctx.commons.files.get(f"articles/{work_id}/sources/{cited}.md")
        at_hand = (kept is not None and kept[1] == cited) or edition.works[source].version == cited
        old = cited if at_hand else edition.works[source].version
        found.append(Couple(work_id, source, old, work.version, not at_hand))
    return tuple(found)


def _is_shown(edition: Edition, work_id: ArticleId) -> bool:
    place = edition.places.get(work_id)
    return place is not None and place.role != TOMBSTONE


def sides(edition: Edition, found: Iterable[Couple], blobs: Mapping[Oid, bytes]) -> Iterator[Sides]:
    """Each couple as the page shows it."""
    for couple in found:
        work, source = edition.works[couple.work], edition.works[couple.source]
        old, new = body_text(blobs[couple.old]), body_text(blobs[couple.new])
        passages = Markup()
        note = "as it stands now; the text that it is based on is not kept" if couple.now else ""
        if old is None or new is None:
            note = "one of the two texts cannot be read"
        elif len(old) + len(new) > LARGEST:
            note = f"too long to be compared here; newsrepo diff {source.id} {work.id} does it"
        else:
            two = work.lang.partition("-")[0] != source.lang.partition("-")[0]
            body = abreast(old, new) if two else compare(old, new)
            passages = passages_html(edition.theme, body, source.lang, work.lang)
        words = DERIVED[work.parent.relation] if work.parent else ""
        yield Sides(_named(edition, work), words, _named(edition, source), note, passages)


def _named(edition: Edition, work: Work) -> Named:
    return Named(
        names.article_page(work.id),
        work.title,
        work.lang,
        names.direction(work.lang),
        edition.signed(work.owner),
    )
