"""The count of one opening: which ballots count and why the others do not, the result, and how final it is.

A pure function of the opening, its ballots and its closings. The order in which they come, how often, which
ref carried them, git's dates and the clock do not matter.
"""

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from newsrepo.records import types as t
from newsrepo.tally.box import Box, Held
from newsrepo.tally.evidence import STAGES, SetAside, Signed, Stage, Why
from newsrepo.tally.missing import Missing, missing
from newsrepo.tally.opened import Opened
from newsrepo.tally.rounds import Rounds, Signing, rounds
from newsrepo.tally.rule import Verdict, Votes, decide


class State(StrEnum):
    """How far a vote has come."""

    UNOPENED = "unopened"
    OPEN = "open"
    PROVISIONAL = "provisional"
    CERTIFIED = "certified"
    CONTESTED = "contested"


class VoterLine(Struct, frozen=True):
    """What one voter of the roll did. ``choice`` is None for the silent and the void; ``void`` says why."""

    voter: str
    votes: int
    choice: t.Choice | None
    number: int = 0
    ballot: str = ""
    date: str = ""
    key: str = ""
    void: str = ""
    sources: tuple[str, ...] = ()


class Step(Struct, frozen=True):
    """One step of the funnel: how many ballots came this far."""

    name: str
    ballots: int


class Count(Struct, frozen=True):
    """Everything that came of one opening; what is printed is read off here."""

    opened: Opened
    state: State
    verdict: Verdict
    lines: tuple[VoterLine, ...]
    funnel: tuple[Step, ...]
    aside: tuple[SetAside, ...]
    closings_aside: tuple[SetAside, ...]
    rounds: Rounds
    missing: Missing | None
    contradictions: tuple[str, ...]

    @property
    def carried(self) -> bool:
        """Whether it is carried for good. A provisional count carries nothing."""
        return self.state is State.CERTIFIED and self.verdict.carried

    @property
    def sentence(self) -> str:
        """The result in words, with how final it is."""
        if self.state is State.CERTIFIED:
            return self.verdict.sentence
        return f"{self.state.value}, so far {self.verdict.sentence}"

    def what_if(self, rule: t.Rule) -> Verdict:
        """What another rule would have made of the same votes."""
        return decide(rule, self.verdict.votes)


def count(box: Box, closings: Iterable[Signed] = (), openings: frozenset[str] = frozenset()) -> Count:
    """The count of the opening for which ``box`` was filled.

    ``openings`` are, of a statement that enacts, the other openings of the epoch that hold.
    """
    opened = box.opened
    came_to = rounds(opened, closings, box.held, openings)
    listed = came_to.certified.entries if came_to.certified is not None else None
    lines, aside = _judge(box, listed)
    votes = _votes(opened, lines)
    if came_to.rivals:
        state = State.CONTESTED
    elif came_to.certified is not None:
        state = State.CERTIFIED
    else:
        state = State.PROVISIONAL if came_to.signings else State.OPEN
    return Count(
        opened,
        state,
        decide(opened.record.rule, votes),
        lines,
        _funnel(len(box.held) + len(box.refused), aside),
        aside,
        came_to.aside,
        came_to,
        missing(opened, came_to),
        _contradictions(came_to.signings),
    )


def _judge(box: Box, listed: frozenset[bytes] | None) -> tuple[tuple[VoterLine, ...], tuple[SetAside, ...]]:
    """Every voter's line, and every ballot that does not count. ``listed`` is None while nothing is final."""
    highest: dict[str, int] = {}
    for name, held in box.held.items():
        if (listed is None or name in listed) and held.number > highest.get(held.voter, 0):
            highest[held.voter] = held.number
    last: dict[str, list[tuple[bytes, Held]]] = {}
    aside = list(box.refused.values())
    for name, held in box.held.items():
        top = highest.get(held.voter, 0)
        inside = listed is None or name in listed
        if inside and held.number == top:
            last.setdefault(held.voter, []).append((name, held))
        elif held.number < top:
            aside.append(_aside(name, held, _SUPERSEDED, f"ballot {top} of '{held.voter}' replaces it"))
        else:
            aside.append(_aside(name, held, _LATE, "it is valid, but the certified list does not have it"))
    lines = []
    for voter in box.opened.record.roll:
        ballots = sorted(last.get(voter.voter, ()))
        lines.append(_line(voter, ballots))
        if len(ballots) > 1:
            aside += [
                _aside(name, held, _CONTRADICTION, f"'{held.voter}' signed two ballots {held.number}")
                for name, held in ballots
            ]
    aside.sort(key=lambda one: one.order)
    return tuple(lines), tuple(aside)


def _line(voter: t.Voter, ballots: list[tuple[bytes, Held]]) -> VoterLine:
    if not ballots:
        return VoterLine(voter.voter, voter.votes, None)
    name, held = ballots[0]
    if len(ballots) > 1:
        return VoterLine(
            voter.voter,
            voter.votes,
            None,
            held.number,
            void=f"{len(ballots)} different ballots with number {held.number}",
            sources=tuple(sorted({source for _, one in ballots for source in one.sources})),
        )
    return VoterLine(
        voter.voter, voter.votes, held.choice, held.number, name.hex(), held.date, held.key, "", held.sources
    )


_SUPERSEDED = (Stage.ON_ROLL, Why.SUPERSEDED, "")
_LATE = (
    Stage.LATEST,
    Why.LATE_OR_OMITTED,
    "it came after closing or the tellers did not have it; a certified result stands",
)
_CONTRADICTION = (
    Stage.LISTED,
    Why.CONTRADICTION,
    "neither counts; before closing, one more ballot with a higher number mends it",
)


def _aside(name: bytes, held: Held, why: tuple[Stage, Why, str], message: str) -> SetAside:
    stage, reason, hint = why
    return SetAside(stage, reason.value, message, hint, 1, name.hex(), held.voter, held.number, held.sources)


def _votes(opened: Opened, lines: Iterable[VoterLine]) -> Votes:
    fell = dict.fromkeys(t.Choice, 0)
    for line in lines:
        if line.choice is not None:
            fell[line.choice] += line.votes
    return Votes(fell[t.Choice.YES], fell[t.Choice.NO], fell[t.Choice.ABSTAIN], opened.total)


def _funnel(found: int, aside: Iterable[SetAside]) -> tuple[Step, ...]:
    lost = dict.fromkeys(Stage, 0)
    for one in aside:
        lost[one.stage] += 1
    steps = []
    left = found
    for stage in Stage:
        if stage is not Stage.FOUND:
            left -= lost[Stage(stage - 1)]
        steps.append(Step(STAGES[stage], left))
    return tuple(steps)


def _contradictions(signings: Iterable[Signing]) -> tuple[str, ...]:
    """Those who signed different lists in one round, as sentences."""
    lists: dict[tuple[int, str], set[str]] = {}
    for signing in signings:
        for signer in signing.signers:
            lists.setdefault((signing.round, signer), set()).add(signing.list)
    return tuple(
        f"'{signer}' signed {len(names)} different lists in round {number}"
        for (number, signer), names in sorted(lists.items())
        if len(names) > 1
    )
