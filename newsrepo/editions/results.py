"""What a page tells of one vote: names, numbers and hashes as text, read off the count and nothing else."""

from datetime import date
from typing import NamedTuple

from newsrepo.editions import names
from newsrepo.editions.assembly import Put
from newsrepo.editions.holdings import Holdings
from newsrepo.ids import owner
from newsrepo.records import types as t
from newsrepo.tally.count import Count, State, VoterLine
from newsrepo.tally.evidence import SetAside, Why

CHOICES = {t.Choice.YES: "Yes", t.Choice.NO: "No", t.Choice.ABSTAIN: "Abstained"}
_CAST = {t.Choice.YES: "yes", t.Choice.NO: "no", t.Choice.ABSTAIN: "abstained"}
BRANCH = "this edition\u2019s own branch"


class Who(NamedTuple):
    """A contingent as it signs, with its page."""

    id: str
    signature: str
    href: str


class Line(NamedTuple):
    """A ballot that counted. ``weight`` is the voter's votes in words."""

    who: Who
    choice: str
    weight: str
    number: int
    key: str
    ballot: str
    day: str
    day_text: str


class Silent(NamedTuple):
    """A voter without a ballot that counts; ``void`` says why, where there was one."""

    who: Who
    weight: str
    void: str


class Aside(NamedTuple):
    """A file that did not count: ``what`` it is and why; of a late or omitted ballot also who carries it.

    The refs of others are not told: they change whenever a home does, and with them this page would.
    """

    what: str
    who: Who | None
    reason: str
    message: str
    refs: str


class Signing(NamedTuple):
    """One list of ballots in one round of closing, and who signed it."""

    round: int
    list: str
    ballots: str
    signers: tuple[Who, ...]
    final: bool


class Hash(NamedTuple):
    """A name that anybody can compare: what it is of, and its digits."""

    what: str
    digits: str


class Result(NamedTuple):
    """All that a page tells of a vote that is decided."""

    path: str
    id: str
    title: str
    lang: str
    speaks: bool
    carried: bool
    kicker: str
    heading: str
    sentence: str
    arithmetic: str
    asked: str
    brought: str
    proposer: Who
    opens: str
    closes: str
    lines: tuple[Line, ...]
    silent: tuple[Silent, ...]
    aside: tuple[Aside, ...]
    funnel: tuple[tuple[str, int], ...]
    signings: tuple[Signing, ...]
    hashes: tuple[Hash, ...]


def signed_by(edition: Holdings, contingent: str) -> Who:
    return Who(contingent, edition.signed(contingent), edition.contingent_href(contingent))


def sentence_text(sentence: str) -> str:
    """A result's sentence as it is set: its first letter large, its arithmetic in the signs of arithmetic."""
    plain = sentence.replace(" x ", " \u00d7 ").replace(">=", "\u2265").replace("<=", "\u2264")
    return f"{plain[:1].upper()}{plain[1:]}."


def votes(number: int) -> str:
    return "1 vote" if number == 1 else f"{number} votes"


def page_of(statement: str) -> str:
    """Where the page of a statement lies."""
    return f"statements/{statement.removeprefix('statement:')}.html"


def count_words(decided: Count) -> str:
    """By how many of whom a text was carried, as it signs for the commons: ``7 of 10 votes cast``."""
    share = decided.verdict.majority
    base = "votes cast" if decided.verdict.of is t.Base.CAST else "votes on the roll"
    return f"{share.part} of {share.whole} {base}"


def result(edition: Holdings, put: Put) -> Result:
    """What the page of a decided vote tells. ``put`` is final."""
    decided = put.judged.decided
    if decided is None:
        raise ValueError(f"{put.statement} is not decided")
    terms = decided.opened.record
    carried = decided.verdict.carried
    share, quorum = decided.verdict.majority, decided.verdict.quorum
    base = "all votes on the roll" if decided.verdict.of is t.Base.ROLL else "the votes cast"
    return Result(
        path=page_of(put.statement),
        id=put.statement.removeprefix("statement:"),
        title=terms.title if carried else edition.harmless(terms.title, put.statement),
        lang=terms.lang,
        speaks=put.judged.carried,
        carried=carried,
        kicker=f"A statement of {edition.commons_name}"
        if put.judged.carried
        else "Put to the vote, and not carried",
        heading="Carried" if carried else "Not carried",
        sentence=sentence_text(decided.sentence),
        arithmetic=sentence_text(decided.sentence.partition(": ")[2]),
        asked=f"{share.asked} of {base}, and a quorum of {quorum.asked} of the {votes(terms_total(terms))}",
        brought=brought(terms, carried=carried),
        proposer=signed_by(edition, owner(put.statement)),
        opens=names.day_text(terms.opens.date),
        closes=names.day_text(terms.closes.date),
        lines=tuple(_line(edition, line) for line in decided.lines if line.choice is not None),
        silent=tuple(
            Silent(signed_by(edition, line.voter), votes(line.votes), line.void)
            for line in decided.lines
            if line.choice is None
        ),
        aside=(
            *(_aside(edition, "Ballot", one) for one in decided.aside),
            *(_aside(edition, "List", one) for one in decided.closings_aside),
            *(_aside(edition, "Opening", one) for one in put.judged.refused),
        ),
        funnel=tuple((step.name, step.ballots) for step in decided.funnel),
        signings=tuple(
            Signing(
                one.round,
                one.list,
                "1 ballot" if one.ballots == 1 else f"{one.ballots} ballots",
                tuple(signed_by(edition, signer) for signer in one.signers),
                one == decided.rounds.by,
            )
            for one in decided.rounds.signings
            if one.body == (decided.rounds.by.body if decided.rounds.by else one.body)
        ),
        hashes=_hashes(decided),
    )


def terms_total(terms: t.Opening) -> int:
    return sum(voter.votes for voter in terms.roll)


def brought(terms: t.Opening, *, carried: bool) -> str:
    """What a vote that enacts did to the charter or the roll, as a sentence; empty for any other."""
    if terms.enacts is None:
        return ""
    what = terms.enacts.what.value
    return f"It brought in a new {what}." if carried else f"It would have brought in a new {what}."


def _line(edition: Holdings, line: VoterLine) -> Line:
    choice = CHOICES[line.choice] if line.choice is not None else ""
    day = date.fromisoformat(line.date)
    return Line(
        signed_by(edition, line.voter),
        choice,
        votes(line.votes),
        line.number,
        line.key,
        line.ballot,
        line.date,
        names.day_text(day),
    )


def _aside(edition: Holdings, what: str, one: SetAside) -> Aside:
    known = edition.has_contingent(one.name)
    number = f" {one.number}" if one.number else ""
    late = one.reason == Why.LATE_OR_OMITTED
    refs = ", ".join(source or BRANCH for source in one.sources) if late else ""
    who = signed_by(edition, one.name) if known else None
    return Aside(f"{what}{number}", who, one.reason, one.message, refs)


def _hashes(decided: Count) -> tuple[Hash, ...]:
    terms = decided.opened.record
    found = [
        Hash("Commons", terms.commons),
        Hash("Epoch", terms.epoch),
        Hash("Opening", decided.opened.sha256),
        Hash("Text", terms.text),
    ]
    if terms.enacts is not None:
        found.append(Hash(f"New {terms.enacts.what.value}", terms.enacts.sha256))
    if decided.rounds.by is not None:
        found.append(Hash("Final list", decided.rounds.by.list))
    return tuple(found)


def vote_of(decided: Count | None, contingent: str) -> str:
    """How a contingent voted, in words: ``voted no with 2 votes``."""
    for line in decided.lines if decided is not None else ():
        if line.voter == contingent:
            if line.choice is None:
                return "did not vote" if not line.void else "whose vote is void"
            did = f"voted {_CAST[line.choice]}" if line.choice is not t.Choice.ABSTAIN else "abstained"
            return f"{did} with {votes(line.votes)}"
    return ""


def state_text(put: Put) -> str:
    """How far a vote that is not decided has come, in words."""
    judged = put.judged
    if judged.state is State.OPEN and judged.decided is not None:
        return f"Open until {names.day_text(judged.decided.opened.record.closes.date)}"
    if judged.state is State.PROVISIONAL and judged.decided is not None:
        return f"Being closed. {judged.missing[:1].upper()}{judged.missing[1:]}"
    return f"{judged.sentence[:1].upper()}{judged.sentence[1:]}"
