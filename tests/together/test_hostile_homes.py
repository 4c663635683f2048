"""Hostile homes, each beside honest ones: the rest of the commons is the same, and what is wrong is named."""

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hermetic import run_git
from hostile import ODD, REFUSED
from network import Network, described, rules, text
from servers import dead_address, git_server, silent_server
from signers import Signer

MAKE = Callable[[Path], str]


def digest(site: Path) -> dict[str, str]:
    """Every file of an edition but its manifest, which names the tips."""
    return {
        str(path.relative_to(site)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(site.rglob("*"))
        if path.is_file() and path.name != "manifest.json"
    }


def build(network: Network, where: str) -> Path:
    site = network.base / where
    said = network.run("build", "rdr/all", "-o", str(site), "--today", "2026-06-01")
    assert said.exit_code == 0, said.output
    return site


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_a_home_that_git_refuses(network: Network, case: str):
    """Cases 11-14: nothing of it is let in."""
    make, word = REFUSED[case]
    network.join("abc")
    make(network.root / "mal.git")
    network.pin("mal", described("Mal", network.server.url("mal.git")))
    homes = network.sync(code=1)
    assert homes["abc"]["outcome"] == "new"
    assert (homes["mal"]["outcome"], rules(homes["mal"])) == ("unsound", ["unsound-home"])
    assert word in homes["mal"]["trouble"][0]["message"]
    assert set(network.titles()) == {"abc/2026/first", "rdr/2026/own"}


@pytest.mark.parametrize("case", sorted(ODD))
def test_a_home_with_odd_files(network: Network, case: str):
    """Cases 15-26 and 32: let in by git, left out by us; the sync and `contingents` say why."""
    make, found = ODD[case]
    who = "d0" if case == "case-26-tree-bomb" else "mal"  # in whose folders these trees put it
    network.join("abc")
    make(network.root / "mal.git")
    network.pin(who, described("Mal", network.server.url("mal.git")))
    began = time.monotonic()
    homes = network.sync(code=int(bool(found)))
    assert homes["abc"]["outcome"] == "new"
    assert set(rules(homes[who])) == set(found)
    said = network.run("contingents")
    assert "\x1b" not in said.output
    assert all(f"  {rule}: " in said.stdout for rule in found)
    assert {"abc/2026/first", "rdr/2026/own"} <= set(network.titles())
    assert time.monotonic() - began < 60


def test_a_server_that_sends_too_much_or_nothing(network: Network):
    """Cases 28 and 29 are the store's own (tests/gitstore); here: nobody waits for them."""
    network.join("abc")
    with silent_server() as silent:
        network.pin("mal", described("Mal", f"{silent}mal.git"))
        network.pin("bad", described("Bad", f"{dead_address()}bad.git"))
        homes = network.sync("--timeout", "2", code=1)
    assert {who: home["outcome"] for who, home in homes.items()} == {
        "abc": "new", "bad": "unreachable", "mal": "timeout",
    }  # fmt: skip
    known = json.loads(network.run("contingents", "--json").stdout)["contingents"]
    assert {one["id"]: [t["rule"] for t in one["trouble"]] for one in known if one["trouble"]} == {
        "bad": ["unreachable-home"], "mal": ["fetch-timeout"],
    }  # fmt: skip


HONEST = ("a1", "a2", "a3", "a4")


@pytest.fixture
def eight(network: Network, tmp_path: Path) -> Iterator[Network]:
    """Eight contingents on bare repositories, one behind a server of its own; the reader has everything."""
    network.join(*HONEST, "forced", "moved", "mal")
    (tmp_path / "other").mkdir()
    with git_server(tmp_path / "other") as other:
        network.join("dead", server=other, root=tmp_path / "other")
        homes = network.sync()
        assert len(homes) == 8
        assert {home["outcome"] for home in homes.values()} == {"new"}
        yield network


def test_eight_contingents_make_one_edition(eight: Network):
    """Done when: `sync` then `build` publishes the union."""
    site = build(eight, "site")
    for who in (*HONEST, "dead", "forced", "moved", "mal"):
        page = (site / f"articles/{who}/2026/first.html").read_text()
        assert f"Words of {who}." in page
    assert "Words of" not in (site / "articles/rdr/2026/own.html").read_text()


@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize("case", ["case-13-dots", "case-17-link", "case-22-line-feed"])
def test_one_dead_one_forced_one_moved_one_hostile_change_nothing_for_the_rest(
    eight: Network, signed: bool, case: str
):
    """Done when: each is named, and the rest of the edition is the same byte for byte."""
    before = digest(build(eight, "before"))
    forced, moved = eight["forced"], eight["moved"]
    eight["dead"].server.stop()
    run_git(forced.work, "commit", "--quiet", "--amend", "-m", "Nothing happened")
    forced.push(forced.place, force=True)
    moved.bare("new.git")
    page = described("Moved", eight.server.url("new.git"), *moved.keys)
    moved.describe(page, by=moved.signer if signed else Signer("thief"))
    moved.publish({"articles/moved/2026/after/index.md": text("After the move")}, to="new.git")
    shutil.rmtree(eight["mal"].path)
    (REFUSED.get(case) or ODD[case])[0](eight["mal"].path)
    homes = eight.sync(code=1)
    assert all(homes[who]["outcome"] == "unchanged" and not homes[who]["trouble"] for who in HONEST)
    assert homes["dead"]["outcome"] == "unreachable"
    assert rules(homes["forced"]) == ["rewritten-home"]
    assert rules(homes["moved"]) == ([] if signed else ["bad-signature"])
    assert homes["moved"]["home"] == eight.server.url("new.git" if signed else "moved.git")
    assert homes["mal"]["trouble"]
    titles = eight.titles()
    assert ("moved/2026/after" in titles) is signed
    after = digest(build(eight, "after"))
    kept = (*HONEST, "dead", "forced")
    theirs = [p for p in before if any(p.startswith(f"articles/{who}/") for who in kept)]
    assert len(theirs) == 3 * len(kept)  # the page, the record, the file itself
    assert {p: before[p] for p in theirs} == {p: after.get(p) for p in theirs}
