"""Cases about ballots: what counts, and everything that must not."""

from collections.abc import Iterator

from msgspec import structs
from polls import ABC, Poll, equal, rule, signed, statement
from signers import Signer
from vectors import Case, case

from newsrepo.records import types as t
from newsrepo.records import write
from newsrepo.signing import BALLOT, CLOSING
from newsrepo.signing.wire import string
from newsrepo.tally.evidence import Signed

POLL = Poll(ABC)
ABOUT = {
    "nobody-votes": "An empty vote never passes.",
    "all-abstain": "Abstentions count for the quorum, and never for the text.",
    "exactly-two-thirds": "2 of 3 is at least 2/3.",
    "one-vote-short": "3 of 5 is less than 2/3: 4 were needed.",
    "not-a-single-no": "All of those who vote say yes; nothing is divided by zero.",
    "quorum-missed": "2 of 4 is not more than half of the roll.",
}


def counting() -> Iterator[Case]:
    """Arithmetic: the same ballots, weights and rules come to the same result everywhere."""
    for name, voters, choices in (
        ("nobody-votes", "abc lmn xyz", "---"),
        ("all-abstain", "abc lmn xyz", "aaa"),
        ("exactly-two-thirds", "abc lmn xyz", "yyn"),
        ("one-vote-short", "abc lmn xyz uvw rst", "yyynn"),
        ("not-a-single-no", "abc lmn xyz", "yy-"),
        ("quorum-missed", "abc lmn xyz uvw", "yy--"),
    ):
        poll = Poll(equal(*voters.split()))
        yield case(name, ABOUT[name], poll, poll.votes(choices))
    poll = Poll(equal("abc", "lmn"), rule=rule("1/2"))
    yield case("tie", "A tie does not pass, though 1 of 2 is at least 1/2.", poll, poll.votes("yn"))
    poll = Poll(equal("abc", "lmn", "xyz", "uvw"), rule=rule("1/2", compare="more-than"))
    yield case("exactly-half-is-not-more", "2 of 4 is not more than 1/2.", poll, poll.votes("yynn"))
    poll = Poll(equal("abc", "lmn", "xyz", "uvw"), rule=rule(of="roll"))
    yield case(
        "silence-is-not-consent", "Of the roll: 2 of 4, though all who voted agree.", poll, poll.votes("yya-")
    )
    poll = Poll({"abc": 5, "lmn": 2, "xyz": 1})
    yield case(
        "weights-decide", "One voter of three holds 5 of 8 votes; 6 were needed.", poll, poll.votes("ynn")
    )
    poll = Poll(equal("abc", "no", "010", "1e3"))
    yield case("names-in-quotes", "Voters whose ids YAML takes for something else.", poll, poll.votes("yyyy"))


def taken() -> Iterator[Case]:
    """Ballots that count although something about them is unusual."""
    others = POLL.votes("-yn")
    votes = [POLL.vote("abc", "y", 1), POLL.vote("abc", "n", 2), *others]
    yield case("vote-changed", "The highest-numbered ballot counts.", POLL, votes)
    votes = [POLL.vote("abc", "n", 3), *others]
    yield case("earlier-ballots-missing", "Ballot 3 counts although 1 and 2 are nowhere.", POLL, votes)
    lone = [POLL.vote("abc", "y", source="fork"), *others]
    yield case("ballot-in-one-fork", "A ballot that only one fork carries counts.", POLL, lone)
    copies = [POLL.vote("abc", "y", source=source) for source in ("one", "two", "three")]
    yield case("one-ballot-in-three-forks", "Copies of a ballot are one ballot.", POLL, [*copies, *others])
    good = POLL.vote("abc", "y", source="good")
    bad = Signed(good.data, POLL.vote("abc", "n").signature, ("bad",))
    yield case(
        "one-good-copy", "A ballot counts if one copy of its signature holds.", POLL, [bad, good, *others]
    )
    early = POLL.vote("abc", "y", day="2001-01-01")
    yield case("forged-date", "A ballot's date decides nothing.", POLL, [early, *others])
    token = Signer("token", security=True)
    poll = with_token(token)
    data = write(poll.ballot("abc", "y"))
    touched = Signed(data, token.sign(data, BALLOT), ("abc",))
    yield case("security-key-touched", "A security key that was touched signs.", poll, [touched])
    untouched = Signed(data, token.parts(data, BALLOT, flags=0).armoured, ("abc",))
    yield case("security-key-untouched-refused", "A security key must be touched.", poll, [untouched])


def with_token(token: Signer) -> Poll:
    """A poll in which `abc` also has a security key."""
    first = Poll({"abc": 1})
    first.roll_data = write(
        t.Roll(voters=(t.Voter(voter="abc", votes=1, keys=(Signer("abc").line, token.line)),))
    )
    poll = Poll({"abc": 1}, under=first.chain().in_force)
    poll.roll_data = first.roll_data
    return poll


def elsewhere() -> Iterator[Case]:
    """Ballots that were meant for something else."""
    for name, about, other in (
        ("other-text", "on another wording of the statement", Poll(ABC, text=statement(body="Not this."))),
        ("other-statement", "on another statement", Poll(ABC, slug="abc/war")),
        ("other-commons", "in another commons", Poll(ABC, rule=rule("3/4"))),
    ):
        yield ballot(f"replay-{name}", f"A ballot {about} does not count here.", other.vote("abc", "y"))
    good = write(POLL.ballot("abc", "y"))
    yield ballot(
        "replay-other-kind", "A closing's namespace signs no ballot.", again(good, namespace=CLOSING)
    )
    stranger = signed(POLL.ballot("qqq", "y"), BALLOT)
    yield ballot("voter-off-the-roll", "Who is not on the roll does not vote.", stranger)
    yield ballot("key-of-another-voter", "Nobody votes for another.", again(good, by="lmn"))
    yield ballot("unknown-key", "A key that is not on the roll signs nothing.", again(good, by="qqq"))
    twice = [POLL.vote("abc", "y"), structs.replace(POLL.vote("abc", "n"), sources=("fork",))]
    yield case(
        "two-ballots-one-number-refused",
        "Two different ballots with one number void the vote; both are evidence.",
        POLL,
        [*twice, *POLL.votes("-yy")],
    )


def again(data: bytes, by: str = "abc", namespace: str = BALLOT) -> Signed:
    return Signed(data, Signer(by).sign(data, namespace), ("abc",))


def ballot(name: str, about: str, refused: Signed) -> Case:
    """A case in which the ballot of `abc` must be set aside, and those of two others count."""
    return case(f"{name}-refused", about, POLL, [refused, *POLL.votes("-yy")], name="abc")


def signatures() -> Iterator[Case]:
    """Signatures that lax verifiers take."""
    data = write(POLL.ballot("abc", "y"))
    parts = Signer("abc").parts(data, BALLOT)
    text = parts.armoured
    weak = (1).to_bytes(32, "little")
    for name, about, signature in (
        ("s-plus-order", "S must be below the order of the group.", parts.plus_order().armoured),
        ("reserved-field", "The reserved field must be empty.", parts.but(reserved=b"x").armoured),
        ("version-0", "The version must be 1.", parts.but(version=0).armoured),
        ("version-2", "The version must be 1.", parts.but(version=2).armoured),
        ("sha256", "The hash must be SHA-512.", parts.but(hash=b"sha256").armoured),
        (
            "trailing-bytes",
            "Nothing may stand after the signature's fields.",
            parts.but(after=b"\0").armoured,
        ),
        ("trailing-text", "Nothing may stand after the end line.", text + b"more\n"),
        ("leading-line", "Nothing may stand before the begin line.", b"\n" + text),
        ("crlf-signature", "Lines of the armour end in LF alone.", text.replace(b"\n", b"\r\n")),
        ("odd-wrapping", "Base64 lines have 70 characters.", text[:60] + b"\n" + text[60:]),
        ("no-end-line", "The armour must be closed.", text[: text.index(b"-----END")]),
        ("empty-signature", "An empty file signs nothing.", b""),
        (
            "weak-key",
            "A point of low order signs everything, so it signs nothing.",
            parts.but(key=parts.key[:-32] + weak, signature=weak + bytes(32)).armoured,
        ),
        ("rsa-key", "Only Ed25519 signs here.", parts.but(key=string(b"ssh-rsa") + string(b"x")).armoured),
        (
            "signature-type",
            "Key and signature must be of one type.",
            parts.but(kind=b"sk-ssh-ed25519@openssh.com").armoured,
        ),
        ("another-ballots-signature", "A signature fits one payload.", POLL.vote("abc", "n").signature),
    ):
        yield ballot(name, about, Signed(data, signature, ("abc",)))
    yield ballot("unsigned", "A payload without a signature is unfinished.", Signed(data, None, ("abc",)))
    yield ballot("orphan-signature", "A signature without its payload.", Signed(None, text, ("abc",)))


def payloads() -> Iterator[Case]:
    """Payloads that are not in the one canonical form, rightly signed."""
    data = write(POLL.ballot("abc", "y"))
    lines = data.split(b"\n")[:-1]
    for name, about, changed in (
        ("bare-yes", "`yes` stands in quotes.", data.replace(b"'yes'", b"yes")),
        ("capital-yes", "There is no choice `Yes`.", data.replace(b"'yes'", b"Yes")),
        ("fields-reordered", "Fields stand in one order.", b"\n".join(lines[::-1]) + b"\n"),
        ("blank-line", "There are no blank lines.", data + b"\n"),
        ("no-last-line-feed", "The last line ends in LF.", data[:-1]),
        ("crlf-payload", "Lines end in LF alone.", data.replace(b"\n", b"\r\n")),
        ("number-0", "Ballots count from 1.", data.replace(b"number: 1", b"number: 0")),
        ("number-01", "Numbers have no leading zeros.", data.replace(b"number: 1", b"number: 01")),
        ("no-such-day", "There is no 31 June.", data.replace(b"2026-06-04", b"2026-06-31")),
        ("unknown-field", "There are no other fields.", data + b"note: x\n"),
        ("no-ballot-at-all", "Bytes that are no ballot.", b"\xff\xfe\x00"),
    ):
        yield ballot(name, about, again(changed))


def cases() -> Iterator[Case]:
    yield from counting()
    yield from taken()
    yield from elsewhere()
    yield from signatures()
    yield from payloads()
