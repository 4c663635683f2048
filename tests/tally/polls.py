"""Small commons with votes in them, made from names and choices, signed by fixed keys."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from signers import Signer

from newsrepo.ids import ContingentId, Kind
from newsrepo.records import parse, write
from newsrepo.records import types as t
from newsrepo.records.paths import path_of
from newsrepo.records.scalars import Day, Ratio
from newsrepo.signing import BALLOT, CLOSING, OPENING
from newsrepo.tally.box import Box
from newsrepo.tally.chain import Chain, chain
from newsrepo.tally.count import Count, count
from newsrepo.tally.drafts import closing_for, opening_for
from newsrepo.tally.epoch import Epoch
from newsrepo.tally.evidence import Signed
from newsrepo.tally.files import Files
from newsrepo.tally.identity import sha256_hex
from newsrepo.tally.opened import Opened, read_opening
from newsrepo.tally.statement import Judgement, judge

DAY = Day.parse("2026-06-03")
CHOICES = {"y": t.Choice.YES, "n": t.Choice.NO, "a": t.Choice.ABSTAIN}


def rule(
    ratio: str = "2/3",
    of: str = "cast",
    compare: str = "at-least",
    quorum: str = "1/2",
    least: str = "more-than",
) -> t.Rule:
    return t.Rule(
        ratio=Ratio.parse(ratio),
        of=t.Base(of),
        compare=t.Compare(compare),
        quorum=t.Quorum(ratio=Ratio.parse(quorum), compare=t.Compare(least)),
    )


def charter(
    tellers: Iterable[str] = (), wanted: t.Rule | None = None, name: str = "The Test Commons"
) -> t.Charter:
    return t.Charter(name=name, licenses=("CC0-1.0",), axes={}, rule=wanted or rule(), tellers=tuple(tellers))


def roll(weights: Mapping[str, int]) -> t.Roll:
    return t.Roll(
        voters=tuple(
            t.Voter(voter=name, votes=votes, keys=(Signer(name).line,)) for name, votes in weights.items()
        )
    )


def statement(
    title: str = "Peace in the port", body: str = "We ask both sides to talk.", **more: object
) -> bytes:
    return write(t.Statement(title=title, date=DAY, lang="en", body=body, **more))  # type: ignore[arg-type]


def signed(record: t.Record, namespace: str, *, by: str = "", source: str = "abc") -> Signed:
    """A record with its signature, by its own author unless told otherwise."""
    data = write(record)
    author = by or getattr(record, "voter", "") or getattr(record, "teller", "")
    return Signed(data, Signer(author).sign(data, namespace), (source,))


@dataclass
class Poll:
    """One vote: who may vote with how many votes, who tells, what is enacted. Ballots are made by ``vote``."""

    weights: Mapping[str, int]
    tellers: tuple[str, ...] = ()
    rule: t.Rule = field(default_factory=rule)
    slug: str = "abc/peace"
    text: bytes = field(default_factory=statement)
    threshold: int | None = None
    enacted: bytes | None = None
    under: Epoch | None = None
    opener: str = ""
    opens: Day = DAY

    def __post_init__(self) -> None:
        self.charter_data = write(charter(self.tellers, self.rule))
        self.roll_data = write(roll(self.weights))
        self.epoch = self.under or chain(self.charter_data, self.roll_data, ()).in_force
        self.record = opening_for(
            self.epoch,
            f"statement:{self.slug}",
            self.text,
            opens=self.opens,
            closes=DAY,
            threshold=self.threshold,
            enacted=self.enacted,
        )
        owner = self.opener or self.slug.partition("/")[0]
        self.opening = signed(self.record, OPENING, by=owner)
        enacts = (self.enacted,) if self.enacted is not None else ()
        self.opened: Opened = read_opening(self.opening, self.epoch, {sha256_hex(d): d for d in enacts})

    def ballot(
        self, voter: str, choice: str, number: int = 1, day: str = "2026-06-04", **more: object
    ) -> t.Ballot:
        values: dict[str, object] = {
            "commons": self.record.commons,
            "statement": self.record.statement,
            "opening": self.opened.sha256,
            "voter": voter,
            "number": number,
            "choice": CHOICES[choice],
            "date": Day.parse(day),
        }
        return t.Ballot(**(values | more))  # type: ignore[arg-type]

    def vote(
        self,
        voter: str,
        choice: str,
        number: int = 1,
        day: str = "2026-06-04",
        source: str = "abc",
        by: str = "",
    ) -> Signed:
        return signed(self.ballot(voter, choice, number, day), BALLOT, by=by, source=source)

    def votes(self, choices: str) -> list[Signed]:
        """One ballot for each voter in turn: ``yyn-a``; a hyphen votes not."""
        pairs = zip(self.weights, choices, strict=False)
        return [self.vote(voter, choice) for voter, choice in pairs if choice != "-"]

    def box(self, ballots: Iterable[Signed] = ()) -> Box:
        box = Box(self.opened)
        box.add_all(ballots)
        return box

    def count(
        self,
        ballots: Iterable[Signed] = (),
        closings: Iterable[Signed] = (),
        openings: frozenset[str] = frozenset(),
    ) -> Count:
        return count(self.box(ballots), closings, openings)

    def close(
        self,
        teller: str,
        ballots: Iterable[Signed],
        closings: Iterable[Signed] = (),
        openings: frozenset[str] = frozenset(),
        *,
        as_voter: bool = False,
        go_on: bool = False,
        source: str = "abc",
    ) -> Signed:
        """What this teller signs now, having seen these ballots and closings."""
        box = self.box(ballots)
        before = count(box, closings, openings).rounds
        made = closing_for(box, before, ContingentId(teller), DAY, openings, as_voter=as_voter, go_on=go_on)
        assert not isinstance(made, str), made
        return signed(made, CLOSING, source=source)

    def certify(
        self, ballots: Iterable[Signed], openings: frozenset[str] = frozenset(), tellers: Iterable[str] = ()
    ) -> list[Signed]:
        """Closings of two rounds by all tellers, who all saw everything."""
        closings: list[Signed] = []
        names = tuple(tellers) or tuple(self.opened.teller_keys)
        for _ in (1, 2):
            closings += [self.close(name, ballots, closings, openings) for name in names]
        return closings

    def files(
        self, ballots: Iterable[Signed] = (), closings: Iterable[Signed] = (), openings: Iterable[Signed] = ()
    ) -> Files:
        held = tuple(ballots)
        return Files(
            f"statement:{self.slug}",
            (self.opening, *openings),
            lambda: iter(held),
            tuple(closings),
            (self.enacted,) if self.enacted is not None else (),
            (self.text,),
        )

    def chain(self, statements: Iterable[Files] = (), pins: Iterable[str] = ()) -> Chain:
        return chain(self.charter_data, self.roll_data, statements, tuple(pins))

    def judge(self, files: Files, others: Iterable[Files] = ()) -> Judgement:
        return judge(files, self.chain((files, *others)))


def equal(*names: str) -> dict[str, int]:
    """One vote each."""
    return dict.fromkeys(names, 1)


ABC = equal("abc", "lmn", "xyz")


def files_of(
    poll: Poll, ballots: Iterable[Signed] = (), closings: Iterable[Signed] = (), **dissents: bytes
) -> dict[str, bytes]:
    """A vote as it lies in a repository."""
    folder = f"statements/{poll.slug}"
    found = {f"{folder}/statement.md": poll.text}
    found |= {f"{folder}/dissents/{who}.md": data for who, data in dissents.items()}
    if poll.enacted is not None:
        found[f"{folder}/enacts/roll.yaml"] = poll.enacted
    for signed in (poll.opening, *ballots, *closings):
        path = f"{folder}/opening.yaml"
        ballot = parse(Kind.BALLOT, signed.data or b"", "").record
        closing = parse(Kind.CLOSING, signed.data or b"", "").record
        if isinstance(ballot, t.Ballot):
            path = path_of(Kind.BALLOT, f"ballot:{poll.slug}/{ballot.voter}/{ballot.number}")
        elif isinstance(closing, t.Closing):
            path = path_of(Kind.CLOSING, f"closing:{poll.slug}/{closing.teller}/{closing.round}")
        found |= {path: signed.data or b"", f"{path}.sig": signed.signature or b""}
    return found
