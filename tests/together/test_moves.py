"""Homes that move, honestly and not: a signature is followed, anything else is named and changes nothing."""

from itertools import pairwise

import pytest
from hermetic import run_git
from network import Member, Network, described, rules, text
from signers import Signer

from newsrepo.porcelain.pins import MAX_HOPS
from newsrepo.signing import CONTINGENT


def second_home(member: Member, place: str) -> str:
    """Another home of the same contingent; its address."""
    member.bare(place)
    return member.network.server.url(place)


def test_a_signed_move_is_followed_in_the_same_sync(network: Network):
    network.join("abc")
    network.sync()
    abc = network["abc"]
    new = second_home(abc, "new.git")
    page = described("Abc", new, *abc.keys)
    abc.describe(page, by=abc.signer)
    abc.publish({"articles/abc/2026/moved/index.md": text("We moved")}, to="new.git")
    home = network.sync()["abc"]
    assert (home["outcome"], home["home"], home["moved_from"]["home"]) == ("forward", new, abc.home)
    assert "abc/2026/moved" in network.titles()
    run_git(abc.path, "update-ref", "-d", "refs/heads/main")  # the earlier home is not asked any more
    home = network.sync()["abc"]
    assert (home["outcome"], home["moved_from"]) == ("unchanged", None)
    said = network.run("sync", "--allow-local")
    assert said.stdout == ""


def test_an_unsigned_move_is_named_and_not_followed(network: Network):
    network.join("abc")
    network.sync()
    abc = network["abc"]
    new = second_home(abc, "new.git")
    abc.describe(described("Abc", new, *abc.keys))
    abc.publish({"articles/abc/2026/elsewhere/index.md": text("Not for you")}, to="new.git")
    home = network.sync(code=1)["abc"]
    assert rules(home) == ["unsigned-move"]
    assert (home["outcome"], home["home"]) == ("forward", abc.home)
    assert "abc/2026/elsewhere" not in network.titles()
    assert rules(network.sync(code=1)["abc"]) == ["unsigned-move"]  # as long as it stands there


@pytest.mark.parametrize("thief", ["another key", "other bytes", "new key of its own"])
def test_a_captured_home_cannot_move_its_own_pin(network: Network, thief: str):
    """Whoever holds the server and no key leads nobody elsewhere, and the rest of the commons goes on."""
    network.join("abc", "lmn")
    network.sync()
    abc = network["abc"]
    evil = second_home(abc, "evil.git")
    if thief == "another key":
        abc.describe(described("Abc", evil, *abc.keys), by=Signer("mal"))
    elif thief == "other bytes":
        page, other = (described("Abc", evil, *abc.keys, more=f"about: {n}\n") for n in "12")
        signature = abc.signer.sign(other.encode(), CONTINGENT)
        abc.publish({"contingents/abc.yaml": page, "contingents/abc.yaml.sig": signature})
    else:
        mal = Signer("mal")
        abc.describe(described("Abc", evil, mal.line), by=mal)
    abc.publish({"articles/abc/2026/forged/index.md": text("Forged")}, to="evil.git")
    home = network.sync(code=1)["abc"]
    assert rules(home) == ["bad-signature"]
    assert home["home"] == abc.home
    assert not any("evil.git" in path for path in network.server.requests)
    assert "abc/2026/forged" not in network.titles()
    assert "lmn/2026/first" in network.titles()


def test_keys_rotate_by_a_signature_and_the_old_one_counts_no_more(network: Network):
    network.join("abc")
    network.sync()
    abc, fresh = network["abc"], Signer("fresh")
    abc.describe(described("Abc", abc.home, fresh.line), by=abc.signer)
    assert rules(network.sync()["abc"]) == []
    new = second_home(abc, "new.git")
    abc.describe(described("Abc", new, fresh.line), by=abc.signer)
    assert rules(network.sync(code=1)["abc"]) == ["bad-signature"]
    abc.describe(described("Abc", new, fresh.line), by=fresh)
    abc.push("new.git")
    assert network.sync()["abc"]["home"] == new


def test_who_syncs_seldom_catches_up_with_several_rotations(network: Network):
    network.join("abc")
    network.sync()
    abc = network["abc"]
    keys = [abc.signer, Signer("second"), Signer("third"), Signer("fourth")]
    for old, new in pairwise(keys):
        abc.describe(described("Abc", abc.home, new.line), by=old)
        abc.publish({f"articles/abc/2026/by-{new.name}/index.md": text(new.name)})
    home = network.sync()["abc"]
    assert home["articles"]["new"] == 3
    new_home = second_home(abc, "new.git")
    abc.describe(described("Abc", new_home, keys[-1].line), by=keys[1])
    assert rules(network.sync(code=1)["abc"]) == ["bad-signature"]
    abc.describe(described("Abc", new_home, keys[-1].line), by=keys[-1])
    abc.push("new.git")
    assert network.sync()["abc"]["home"] == new_home


def test_a_signed_move_that_was_described_anew_since_is_followed_by_who_comes_late(network: Network):
    network.join("abc")
    network.sync()
    abc = network["abc"]
    new = second_home(abc, "new.git")
    abc.describe(described("Abc", new, *abc.keys), by=abc.signer)
    abc.describe(described("Abc", new, *abc.keys, more="about: Moved, and described anew.\n"))
    abc.push("new.git")
    assert network.sync()["abc"]["home"] == new


def test_an_older_signed_text_does_not_bring_back_an_older_home(network: Network):
    network.join("abc")
    network.sync()
    abc = network["abc"]
    first = run_git(abc.work, "rev-parse", "HEAD")
    for place in ("second.git", "third.git"):
        abc.describe(described("Abc", second_home(abc, place), *abc.keys), by=abc.signer)
    abc.push("third.git")
    moved = run_git(abc.work, "rev-parse", "HEAD~1")
    assert network.sync()["abc"]["home"].endswith("third.git")
    for commit in (first, moved):
        run_git(network.root / "third.git", "update-ref", "refs/heads/main", commit)
        home = network.sync(code=1)["abc"]
        assert home["home"].endswith("third.git")
        assert set(rules(home)) >= {"replayed-contingent"}


def test_a_move_to_a_home_that_does_not_answer_waits(network: Network):
    network.join("abc")
    network.sync()
    abc = network["abc"]
    abc.describe(described("Abc", network.server.url("none.git"), *abc.keys), by=abc.signer)
    abc.publish({"articles/abc/2026/meanwhile/index.md": text("Meanwhile")})
    home = network.sync(code=1)["abc"]
    assert (rules(home), home["home"], home["outcome"]) == (["unfinished-move"], abc.home, "forward")
    assert "abc/2026/meanwhile" in network.titles()
    abc.bare("none.git")
    abc.push("none.git")
    home = network.sync()["abc"]
    assert home["home"] == network.server.url("none.git")


def test_moves_in_a_ring_end(network: Network):
    network.join("abc")
    network.sync()
    abc = network["abc"]
    places = [second_home(abc, f"ring{n}.git") for n in range(MAX_HOPS + 2)]
    for number, place in enumerate(places):
        before = f"ring{number - 1}.git" if number else abc.place
        abc.describe(described("Abc", place, *abc.keys), by=abc.signer, to=before)
    abc.push(f"ring{len(places) - 1}.git")
    home = network.sync(code=1)["abc"]
    assert rules(home) == ["endless-move"]
    assert home["home"] == places[MAX_HOPS - 1]
    assert network.sync()["abc"]["home"] == places[-1]
    last = f"ring{len(places) - 1}.git"
    abc.describe(described("Abc", abc.home, *abc.keys, more="about: Home again.\n"), by=abc.signer, to=last)
    abc.describe(described("Abc", places[-1], *abc.keys, more="about: And back.\n"), by=abc.signer)
    home = network.sync(code=1)["abc"]
    assert rules(home) == ["endless-move"]
    assert home["home"] == abc.home


def test_the_reader_has_the_last_word(network: Network):
    network.join("abc")
    network.sync()
    abc = network["abc"]
    evil = second_home(abc, "evil.git")
    abc.describe(described("Abc", evil, *abc.keys), by=abc.signer)  # the key was stolen
    abc.publish({"articles/abc/2026/forged/index.md": text("Forged")}, to="evil.git")
    assert network.sync()["abc"]["home"] == evil
    fresh, safe = Signer("fresh"), second_home(abc, "safe.git")
    page = described("Abc", safe, fresh.line)
    run_git(abc.work, "reset", "--quiet", "--hard", "HEAD~2")
    abc.describe(page, to="safe.git")
    network.pin("abc", page)
    home = network.sync(code=1)["abc"]
    assert (home["home"], rules(home)) == (safe, ["rewritten-home"])
    assert "does not hold what the earlier one had published" in home["trouble"][0]["message"]
    assert "abc/2026/forged" not in network.titles()
    assert rules(network.sync()["abc"]) == []


def test_nobody_speaks_for_anybody_elses_home(network: Network):
    """Of two claimants to an id the pinned one stands: another's file of it, signed or not, is hearsay."""
    network.join("abc", "lmn")
    network.sync()
    abc, lmn = network["abc"], network["lmn"]
    evil = second_home(abc, "evil.git")
    page = described("Lmn", evil, *lmn.keys)
    abc.publish(
        {"contingents/lmn.yaml": page, "articles/lmn/2026/first/index.md": text("Put in lmn's mouth")}
    )
    homes = network.sync()
    assert homes["lmn"]["home"] == lmn.home
    assert "Words of lmn." in network.run("show", "lmn/2026/first").stdout
