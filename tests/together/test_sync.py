"""``sync`` by the command line on real repositories: what each home comes to, and that nothing of the user's moves."""

import shutil
import time

from hermetic import put, run_git
from network import Network, described, newsrepo, own_state, rules, text
from servers import dead_address, silent_server

from newsrepo.gitstore.files import Lock


def test_everybody_is_fetched_and_nothing_of_the_users_changes(network: Network):
    network.join("abc", "lmn")
    before = own_state(network.clone)
    homes = network.sync()
    assert own_state(network.clone) == before
    assert {who: (h["outcome"], h["articles"]["new"]) for who, h in homes.items()} == {
        "abc": ("new", 1),
        "lmn": ("new", 1),
    }
    assert network.last["here"] == ["rdr"]
    assert set(network.titles()) == {"abc/2026/first", "lmn/2026/first", "rdr/2026/own"}


def test_what_is_new_is_told_and_what_is_not_is_silent(network: Network):
    network.join("abc", "lmn")
    network.sync()
    network["abc"].publish(
        {
            "articles/abc/2026/second/index.md": text("The second"),
            "articles/abc/2026/first/index.md": text("The first, revised"),
        }
    )
    homes = network.sync()
    assert homes["lmn"]["outcome"] == "unchanged"
    assert homes["abc"]["outcome"] == "forward"
    assert homes["abc"]["articles"] == {"new": 1, "revised": 1, "gone": 0}
    said = network.run("sync", "--allow-local")
    assert said.stdout == ""
    assert said.stderr == "2 homes asked: 2 unchanged\n"


def test_only_those_who_are_named(network: Network):
    network.join("abc", "lmn")
    assert set(network.sync("lmn")) == {"lmn"}
    assert "abc/2026/first" not in network.titles()
    wrong = network.run("sync", "lmo", "--allow-local")
    assert wrong.exit_code == 2
    assert "did you mean 'lmn'?" in wrong.stderr
    assert network.run("sync", "../x").exit_code == 2


def test_a_dead_home_and_a_vanished_branch_are_named_and_the_rest_goes_on(network: Network):
    network.join("abc", "lmn", "xyz")
    network.sync()
    network.pin("lmn", described("Lmn", dead_address() + "lmn.git"))
    run_git(network["xyz"].path, "update-ref", "-d", "refs/heads/main")
    new = network["abc"].publish({"articles/abc/2026/second/index.md": text("The second")})
    homes = network.sync(code=1)
    assert homes["abc"]["tip"] == new
    assert homes["lmn"]["outcome"] == "unreachable"
    assert homes["xyz"]["outcome"] == "withheld"
    assert homes["xyz"]["fetched_at"]
    assert homes["xyz"]["stale"]
    assert "xyz/2026/first" in network.titles()


def test_a_rewritten_history_is_named_with_both_tips_and_the_old_one_is_kept(network: Network):
    network.join("abc", "lmn")
    old = network.sync()["abc"]["tip"]
    abc = network["abc"]
    run_git(abc.work, "commit", "--quiet", "--amend", "-m", "Nothing happened")
    new = abc.publish({"articles/abc/2026/first/index.md": text("Never said otherwise")}, force=True)
    home = network.sync(code=1)["abc"]
    assert (home["outcome"], home["before"], home["tip"]) == ("rewritten", old, new)
    assert rules(home) == ["rewritten-home"]
    assert f"{old[:12]}..{new[:12]}" in home["trouble"][0]["message"]
    store = network.clone / ".git/newsrepo/homes.git"
    kept = run_git(store, "for-each-ref", "--format=%(objectname)", "refs/newsrepo/seen/abc/")
    assert set(kept.split()) == {old, new}
    assert "Words of abc." in network.run("show", "abc/2026/first", "--at", f"abc@{old[:8]}").stdout
    assert network.sync()["abc"]["outcome"] == "unchanged"


def test_homes_that_are_none(network: Network, tmp_path):
    network.join("abc")
    marker = tmp_path / "marker"
    odd = {
        "helper": f"ext::sh -c touch% {marker}",
        "option": f"--upload-pack=touch {marker}",
        "folder": "file:///etc",
        "hidden": "ssh://-oProxyCommand=x/y",
        "plain": "http://example.org/x",
        "git": "git://example.org/x",
        "secret": "https://me:hunter2@example.org/x",
    }
    for who, home in odd.items():
        network.pin(who, described(who, f"'{home}'", branch="main"))
    for who, branch in {"dash": "--output=x", "dots": "a..b", "lock": "x.lock"}.items():
        network.pin(who, described(who, network["abc"].home, branch=branch))
    said = network.run("sync", "--json", "--timeout", "10")
    assert said.exit_code == 1
    assert "hunter2" not in said.stdout
    assert not marker.exists()
    homes = network.sync(code=1)
    assert homes.pop("abc")["outcome"] == "new"
    homes.pop("folder")  # allowed here, and no repository
    for who, home in homes.items():
        assert (home["outcome"], rules(home)) == ("refused", ["bad-address"]), home
        assert home["trouble"][0]["message"].startswith(f"contingents/{who}.yaml:2: "), home


def test_local_places_are_asked_for_only_when_allowed(network: Network):
    network.join("abc")
    network["abc"].describe("name: Abc\n")
    network.pin("abc", described("Abc", str(network["abc"].path)))
    refused = network.run("sync", "--json")
    assert refused.exit_code == 1
    assert "bad-address" in refused.stdout
    assert network.sync()["abc"]["outcome"] == "new"


def test_a_file_of_the_address_book_that_cannot_be_read(network: Network):
    network.join("abc", "lmn")
    network.sync()
    network.pin("lmn", "name: [\n")
    homes = network.sync(code=1)
    assert rules(homes["lmn"]) == ["unreadable-contingent"]
    assert homes["abc"]["outcome"] == "unchanged"
    network.pin("lmn", network["lmn"].page)
    assert network.sync()["lmn"]["outcome"] == "unchanged"


def test_a_home_that_is_slow_costs_its_time_and_no_more(network: Network):
    network.join("abc", "lmn")
    with silent_server() as silent:
        network.pin("lmn", described("Lmn", silent + "lmn.git"))
        began = time.monotonic()
        homes = network.sync("--timeout", "2", code=1)
        assert time.monotonic() - began < 15
    assert (homes["lmn"]["outcome"], homes["abc"]["outcome"]) == ("timeout", "new")


def test_shared_homes_are_fetched_once(network: Network):
    network.join("abc")
    shared = {f"m{n}": described(f"M{n}") for n in range(5)}
    put(
        network.clone,
        {
            "newsrepo.yaml": f"home: {network['abc'].home}\n" + network.charter,
            **{f"contingents/{who}.yaml": page for who, page in shared.items()},
        },
    )
    network["abc"].publish({f"articles/{who}/2026/x/index.md": text(who) for who in shared})
    network.server.requests.clear()
    homes = network.sync()
    assert {home["outcome"] for home in homes.values()} == {"new"}
    assert len(homes) == 6
    asked = [path for path in network.server.requests if path.startswith("/abc.git/info/refs")]
    assert len(asked) == 2  # what there is, and the fetch
    assert "m3/2026/x" in network.titles()


def test_two_at_once(network: Network):
    network.join("abc")
    with Lock(network.clone / ".git" / "newsrepo" / "homes.lock") if network.sync() else None:
        said = network.run("sync", "--allow-local")
    assert said.exit_code == 75


def test_a_damaged_ledger_is_learnt_anew(network: Network):
    network.join("abc")
    network.sync()
    file = network.clone / ".git/newsrepo/homes.json"
    file.write_bytes(file.read_bytes().replace(b"abc", b"abd"))
    said = network.run("sync", "--allow-local")
    assert said.exit_code == 0
    assert "learnt anew" in said.stderr
    assert network.sync()["abc"]["outcome"] == "unchanged"


def test_what_a_killed_run_did_not_tell_is_told_by_the_next(network: Network):
    """Refs come before the ledger: a rewriting between the two is not lost."""
    network.join("abc")
    network.sync()
    file = network.clone / ".git/newsrepo/homes.json"
    before = file.read_bytes()
    abc = network["abc"]
    run_git(abc.work, "commit", "--quiet", "--amend", "-m", "Nothing happened")
    abc.push(abc.place, force=True)
    first = network.sync(code=1)["abc"]
    file.write_bytes(before)
    again = network.sync(code=1)["abc"]
    assert (again["outcome"], again["before"], again["tip"]) == ("rewritten", first["before"], first["tip"])


def test_a_lost_store_is_filled_anew(network: Network):
    network.join("abc")
    tip = network.sync()["abc"]["tip"]
    shutil.rmtree(network.clone / ".git/newsrepo/homes.git")
    home = network.sync()["abc"]
    assert (home["outcome"], home["tip"], home["before"]) == ("new", tip, None)
    shutil.rmtree(network.clone / ".git/newsrepo")
    assert network.sync()["abc"]["outcome"] == "new"


def test_nothing_to_fetch_leaves_nothing_behind(network: Network):
    said = network.run("sync")
    assert (said.exit_code, said.stdout) == (0, "")
    assert said.stderr == "nothing to fetch; at home in this branch: rdr\n"
    assert not (network.clone / ".git/newsrepo/homes.git").exists()


def test_outside_a_commons(network: Network, tmp_path):
    bare = tmp_path / "empty"
    bare.mkdir()
    assert newsrepo(bare, "sync").exit_code == 3
    run_git(bare, "init", "-q")
    assert newsrepo(bare, "sync").exit_code == 0
    assert newsrepo(bare, "contingents").exit_code == 0
