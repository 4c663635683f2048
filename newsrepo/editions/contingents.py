"""The pages of contingents: who they are, what they wrote, how they rate, and whether they keep their word.

What is told of their ratings is what this edition counts: of its own works, by those whom its filter hears.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from newsrepo.editions import names
from newsrepo.editions.asked import INDEX as LEDGER
from newsrepo.editions.asked import Asked, Row, row, sorted_out
from newsrepo.editions.edition import Edition
from newsrepo.editions.lists import Entry, Heading, index_page, initials, list_pages
from newsrepo.editions.page import Page
from newsrepo.editions.parts import Named, joined
from newsrepo.ids import ContingentId, Kind
from newsrepo.ledger import WAITING, count
from newsrepo.ledger import Entry as Ledgered
from newsrepo.records import types as t

INDEX = "contingents/index.html"
SHOWN = 20
"""How many questions a contingent's page lists, and how many votes."""

PROMISES = {
    t.Promise.CREDIT: "credit: whoever they use or rewrite is credited and linked",
    t.Promise.ANSWERS: "answers: a public question to them gets a public answer",
}


def contingent_pages(edition: Edition) -> Iterator[Page]:
    """The list of contingents, and the pages of each."""
    known = edition.ctx.commons.contingents
    asked = sorted_out(edition)
    entries = [Entry(edition.name_of(c), names.contingent_page(c), _amount(edition, asked, c)) for c in known]
    yield index_page(
        edition,
        INDEX,
        "Contingents",
        f"Who takes part in {edition.ctx.commons.charter.name}, and how much of theirs this edition prints.",
        initials(entries),
        "Nobody takes part yet.",
    )
    rated = _rated(edition)
    vouched: dict[str, list[str]] = {}
    for contingent, record in sorted(known.items()):
        for other in record.vouches:
            vouched.setdefault(other, []).append(contingent)
    for contingent, record in sorted(known.items()):
        lang = record.lang or edition.ctx.commons.charter.lang
        facts = _facts(edition, contingent, record, rated.get(contingent, ()), asked, vouched)
        heading = Heading(
            "Contingent",
            INDEX,
            edition.name_of(contingent),
            lang,
            lambda facts=facts: _html(edition, facts),  # type: ignore[misc]  # bound for each contingent
            repr(facts).encode(),
        )
        works = edition.by_contingent.get(contingent, [])
        path = names.contingent_page(contingent)
        yield from list_pages(edition, path, heading, works, "This edition prints nothing of theirs.")


def _amount(edition: Edition, asked: Asked, contingent: ContingentId) -> str:
    many = len(edition.by_contingent.get(contingent, ()))
    overdue = count(asked.to.get(contingent, ())).overdue
    text = "1 article" if many == 1 else f"{many} articles"
    return f"{text}, {overdue} overdue" if overdue else text


# --- what a page tells -----------------------------------------------------------------------------


class Rated(NamedTuple):
    """How a contingent's raters rate on one axis: how many works, their mean, how many raters at most."""

    axis: str
    title: str
    works: int
    mean: str
    raters: int


class Vote(NamedTuple):
    """How a contingent voted on one statement that was decided."""

    title: str
    lang: str
    href: str
    did: str


class Account(NamedTuple):
    """What others asked of a contingent, what became of it in a sentence, and what it asked of others."""

    words: str
    to: tuple[Row, ...]
    more_to: int
    by: tuple[Row, ...]
    more_by: int


class Facts(NamedTuple):
    """All that stands at the head of a contingent's page."""

    id: str
    about: str
    lang: str
    dir: str
    signature: str
    url: str
    home: str
    vouches: tuple[Named, ...]
    vouched: tuple[Named, ...]
    promises: tuple[str, ...]
    heard: bool
    rated: tuple[Rated, ...]
    account: Account | None
    votes: tuple[Vote, ...]
    talk: Named | None


def _facts(
    edition: Edition,
    contingent: ContingentId,
    record: t.Contingent,
    rated: tuple[Rated, ...],
    asked: Asked,
    vouched: Mapping[str, list[str]],
) -> Facts:
    lang = record.lang or edition.ctx.commons.charter.lang
    return Facts(
        contingent,
        record.about or "",
        lang,
        names.direction(lang),
        edition.signed(contingent),
        record.url or "",
        record.home or "",
        tuple(_named(edition, other) for other in sorted(record.vouches)),
        tuple(_named(edition, other) for other in vouched.get(contingent, ())),
        tuple(PROMISES[promise] for promise in record.promises),
        bool(rated) or contingent in edition.trust,
        rated,
        _account(edition, asked.to.get(contingent, []), asked.by.get(contingent, [])),
        tuple(_votes(edition, contingent)),
        edition.talks.link(f"{Kind.CONTINGENT.value}:{contingent}"),
    )


def _named(edition: Edition, contingent: str) -> Named:
    return Named(edition.name_of(contingent), edition.contingent_href(contingent))


def _rated(edition: Edition) -> dict[ContingentId, tuple[Rated, ...]]:
    """How everybody whom the filter hears rates the works of this edition, axis by axis."""
    sums: dict[ContingentId, dict[int, tuple[int, int, int]]] = {}
    for verdicts in edition.ratings.values():
        for verdict in verdicts:
            axes = sums.setdefault(ContingentId(verdict.speaker.partition("/")[0]), {})
            for column, rating in enumerate(verdict.ratings):
                if rating is not None:
                    works, total, raters = axes.get(column, (0, 0, 0))
                    axes[column] = works + 1, total + rating[0], max(raters, rating[1])
    return {
        contingent: tuple(
            Rated(
                edition.axes[column],
                edition.ctx.commons.axes[edition.axes[column]].title,
                works,
                names.mean_text(round(total / works)),
                raters,
            )
            for column, (works, total, raters) in sorted(axes.items())
        )
        for contingent, axes in sums.items()
    }


def _account(edition: Edition, to: Sequence[Ledgered], by: Sequence[Ledgered]) -> Account | None:
    if not to and not by:
        return None
    # What they owe stands first; sorting is stable, so that the latest of the rest follows.
    first = sorted(to, key=lambda entry: entry.state not in WAITING)
    total = count(to)
    parts = [
        f"{number} {word}"
        for number, word in (
            (total.answered, "answered"),
            (total.changed, "answered or declined before the question was changed"),
            (total.partial, "answered in part"),
            (total.declined, "declined"),
            (total.open, "open"),
            (total.overdue, "overdue"),
        )
        if number
    ]
    many = "1 question" if total.asked == 1 else f"{total.asked} questions"
    words = f"Others asked them {many}: {', '.join(parts)}." if total.asked else ""
    return Account(
        words,
        tuple(row(edition, entry) for entry in first[:SHOWN]),
        max(len(to) - SHOWN, 0),
        tuple(row(edition, entry) for entry in by[:SHOWN]),
        max(len(by) - SHOWN, 0),
    )


def _votes(edition: Edition, contingent: ContingentId) -> Iterator[Vote]:
    """How a contingent voted on what was decided, the latest first."""
    assembly = edition.ctx.assembly
    if assembly is None or not edition.has_statements:
        return
    from newsrepo.editions.results import page_of, vote_of  # with all that counts votes
    from newsrepo.editions.statements import closed

    final = sorted((put for put in assembly.put if put.is_final), key=closed, reverse=True)
    for put in final[:SHOWN]:
        decided = put.judged.decided
        did = vote_of(decided, contingent)
        if decided is not None and did:
            terms = decided.opened.record
            title = terms.title if put.judged.carried else edition.harmless(terms.title, put.statement)
            yield Vote(title, terms.lang, page_of(put.statement), f"{did[:1].upper()}{did[1:]}")


def _html(edition: Edition, facts: Facts) -> Markup:
    def rows(some: tuple[Row, ...]) -> Markup:
        return joined([edition.theme.html("challenge_row", r=one) for one in some], "\n")

    account = facts.account
    return edition.theme.html(
        "contingent",
        c=facts,
        account=account,
        to=rows(account.to) if account else "",
        by=rows(account.by) if account else "",
        ledger=LEDGER,
    )
