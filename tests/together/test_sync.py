"""``sync`` by the command line on real repositories: what each home comes to, and that nothing of the user's moves."""

from hermetic import run_git
from network import Network, described, own_state, text
from servers import dead_address


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
