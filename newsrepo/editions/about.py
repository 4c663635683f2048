"""The page about the edition: its filter in words, whom it trusts, what it was made from, how to check it.

It is the only page that names commits, so that a commit which changes nothing else renders it alone.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from newsrepo.editions import names
from newsrepo.editions.edition import Edition
from newsrepo.editions.page import Page
from newsrepo.editions.parts import Named, digest
from newsrepo.editions.rooms import ABOUT
from newsrepo.filters import parse_query
from newsrepo.filters.check import FADE
from newsrepo.filters.query import When
from newsrepo.filters.words import Names, in_words, span_words
from newsrepo.ids import ArticleId, AxisId, ContingentId
from newsrepo.records import types as t
from newsrepo.records.scalars import Span
from newsrepo.scores import Trust, trusted

SHORT = 12
"""Digits of a commit that are shown; the manifest has all."""

NOBODY: tuple[ContingentId, ...] = ()

PICKS = 30
"""How many works picked by hand are named."""


class Rule(NamedTuple):
    """A part of the front page, or the whole edition: what an article must meet, and the query as written."""

    title: str
    conditions: tuple[str, ...]
    query: str


class Trusted(NamedTuple):
    """One voice: whose it is, how much it counts, through whom, how many articles of theirs are listed."""

    name: str
    href: str
    weight: str
    via: tuple[Named, ...]
    printed: int


class Picks(NamedTuple):
    """Works picked by hand, or left out by hand: the first few, and how many more there are."""

    words: str
    works: tuple[Named, ...]
    more: int


class Tip(NamedTuple):
    """A commit that was read: of whom, and its first digits."""

    name: str
    href: str
    commit: str


class Facts(NamedTuple):
    """Everything that the page tells."""

    filter: str
    rule: Rule
    sections: tuple[Rule, ...]
    picks: tuple[Picks, ...]
    order: tuple[str, ...]
    versions: tuple[str, ...]
    limit: str
    counts: tuple[str, ...]
    trusted: tuple[Trusted, ...]
    prior: str
    carry: str
    through: str
    day: str
    day_text: str
    generator: str
    version: str
    tips: tuple[Tip, ...]
    stale: tuple[Named, ...]
    epochs: tuple[str, ...]
    unverifiable: str
    commons: str
    home: str
    licenses: tuple[str, ...]


def about_page(edition: Edition) -> Page:
    """The page ``about.html``."""
    facts = _facts(edition)

    def render(_: object) -> bytes:
        main = edition.theme.html("about", f=facts, title=edition.title, lang=edition.lang, dir=edition.dir)
        return edition.page(ABOUT, "listing", "About this edition", main)

    return Page(ABOUT, digest(edition.base, b"about", repr(facts).encode()), (), render)


def _facts(edition: Edition) -> Facts:
    ctx = edition.ctx
    chosen, made, charter = ctx.filter, ctx.made, ctx.commons.charter
    trust = trusted(chosen, ctx.commons.contingents)
    words = _names(edition)
    through = chosen.trust_through
    return Facts(
        filter=ctx.filter_id,
        rule=_rule(words, "", chosen.select),
        sections=tuple(_rule(words, s.title, s.select) for s in chosen.edition.sections),
        picks=tuple(_picks(edition)),
        order=tuple(_order(words, chosen)),
        versions=tuple(_versions(edition)),
        limit=_many(chosen.limit, "story", "stories") if chosen.limit else "",
        counts=tuple(_counts(edition)),
        trusted=tuple(_trusted(edition, trust)),
        prior=names.weight_text(trust.prior),
        carry=names.weight_text(trust.carry),
        through=_through(through) if through else "",
        day=ctx.today.isoformat(),
        day_text=names.day_text(ctx.today),
        generator=made.generator if made else "",
        version=(made.filter_version or "")[:SHORT] if made else "",
        tips=tuple(_tips(edition)),
        stale=tuple(_linked(edition, c) for c in made.pins.stale) if made and made.pins else (),
        epochs=tuple(epoch[:SHORT] for epoch in made.epochs) if made else (),
        unverifiable=made.unverifiable if made else "",
        commons=charter.name,
        home=charter.home or "",
        licenses=charter.licenses,
    )


def _many(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def _linked(edition: Edition, contingent: str) -> Named:
    return Named(edition.name_of(contingent), edition.contingent_href(contingent))


def _names(edition: Edition) -> Names:
    def axis(name: AxisId) -> str:
        known = edition.ctx.commons.axes.get(name)
        if known is None:
            return name
        owner, slash, _ = name.partition("/")
        whose = f" of {edition.name_of(owner)}" if slash else ""
        return f"\u201c{edition.harmless(known.title, name)}\u201d{whose}"

    def day(when: When) -> str:
        if not isinstance(when.when, Span):
            return names.day_text(when.when.date)
        try:
            first = edition.ctx.today - timedelta(days=when.when.days)
        except OverflowError:
            return f"{span_words(when.when)} before this edition\u2019s day"
        return f"{names.day_text(first)} ({span_words(when.when)} before this edition\u2019s day)"

    return Names(axis, edition.name_of, lambda a: f"\u201c{edition.title_of(ArticleId(a))}\u201d", day)


def _rule(words: Names, title: str, select: str) -> Rule:
    return Rule(title, in_words(parse_query(select), words), select)


def _picks(edition: Edition) -> Iterator[Picks]:
    chosen = edition.ctx.filter
    for words, works in (
        ("Put first by hand", chosen.lead),
        ("Picked by hand", chosen.include),
        ("Left out by hand", chosen.exclude),
    ):
        if works:
            shown = tuple(
                Named(
                    edition.title_of(ArticleId(work)),
                    names.article_page(ArticleId(work)) if ArticleId(work) in edition.places else "",
                )
                for work in works[:PICKS]
            )
            yield Picks(words, shown, len(works) - len(shown))


def _order(words: Names, chosen: t.Filter) -> Iterator[str]:
    """What is added up to a work's points; fading comes last."""
    for key, pull in sorted(chosen.order.items(), key=lambda pair: (pair[0] == FADE, pair[0])):
        if isinstance(pull.value, Span):
            yield f"one point less for every {span_words(pull.value).removeprefix('1 ')} of age"
        elif (weight := pull.value.fraction) == 1:
            yield f"the score for {words.axis(AxisId(key))}"
        else:
            yield f"{names.number_text(weight)} times the score for {words.axis(AxisId(key))}"


_ELSE = {
    t.Lead.BEST: "the one that the order below puts first",
    t.Lead.NEWEST: "the newest one",
    t.Lead.ORIGINAL: "the one that the others are based on",
}


def _versions(edition: Edition) -> Iterator[str]:
    """Which of a story's selected versions leads, in the order of asking."""
    versions = edition.ctx.filter.versions
    for contingent in versions.prefer:
        yield f"one by {edition.name_of(contingent)}"
    yield _ELSE[versions.otherwise]


def _counts(edition: Edition) -> Iterator[str]:
    found = edition.ctx.selection
    yield f"{_many(len(found.items), 'story', 'stories')} on its front page and in its sections"
    pages = _many(len(edition.pages), "article", "articles")
    yield f"{pages} with a page, all versions of a story among them"
    if found.beyond:
        yield f"{_many(len(found.beyond), 'story', 'stories')} selected and beyond its limit"
    if found.early:
        yield f"{_many(len(found.early), 'work', 'works')} dated later, which wait for their day"


def _trusted(edition: Edition, trust: Trust) -> Iterator[Trusted]:
    """All voices, the weightiest first."""
    rows = [
        (single.weight, single.contingent, single.rater.partition("/")[2], NOBODY) for single in trust.singles
    ]
    rows += [(voice.weight, voice.contingent, "", voice.via) for voice in (*trust.direct, *trust.inherited)]
    for weight, contingent, rater, via in sorted(rows, key=lambda row: (-row[0], row[1], row[2])):
        name, href = _linked(edition, contingent)
        yield Trusted(
            f"{name}: {rater}" if rater else name,
            href,
            names.weight_text(weight),
            tuple(_linked(edition, one) for one in via),
            len(edition.by_contingent.get(contingent, ())),
        )


def _through(through: t.Through) -> str:
    steps = _many(through.hops, "step", "steps")
    return f"up to {steps} of vouching away, each step times {names.weight_text(through.factor.fraction)}"


def _tips(edition: Edition) -> Iterator[Tip]:
    """The publisher's own commit, then that of every home that was read, by contingent."""
    made = edition.ctx.made
    for number, source in enumerate(made.sources if made else ()):
        owner = source.ref.rpartition("@")[0] if number else edition.owner
        name, href = _linked(edition, owner)
        whose = name if number else "this edition\u2019s own branch"
        yield Tip(whose, href, (source.commit or "")[:SHORT])
