"""What moves a pin and what does not: the reader's own file, a signature by a key in force, nothing else."""

from hashlib import sha1

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsrepo.gitstore.ledger import Seen
from newsrepo.ids import ContingentId, Oid
from newsrepo.porcelain.pins import Force, Pin, Said, Terms, bare, catch_up, differences, hear, in_force

ABC = ContingentId("abc")
OLD, NEW, THIRD = "https://a.example/news", "https://b.example/news", "https://c.example/news"
K1, K2, K3 = (f"ssh-ed25519 AAAA{n}" for n in "123")


def oid(text: str) -> Oid:
    return Oid(sha1(text.encode()).hexdigest())


def text(home: str = OLD, *keys: str, branch: str = "", about: str = "") -> str:
    lines = ["name: ABC"]
    lines += [f"about: {about}"] if about else []
    lines += [f"home: {home}"] if home else []
    lines += [f"branch: {branch}"] if branch else []
    lines += ["keys:", *(f"  - {key}" for key in keys)] if keys else []
    return "\n".join(lines) + "\n"


def said(words: str, by: str = "") -> Said:
    """The file, and a signature by a key: in these tests it names the key and repeats the text."""
    return Said(oid(words), words.encode(), f"{by}|{words}".encode() if by else None)


def verify(data: bytes, signature: bytes, keys: tuple[str, ...]) -> str:
    by, _, signed = signature.partition(b"|")
    if signed != data:
        return "it is over other bytes"
    return "" if by.decode() in bare(keys) else "by a key that is not pinned"


def pin(home: str = OLD, *keys: str, branch: str = "", about: str = "") -> Pin:
    return Pin(oid(text(home, *keys, branch=branch, about=about)), Terms(home, branch, keys))


def seen(force: Force) -> Seen:
    """What the ledger keeps of it."""
    terms = force.terms
    return Seen(
        terms.url,
        terms.branch,
        terms.keys,
        force.accepted,
        pinned=force.pinned,
        signed=force.signed,
    )


def listen(force: Force, *words: Said) -> Force:
    """One sync after another, each with what the ledger kept of the one before."""
    for one in words:
        force = hear(ABC, force, one, verify).force
    return force


def rule(force: Force, words: Said, **more: object) -> str:
    heard = hear(ABC, force, words, verify, **more)  # type: ignore[arg-type]
    if heard.trouble is not None:
        assert heard.force == force
        assert not heard.moved
    return heard.trouble.rule if heard.trouble else ""


START = in_force(pin(OLD, K1), None)


def test_what_is_pinned_counts_from_the_beginning():
    assert (START.terms, START.pinned, START.signed) == (Terms(OLD, "", (K1,)), oid(text(OLD, K1)), None)
    assert hear(ABC, START, None, verify).force == START
    assert hear(ABC, START, said(text(OLD, K1)), verify).force == START


def test_a_home_may_describe_itself_anew_as_it_likes():
    words = said(text(OLD, K1, about="We changed."))
    heard = hear(ABC, START, words, verify)
    assert (heard.trouble, heard.moved, heard.force.terms) == (None, False, START.terms)
    assert heard.force.accepted[-1] == words.blob


@pytest.mark.parametrize(
    ("words", "fact"),
    [
        (text(NEW, K1), f"the home {NEW} instead of {OLD}"),
        (text(OLD, K1, branch="news"), f"the home {OLD} (branch news) instead of {OLD}"),
        (text(OLD, K2), "other keys (+1 -1)"),
        (text(OLD, K1, K2), "other keys (+1 -0)"),
        (text(NEW, K2), f"the home {NEW} instead of {OLD} and other keys (+1 -1)"),
    ],
)
def test_without_a_signature_home_branch_and_keys_stay(words: str, fact: str):
    heard = hear(ABC, START, said(words), verify)
    assert heard.force == START
    assert heard.trouble is not None
    assert heard.trouble.rule == "unsigned-move"
    assert f"it now claims {fact}, without a signature" in heard.trouble.message
    assert "newsrepo contingents pin abc" in heard.trouble.hint


def test_another_way_to_the_same_place_is_no_move():
    assert rule(START, said(text("git@a.example:news.git", K1 + " work-laptop"))) == ""
    assert listen(START, said(text("git@a.example:news.git", K1))).terms == START.terms


def test_what_the_file_leaves_out_it_does_not_speak_of():
    assert rule(START, said("name: ABC\n")) == ""
    assert rule(in_force(pin(OLD, K1, branch="news"), None), said("name: ABC\n")) == ""
    assert rule(START, said("name: ABC\nbranch: other\n")) == ""


def test_a_signed_move_is_followed():
    words = said(text(NEW, K1), by=K1)
    heard = hear(ABC, START, words, verify)
    assert heard.moved
    assert heard.trouble is None
    assert heard.force.terms == Terms(NEW, "", (K1,))
    assert (heard.force.signed, heard.force.pinned) == (words.blob, START.pinned)


def test_rotated_keys_are_the_ones_that_count():
    rotated = listen(START, said(text(OLD, K2), by=K1))
    assert rotated.terms.keys == (K2,)
    assert rule(rotated, said(text(NEW, K2), by=K1)) == "bad-signature"
    assert rule(rotated, said(text(NEW, K2), by=K2)) == ""
    assert not hear(ABC, START, said(text(OLD, K2), by=K1), verify).moved


def test_only_the_signature_over_exactly_these_bytes_counts():
    words, other = text(NEW, K1), text(THIRD, K1)
    borrowed = Said(oid(words), words.encode(), f"{K1}|{other}".encode())
    assert rule(START, borrowed) == "bad-signature"
    assert rule(START, said(words, by=K2)) == "bad-signature"


def test_with_no_key_pinned_nothing_can_be_signed():
    bare_pin = in_force(pin(OLD), None)
    heard = hear(ABC, bare_pin, said(text(NEW, K1), by=K1), verify)
    assert heard.force == bare_pin
    assert heard.trouble is not None
    assert "no key of it is pinned" in heard.trouble.message


def test_an_older_text_is_refused_although_it_was_signed():
    moved = listen(START, said(text(NEW, K1), by=K1), said(text(THIRD, K1), by=K1))
    assert moved.terms.url == THIRD
    assert rule(moved, said(text(NEW, K1), by=K1)) == "replayed-contingent"
    assert rule(moved, said(text(OLD, K1), by=K1)) == "replayed-contingent"
    unseen = said(text(NEW, K1, about="Between two syncs."), by=K1)
    assert rule(moved, unseen, earlier={unseen.blob}) == "replayed-contingent"


def test_a_move_to_where_nobody_is_followed():
    for home in (
        "http://b.example/x",
        "ext::sh -c x",
        "/srv/x.git",
        "--upload-pack=x",
        "ssh://-oProxyCommand=x/y",
    ):
        words = text(home, K1) if ":" not in home else text(f'"{home}"', K1)
        assert rule(START, said(words, by=K1)) == "bad-address"
    assert rule(START, said(text("/srv/x.git", K1), by=K1), local=True) == ""
    assert rule(START, said(text(NEW, K1, branch="-x"), by=K1)) == "bad-address"


def test_what_cannot_be_read_changes_nothing():
    for data in (b"\xff", b"name: [", b"- a\n", b"name: ABC\nhome: 3\nhome: 4\n", b""):
        assert rule(START, Said(oid(repr(data)), data, b"x")) == "unreadable-contingent"
    assert rule(START, Said(oid("big"), None)) == "unreadable-contingent"


def test_the_reader_has_the_last_word():
    moved = listen(START, said(text(NEW, K1), by=K1))
    decided = in_force(pin(THIRD, K2), seen(moved))
    assert decided.terms == Terms(THIRD, "", (K2,))
    assert decided.signed is None
    assert rule(decided, said(text(NEW, K1), by=K1)) == "replayed-contingent"
    assert rule(decided, said(text(NEW, K1, about="Anew."), by=K1)) == "bad-signature"


def test_a_reader_who_missed_a_rotation_catches_up():
    first, last = said(text(OLD, K2), by=K1), said(text(NEW, K3), by=K2)
    assert rule(START, last) == "bad-signature"
    heard = catch_up(ABC, START, [first], last, verify)
    assert heard is not None
    assert (heard.force.terms, heard.moved) == (Terms(NEW, "", (K3,)), True)
    assert heard.force == listen(START, first, last)
    assert catch_up(ABC, START, [], last, verify) is None
    assert catch_up(ABC, START, [said(text(OLD, K2), by=K3)], last, verify) is None
    assert catch_up(ABC, START, [said(text(OLD, K2))], last, verify) is None


def test_a_pin_that_lags_behind_what_was_signed_changes_nothing():
    first, second = said(text(NEW, K1), by=K1), said(text(THIRD, K1), by=K1)
    moved = listen(START, first, second)
    for words in (text(OLD, K1), text(NEW, K1), text(THIRD, K1)):
        behind = Pin(oid(words), Terms("https://whatever.example/x", "", ()))
        assert in_force(behind, seen(moved)) == moved


def test_going_back_to_an_older_branch_and_forth_again_is_two_decisions():
    older = in_force(pin(NEW, K2), seen(START))
    assert older.terms.url == NEW
    again = in_force(pin(OLD, K1), seen(older))
    assert again.terms == START.terms
    assert in_force(pin(OLD, K1), seen(again)) == again


def test_a_home_shared_with_the_commons_follows_the_charter():
    hosted = in_force(Pin(oid("hosted"), Terms(OLD)), None)
    later = in_force(Pin(oid("hosted"), Terms(NEW)), seen(hosted))
    assert later.terms.url == NEW


def test_differences_tell_no_secret():
    assert "hunter2" not in differences(Terms(OLD), Terms("https://me:hunter2@b.example/x"))
    assert differences(Terms(""), Terms(OLD)) == f"the home {OLD} instead of none"


HOMES = st.sampled_from([OLD, NEW, THIRD, "", "git@a.example:news"])
KEYS = st.lists(st.sampled_from([K1, K2, K3]), unique=True, max_size=2)
TEXTS = st.builds(
    lambda home, keys, branch, about: text(home, *keys, branch=branch, about=about),
    HOMES, KEYS, st.sampled_from(["", "news"]), st.sampled_from(["", "x", "y"]),
)  # fmt: skip
WORDS = st.one_of(
    st.builds(said, TEXTS, st.sampled_from(["", K1, K2, K3])),
    st.builds(
        lambda data, signature: Said(oid(repr(data)), data, signature),
        st.binary(max_size=40),
        st.none() | st.binary(max_size=40),
    ),
)


@settings(deadline=None, max_examples=200)
@given(st.lists(WORDS, max_size=6))
def test_a_captured_home_cannot_move_its_own_pin(words: list[Said]):
    """Whoever has the home and no key in force leads nobody elsewhere, whatever is said in whatever order."""
    stolen = [one for one in words if not (one.signature or b"").startswith(K1.encode())]
    assert listen(START, *stolen).terms == START.terms


@settings(deadline=None, max_examples=200)
@given(st.lists(WORDS, max_size=6), WORDS)
def test_nor_by_what_it_claims_to_have_said(words: list[Said], last: Said):
    stolen = [one for one in (*words, last) if not (one.signature or b"").startswith(K1.encode())]
    heard = catch_up(ABC, START, stolen[:-1], stolen[-1], verify) if stolen else None
    assert heard is None or heard.force.terms == START.terms


@settings(deadline=None, max_examples=200)
@given(st.lists(WORDS, max_size=6), WORDS)
def test_hearing_the_same_again_changes_nothing(words: list[Said], last: Said):
    once = listen(START, *words, last)
    assert listen(once, last) == once
    assert in_force(pin(OLD, K1), seen(once)) == once


@settings(deadline=None, max_examples=200)
@given(st.lists(WORDS, max_size=6))
def test_nothing_that_once_counted_comes_back(words: list[Said]):
    """Every change of terms is to a text that never counted before."""
    force = START
    for one in words:
        after = listen(force, one)
        if not after.terms.agrees(force.terms):
            assert one.blob not in force.accepted
            assert after.accepted[-1] == one.blob
        force = after


@settings(deadline=None, max_examples=200)
@given(st.lists(WORDS, max_size=6), HOMES.filter(bool), KEYS)
def test_whatever_was_said_a_new_file_of_the_readers_stands(words: list[Said], home: str, keys: list[str]):
    mine = pin(home, *keys, about="decided")
    assert in_force(mine, seen(listen(START, *words))).terms == mine.terms
