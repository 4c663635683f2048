"""``contingents`` by the command line: who belongs, who might, and what admitting and pinning write."""

import json
from pathlib import Path

import pytest
from hermetic import commit_all, put, run_git
from network import Member, Network, described, own_state, text
from signers import Signer


def listed(network: Network, *args: str) -> dict:
    result = network.run("contingents", "--json", *args)
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout)
    return {one["id"]: one for one in (*said["contingents"], *said["candidates"])}


def test_who_belongs_and_what_is_known_of_them(network: Network):
    network.join("abc", "lmn")
    first = listed(network)
    assert first["rdr"]["here"]
    assert first["abc"]["tip"] is None
    tip = network.sync("abc")["abc"]["tip"]
    put(
        network["abc"].work,
        {"ratings/abc/ann/2026-05.yaml": RATING.format(network.version("abc/2026/first"))},
    )
    network["abc"].publish({})
    tip = network.sync()["abc"]["tip"]
    known = listed(network, "--today", "2026-05-11")
    assert known["abc"] | {"fetched_at": 0, "tried_at": 0} == {
        "id": "abc", "name": "Abc", "here": False, "home": network["abc"].home, "branch": None,
        "keys": [network["abc"].signer.key.fingerprint], "moved_by_signature": False, "tip": tip,
        "age_in_days": 10, "fetched_at": 0, "tried_at": 0, "stale": False, "articles": 1, "ratings": 1,
        "claims": None, "rewritten": [], "trouble": [],
    }  # fmt: skip
    said = network.run("contingents", "--today", "2026-05-11").stdout
    assert "abc  Abc         1 article, 1 rating   10 days\n" in said
    assert f"  {network['abc'].home} at {tip[:8]}, SHA256:" in said
    assert "  at home here, no key\n" in said


RATING = """\
ratings:
  - {{article: abc/2026/first, version: {}, date: 2026-05-03, values: {{newsworthy: 3}}}}
"""


def test_candidates_stand_in_others_books_and_are_never_fetched(network: Network):
    network.join("abc", "lmn")
    cand, rival = Member(network, "cand"), Member(network, "rival")
    network["abc"].publish({"contingents/cand.yaml": cand.page, "contingents/rival.yaml": rival.page})
    network["lmn"].publish(
        {"contingents/cand.yaml": cand.page, "contingents/rival.yaml": described("Rival", cand.home)}
    )
    network.sync()
    network.server.requests.clear()
    network.sync()
    assert not any("cand" in path or "rival" in path for path in network.server.requests)
    known = listed(network)
    assert (known["cand"]["agreed"], [e["by"] for e in known["cand"]["listed"]]) == (True, ["abc", "lmn"])
    assert not known["rival"]["agreed"]
    assert "articles/cand" not in json.dumps(network.titles())
    shown = network.run("contingents", "show", "rival").stdout
    assert f"in the books of abc: {rival.home}" in shown
    assert f"in the books of lmn: {cand.home}" in shown


def test_a_candidate_is_admitted_by_its_file_and_a_commit(network: Network):
    network.join("abc")
    cand = Member(network, "cand")
    network["abc"].publish({"contingents/cand.yaml": cand.page})
    network.sync()
    refused = network.run("contingents", "pin", "cand")
    assert refused.exit_code == 2
    assert "newsrepo contingents pin cand --yes" in refused.stderr
    assert cand.signer.key.fingerprint in refused.stdout
    head = run_git(network.clone, "rev-parse", "HEAD")
    done = network.run("contingents", "pin", "cand", "--yes")
    assert done.exit_code == 0
    assert "git add contingents/cand.yaml && git commit -m 'Admit cand'" in done.stderr
    assert (network.clone / "contingents/cand.yaml").read_text() == cand.page
    assert run_git(network.clone, "rev-parse", "HEAD") == head
    assert network.sync("cand")["cand"]["outcome"] == "new"
    assert "cand/2026/first" in network.titles()


def test_where_books_differ_one_must_be_chosen(network: Network):
    network.join("abc", "lmn")
    rival = Member(network, "rival")
    network["abc"].publish({"contingents/rival.yaml": rival.page})
    network["lmn"].publish({"contingents/rival.yaml": described("Rival", network["lmn"].home)})
    network.sync()
    said = network.run("contingents", "pin", "rival", "--yes")
    assert said.exit_code == 2
    assert "do not agree" in said.stderr
    assert network.run("contingents", "pin", "rival", "--from", "nobody", "--yes").exit_code == 2
    assert network.run("contingents", "pin", "rival", "--from", "abc", "--yes").exit_code == 0
    assert (network.clone / "contingents/rival.yaml").read_text() == rival.page


def test_a_move_without_a_signature_is_taken_over_by_hand(network: Network):
    network.join("abc")
    network.sync()
    abc, fresh = network["abc"], Signer("fresh")
    assert network.run("contingents", "pin", "abc", "--yes").stderr.startswith("abc is pinned as it stands")
    abc.bare("new.git")
    new = described("Abc", network.server.url("new.git"), fresh.line)
    abc.describe(new)
    abc.push("new.git")
    network.sync(code=1)
    shown = listed(network)["abc"]
    assert shown["claims"]["home"] == network.server.url("new.git")
    said = network.run("contingents", "pin", "abc", "--yes")
    assert said.exit_code == 0, said.output
    for part in (abc.home, network.server.url("new.git"), abc.signer.key.fingerprint, fresh.key.fingerprint):
        assert part in said.stdout
    assert listed(network)["abc"]["tip"] is None  # nothing is known of the new home yet
    home = network.sync()["abc"]
    assert home["home"] == network.server.url("new.git")


def test_a_signed_move_may_be_written_down(network: Network):
    network.join("abc")
    network.sync()
    abc = network["abc"]
    abc.bare("new.git")
    abc.describe(described("Abc", network.server.url("new.git"), *abc.keys), by=abc.signer)
    abc.push("new.git")
    network.sync()
    assert listed(network)["abc"]["moved_by_signature"]
    assert network.run("contingents", "pin", "abc", "--yes").exit_code == 0
    assert (network.clone / "contingents/abc.yaml.sig").exists()
    homes = network.sync()
    assert (homes["abc"]["outcome"], homes["abc"]["home"]) == ("unchanged", network.server.url("new.git"))


def test_pinning_keeps_a_home_that_its_file_leaves_out(network: Network):
    network.join("abc")
    network.sync()
    abc, fresh = network["abc"], Signer("fresh")
    abc.describe(described("Abc", "", fresh.line))
    network.sync(code=1)
    assert network.run("contingents", "pin", "abc", "--yes").exit_code == 0
    written = (network.clone / "contingents/abc.yaml").read_text()
    assert f"home: {abc.home}\n" in written
    assert fresh.line in written
    assert network.sync()["abc"]["home"] == abc.home


def test_changes_that_are_not_committed_are_not_lost(network: Network):
    network.join("abc")
    network.sync()
    network["abc"].describe(described("Abc", network["abc"].home, Signer("fresh").line))
    network.sync(code=1)
    mine = network["abc"].page + "about: My own note.\n"
    network.pin("abc", mine)
    said = network.run("contingents", "pin", "abc", "--yes")
    assert said.exit_code == 2
    assert "not committed" in said.stderr
    assert (network.clone / "contingents/abc.yaml").read_text() == mine


def test_admitting_by_address(network: Network):
    new = Member(network, "new")
    before = own_state(network.clone)
    asked = network.run("contingents", "add", new.home, "--allow-local")
    assert asked.exit_code == 2
    assert "--yes" in asked.stderr
    assert own_state(network.clone) == before
    done = network.run("contingents", "add", new.home, "--allow-local", "--yes")
    assert done.exit_code == 0, done.output
    assert (network.clone / "contingents/new.yaml").read_text() == new.page
    assert "new/2026/first" not in network.titles()  # admitted by the sync after it
    again = network.run("contingents", "add", new.home, "--allow-local", "--yes")
    assert again.exit_code == 2
    assert "pin new" in again.stderr
    assert network.sync()["new"]["outcome"] == "new"


def test_admitting_where_several_are_at_home(network: Network):
    one = Member(network, "one")
    one.publish(
        {
            "contingents/two.yaml": described("Two", one.home),
            "contingents/far.yaml": described("Far", "https://far.example/x"),
        }
    )
    said = network.run("contingents", "add", one.home, "--allow-local", "--yes")
    assert said.exit_code == 2
    assert "one, two" in said.stderr
    far = network.run("contingents", "add", one.home, "--id", "far", "--allow-local", "--yes")
    assert far.exit_code == 3
    assert "newsrepo contingents add https://far.example/x" in far.stderr
    nobody = network.run("contingents", "add", one.home, "--id", "nobody", "--allow-local", "--yes")
    assert nobody.exit_code == 3
    assert network.run("contingents", "add", one.home, "--id", "../x", "--allow-local").exit_code == 2
    assert network.run("contingents", "add", one.home, "--id", "two", "--allow-local", "--yes").exit_code == 0
    assert (network.clone / "contingents/two.yaml").exists()


def test_admitting_where_nobody_is_at_home(network: Network):
    one = Member(network, "one")
    one.describe("name: One\n")
    said = network.run("contingents", "add", one.home, "--allow-local", "--yes")
    assert said.exit_code == 3
    assert "described there are: one" in said.stderr


def test_look_alikes_are_pointed_out(network: Network):
    network.join("abc")
    twin = Member(network, "twin")
    twin.describe(described("ABC", twin.home))
    said = network.run("contingents", "add", twin.home, "--allow-local")
    assert "look twice: it could be taken for abc, 'Abc'" in said.stdout
    twin.describe(described("The Test Commons", twin.home))
    said = network.run("contingents", "add", twin.home, "--allow-local")
    assert "the commons itself, 'The Test Commons'" in said.stdout


@pytest.mark.parametrize(
    "url",
    [
        "ext::sh -c touch% {marker}", "--upload-pack=touch {marker}", "file:///etc", "/srv/x", "ssh://-oProxyCommand=x/y",
        "http://example.org/x", "git://example.org/x", "https://me:hunter2@example.org/x", "https://example.org/x\ny",
    ],
)  # fmt: skip
def test_addresses_that_are_none(network: Network, tmp_path: Path, url: str):
    marker = tmp_path / "marker"
    said = network.run("contingents", "add", "--yes", "--", url.format(marker=marker))
    assert said.exit_code == 2, said.output
    assert "hunter2" not in said.output
    assert "error: the address" in said.stderr
    assert not marker.exists()


@pytest.mark.parametrize("branch", ["--output=x", "-x", "a..b", "x.lock", "@{1}", "x\u202ey", "refs/heads/x"])
def test_branches_that_are_none(network: Network, branch: str):
    said = network.run("contingents", "add", "https://example.org/x", f"--branch={branch}", "--yes")
    assert said.exit_code == 2, said.output
    assert "\u202e" not in said.output


def test_hostile_words_are_shown_as_they_are(network: Network):
    network.join("abc")
    network["abc"].describe(described('"[/foo] \\e[2Jx"', network["abc"].home))
    network["abc"].publish({"contingents/evil.yaml": described("'[red]::error::x'", network["abc"].home)})
    network.sync(code=1)
    said = network.run("contingents").output
    assert "\x1b" not in said
    assert "[red]::error::x" in said


def test_somebody_who_is_nobody(network: Network):
    network.join("abc")
    for verb in ("show", "pin"):
        said = network.run("contingents", verb, "abd")
        assert said.exit_code == 2
        assert "did you mean 'abc'?" in said.stderr
        assert network.run("contingents", verb, "../x").exit_code == 2


def test_a_file_that_cannot_be_read_stops_nothing(network: Network):
    network.join("abc")
    network.pin("abc", "name: [\n")
    commit_all(network.clone)
    assert listed(network)["abc"]["name"] == "abc"
    assert network.run("contingents", "show", "abc").exit_code == 0


def test_articles_of_others_books_do_not_enter(network: Network):
    network.join("abc")
    network["abc"].publish(
        {"articles/cand/2026/x/index.md": text("By a candidate"), "contingents/cand.yaml": "name: C\n"}
    )
    network.sync()
    assert "cand/2026/x" not in network.titles()


def test_admitting_from_a_branch_of_a_shared_repository(network: Network):
    """Whoever names no branch finds those who are at home on any; what counts is that branch's own word."""
    shared = Member(network, "shared")
    side = described("Side", shared.home, Signer("side").line, branch="side")
    stale = described("Side", shared.home, Signer("older").line, branch="side")
    shared.publish({"contingents/side.yaml": stale})
    run_git(shared.work, "checkout", "-q", "-b", "side")
    put(shared.work, {"contingents/side.yaml": side})
    commit_all(shared.work)
    run_git(shared.work, "push", "-q", str(shared.path), "side")
    assert network.run("contingents", "add", shared.home, "--allow-local", "--yes").exit_code == 2
    assert (
        network.run("contingents", "add", shared.home, "--id", "shared", "--allow-local", "--yes").exit_code
        == 0
    )
    said = network.run("contingents", "add", shared.home, "--allow-local", "--yes")  # the one who is left
    assert said.exit_code == 0, said.output
    assert (network.clone / "contingents/side.yaml").read_text() == side
    assert network.run("contingents", "add", shared.home, "--allow-local", "--yes").exit_code == 2
    assert network.sync()["side"]["branch"] == "side"
