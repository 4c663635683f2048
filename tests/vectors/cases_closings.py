"""Cases about closings, openings and epochs."""

from collections.abc import Iterator, Mapping

from msgspec import structs
from polls import ABC, DAY, Poll, equal, roll, rule, signed, statement
from signers import Signer
from vectors import Case, case

from newsrepo.records import types as t
from newsrepo.records import write
from newsrepo.records.scalars import Day
from newsrepo.signing import CLOSING, OPENING, WEAK_POINTS, Key, KeyKind
from newsrepo.tally.drafts import opening_for
from newsrepo.tally.evidence import Signed
from newsrepo.tally.identity import sha256_hex

FIVE = ("abc", "lmn", "xyz", "uvw", "rst")
POLL = Poll(equal(*FIVE), ("abc", "lmn", "xyz"))
BALLOTS = POLL.votes("yyyyn")


def entry(ballot: Signed, voter: str, number: int = 1) -> t.Counted:
    return t.Counted(voter=voter, number=number, ballot=sha256_hex(ballot.data or b""))


ENTRIES = tuple(sorted((entry(b, v) for b, v in zip(BALLOTS, FIVE, strict=True)), key=lambda e: e.voter))


def closing(
    teller: str,
    number: int,
    entries: tuple[t.Counted, ...],
    seen: tuple[Signed, ...] = (),
    by: str = "",
    source: str = "abc",
) -> Signed:
    """A closing put together by hand."""
    record = t.Closing(
        commons=POLL.record.commons,
        statement=POLL.record.statement,
        opening=POLL.opened.sha256,
        teller=teller,
        round=number,
        date=DAY,
        seen=tuple(sorted(sha256_hex(one.data or b"") for one in seen)),
        ballots=entries,
    )
    return signed(record, CLOSING, by=by, source=source)


def second(lists: list[Signed], *names: str) -> list[Signed]:
    return [POLL.close(name, BALLOTS, lists) for name in names]


def rounds() -> Iterator[Case]:
    """Tellers who agree, disagree, refuse and regret."""
    final = POLL.certify(BALLOTS, tellers=("abc", "lmn"))
    yield case("certified", "Two of three tellers sign one union in round 2.", POLL, BALLOTS, final)
    yield case("teller-refuses", "The third teller never signs; two are enough.", POLL, BALLOTS, final)
    one = [POLL.close(name, BALLOTS) for name in ("abc", "lmn", "xyz")]
    yield case("round-one-only", "Round 1 alone certifies nothing, however many agree.", POLL, BALLOTS, one)
    lists = [POLL.close("abc", BALLOTS[:2]), POLL.close("lmn", BALLOTS[2:])]
    union = [*lists, *second(lists, "abc", "lmn")]
    about = "Tellers who were given different ballots certify their union."
    yield case("tellers-with-different-ballots", about, POLL, BALLOTS, union)
    three = [POLL.close("abc", BALLOTS[:2]), POLL.close("lmn", BALLOTS[:3]), POLL.close("xyz", BALLOTS)]
    differ = [*second(three[:2], "abc"), *second(three, "lmn")]
    about = "In round 2 two tellers sign different unions: not yet certified."
    yield case("tellers-disagree", about, POLL, BALLOTS, [*three, *differ])
    third = [POLL.close(name, BALLOTS, [*three, *differ], go_on=True) for name in ("abc", "lmn")]
    yield case("third-round", "Round 3 unites them.", POLL, BALLOTS, [*three, *differ, *third])
    late = [*BALLOTS, POLL.vote("abc", "n", 2)]
    about = "A vote changed after certification changes nothing."
    yield case("regret-of-a-voter-refused", about, POLL, late, final)
    regret = closing("abc", 3, ENTRIES[:1], tuple(final[2:]))
    again = [POLL.close("xyz", [*BALLOTS, *late])]
    about = "A teller's list of its own after certification changes nothing."
    yield case("regret-of-a-teller-refused", about, POLL, BALLOTS, [*final, regret, *again])
    few = POLL.certify(BALLOTS[:4], tellers=("abc", "lmn"))
    about = "A valid ballot that the certified list lacks is late or was withheld."
    yield case("withheld-ballot-refused", about, POLL, BALLOTS, few)
    dated = [*BALLOTS[:4], POLL.vote("rst", "n", day="2001-01-01", source="fork")]
    about = "A ballot that claims to be old but is in nobody's list."
    yield case("late-ballot-with-forged-date-refused", about, POLL, dated, few)
    twice = [structs.replace(one, sources=("fork",)) for one in second(three, "lmn", "xyz")]
    about = "A teller signs two lists in one round, and both are certified: contested."
    split = [*three, *second(three[:2], "abc", "lmn"), *twice]
    yield case("two-certified-lists-refused", about, POLL, BALLOTS, split)


def lists() -> Iterator[Case]:
    """Closings that do not hold, beside two that do."""
    first = (closing("abc", 1, ENTRIES[:2]), closing("lmn", 1, ENTRIES[2:]))
    hidden = POLL.vote("rst", "y", 9)
    third = closing("xyz", 1, ENTRIES)
    war = Poll(POLL.weights, POLL.tellers, slug="abc/war")
    for name, about, wrong in (
        (
            "own-list-in-round-2",
            "After round 1 a list is the union, and nothing else.",
            closing("abc", 2, ENTRIES[:4], first),
        ),
        (
            "built-on-one",
            "A round builds on as many lists as can certify.",
            closing("abc", 2, ENTRIES[:2], first[:1]),
        ),
        (
            "built-on-nothing-seen",
            "A list builds on lists at hand.",
            closing("abc", 2, ENTRIES, (first[0], third)),
        ),
        ("round-skipped", "Round 3 builds on round 2.", closing("abc", 3, ENTRIES, first)),
        (
            "ballot-nobody-saw",
            "A list of a ballot that is not at hand.",
            closing("xyz", 1, (entry(hidden, "rst", 9),)),
        ),
        (
            "ballot-misnamed",
            "A list that gives a ballot to another voter.",
            closing("xyz", 1, (entry(BALLOTS[0], "lmn"),)),
        ),
        ("closing-by-a-stranger", "Only tellers and voters close.", closing("qqq", 1, ENTRIES)),
        ("closing-by-another-key", "A list is signed by its teller.", closing("xyz", 1, ENTRIES, by="lmn")),
        ("closing-unsigned", "A list without a signature.", structs.replace(third, signature=None)),
        ("closing-of-another-vote", "A list of another vote.", war.close("xyz", war.votes("yyyyn"))),
        (
            "closing-not-canonical",
            "A list with a blank line.",
            structs.replace(third, data=(third.data or b"") + b"\n"),
        ),
    ):
        placed = case(f"{name}-refused", about, POLL, BALLOTS, [*first, wrong], name="xyz")
        yield placed


def voters() -> Iterator[Case]:
    """When tellers fail, voters close."""
    for name, weights, about in (
        ("voters-certify", (1, 1, 1, 4, 4), "8 of 11 votes are more than two thirds."),
        ("voters-too-few", (1, 1, 2, 4, 4), "8 of 12 votes are not more than two thirds."),
    ):
        poll = Poll(dict(zip(FIVE, weights, strict=True)), ("abc", "lmn", "xyz"))
        ballots = poll.votes("yyyyn")
        closings = [poll.close(voter, ballots, as_voter=True) for voter in ("uvw", "rst")]
        if name == "voters-certify":
            closings += [poll.close(voter, ballots, closings, as_voter=True) for voter in ("uvw", "rst")]
        yield case(name, about, poll, ballots, closings)


SMALL = Poll(ABC)
VOTES = SMALL.votes("yyy")


def openings() -> Iterator[Case]:
    """Openings that open nothing, and rivals."""
    record = SMALL.record
    other = t.Teller(teller="xyz", keys=(Signer("new").line,))
    for name, about, changes in (
        ("laxer-rule", "An opening asks for no less than its charter.", {"rule": rule("1/2")}),
        ("laxer-quorum", "Nor for a smaller quorum.", {"rule": rule(quorum="1/3")}),
        ("roll-cut", "An opening freezes the whole roll.", {"roll": record.roll[:2]}),
        (
            "teller-key-swapped",
            "Tellers' keys are those of the roll.",
            {"tellers": (*record.tellers[:2], other)},
        ),
        ("teller-left-out", "Tellers are those of the charter.", {"tellers": record.tellers[:2]}),
        ("threshold-too-low", "The threshold is more than half of the tellers.", {"threshold": 1}),
        ("opening-of-another-commons", "An opening names its commons.", {"commons": "0" * 64}),
        ("opening-of-no-epoch", "An opening names a known epoch.", {"epoch": "0" * 64}),
    ):
        opening = signed(structs.replace(record, **changes), OPENING, by="abc")
        yield case(f"{name}-refused", about, SMALL, VOTES, openings=[opening])
    wrong = signed(record, OPENING, by="lmn")
    yield case(
        "opening-by-another-key-refused", "The owner signs the opening.", SMALL, VOTES, openings=[wrong]
    )
    bare = structs.replace(SMALL.opening, signature=None)
    yield case("opening-unsigned-refused", "An opening without a signature.", SMALL, VOTES, openings=[bare])
    strict = opening_for(
        SMALL.epoch, "statement:abc/peace", SMALL.text, opens=DAY, closes=DAY, rule=rule("3/4", of="roll")
    )
    about = "An opening may ask for more."
    yield case("stricter-rule", about, SMALL, (), openings=[signed(strict, OPENING, by="abc")])
    rival = Poll(ABC, opens=Day.parse("2026-06-01"))
    second = structs.replace(rival.opening, sources=("fork",))
    both = [SMALL.opening, second]
    yield case("rival-openings", "Two openings, none certified: contested.", SMALL, VOTES, openings=both)
    final = SMALL.certify(VOTES)
    about = "A rival after certification changes nothing."
    yield case("rival-too-late-refused", about, SMALL, VOTES, final, openings=both)
    edited = case("edited-text-refused", "The text was changed after opening.", SMALL, VOTES, final)
    edited.refs["home"]["statements/abc/peace/statement.md"] = statement(body="We ask nobody.")
    yield edited


WIDER = write(roll(equal("abc", "lmn", "uvw", "xyz")))
ENACTS = statement("A wider roll", "UVW joins.", enacts=t.Enacts.ROLL)


def tree(poll: Poll, choices: str = "yyy") -> Mapping[str, Mapping[str, bytes]]:
    """Another statement's files, with its certified vote."""
    ballots = poll.votes(choices)
    return case("", "", poll, ballots, poll.certify(ballots)).refs


def enactment(slug: str = "abc/wider", data: bytes = WIDER) -> Poll:
    return Poll(ABC, slug=slug, text=ENACTS, enacted=data)


def epochs() -> Iterator[Case]:
    """Which roll is in force."""
    poll = enactment()
    ballots = poll.votes("yyy")
    final = poll.certify(ballots)
    begun = case("roll-enacted", "A certified, carried vote begins an epoch.", poll, ballots, final)
    begun.branch = {"newsrepo.yaml": poll.charter_data, "statements/roll.yaml": WIDER}
    yield begun
    lost = poll.votes("ynn")
    yield case("roll-not-carried", "A lost vote begins none.", poll, lost, poll.certify(lost))
    yield case("roll-not-certified", "Nor does a provisional one.", poll, ballots, final[:3])
    edited = case("roll-edited-without-vote-refused", "A branch's roll is not in force.", SMALL, VOTES)
    edited.branch = {"newsrepo.yaml": SMALL.charter_data, "statements/roll.yaml": WIDER}
    yield edited
    missing = case("enacted-file-missing-refused", "The new roll is not at hand.", poll, ballots, final)
    del missing.refs["home"]["statements/abc/wider/enacts/roll.yaml"]
    yield missing
    before = Poll(ABC, slug="lmn/before")
    about = "An opening that the ending epoch's closing does not list is backdated."
    yield case("backdated-opening-refused", about, poll, ballots, final, more=tree(before))
    listing = poll.certify(ballots, frozenset([before.opened.sha256]))
    about = "An opening that it lists finishes under the old roll."
    yield case("listed-opening-finishes", about, poll, ballots, listing, more=tree(before))
    other = enactment("lmn/other", write(roll(equal("abc", "lmn", "qqq", "xyz"))))
    both = case("split", "Two certified successors of one epoch.", poll, ballots, final, more=tree(other))
    yield both
    pin = both.verdict()["split"][0]
    about = "The reader pins one of two successors."
    yield case("split-pinned", about, poll, ballots, final, more=tree(other), pins=(pin,))
    weak = t.Voter(voter="xyz", votes=1, keys=(Key(KeyKind.PLAIN, min(WEAK_POINTS)).line,))
    voters = SMALL.record.roll
    for name, about, wrong in (
        ("weak-key-on-the-roll", "A roll with a weak key is no roll.", (*voters[:2], weak)),
        ("key-on-two-entries", "One key, one voter.", (*voters, structs.replace(weak, keys=voters[0].keys))),
        ("voter-twice", "One voter, one entry.", (*voters, voters[0])),
    ):
        placed = case(f"{name}-refused", about, SMALL, VOTES)
        placed.roll = write(t.Roll(voters=wrong))
        yield placed


def cases() -> Iterator[Case]:
    yield from rounds()
    yield from lists()
    yield from voters()
    yield from openings()
    yield from epochs()
