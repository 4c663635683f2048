"""What stands beside a work in the commons: what it is based on, its other versions, who uses it."""

from typing import NamedTuple

from newsrepo.commons.model import Work
from newsrepo.editions import names
from newsrepo.editions.edition import Edition
from newsrepo.editions.parts import LEAD, OTHER, TOMBSTONE, VERSION
from newsrepo.ids import ArticleId
from newsrepo.records import types as t

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


USURPED = "left out: its title or byline could be taken for the name of the commons"


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


def kind_words(work: Work) -> str:
    """What a work is within its story: ``Original``, ``Rewrite``, …"""
    return KINDS[work.parent.relation] if work.parent else "Original"


def role_mark(edition: Edition, work_id: ArticleId) -> str:
    """What to say of a version that this edition's filter did not choose."""
    place = edition.places.get(work_id)
    if place is None:
        work = edition.works[work_id]
        if work.status is t.Status.WITHHELD:
            return "withheld by its contingent"
        return USURPED if edition.usurps(work) else "dated later than this edition"
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


def uses_of(edition: Edition, work_id: ArticleId) -> list[tuple[ArticleId, t.Relation]]:
    """The works outside this story that say they are based on this one and have a page here."""
    found = {
        use.work: use.derivation.relation
        for use in edition.ctx.stories.uses_of(work_id)
        if not use.derivation.relation.is_parent
        and use.work in edition.places
        and edition.places[use.work].role != TOMBSTONE
    }
    return sorted(found.items())
