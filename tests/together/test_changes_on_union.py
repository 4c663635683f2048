"""A change of one branch, judged beside what others say in their homes: the same before and after."""

import json
from typing import Any

import pytest
from hermetic import commit_all, put, run_git
from network import Network, text

REMARK = "---\non: {on}\ndate: 2026-05-01\nauthors: [Bo]\nlang: en\n---\n\nWell told.\n"


@pytest.fixture
def met(network: Network) -> Network:
    network.join("abc", "lmn")
    network["abc"].publish({"comments/abc/2026/word.md": REMARK.format(on="rdr/2026/own")})
    network["lmn"].publish({"comments/lmn/2026/lost.md": REMARK.format(on="abc/2026/nowhere")})
    network.sync()
    run_git(network.clone, "branch", "before")
    return network


def found(network: Network, *args: str) -> tuple[int, list[tuple[str, str, str, bool]], dict[str, Any]]:
    done = network.run("check", *args, "--json")
    answer = json.loads(done.stdout)
    told = [(f["near"], f["rule"], f["path"], bool(f["source"])) for f in answer["findings"]]
    return done.exit_code, told, answer["since"]


def test_others_works_are_there_to_be_named(met: Network) -> None:
    put(met.clone, {"comments/rdr/2026/reply.md": REMARK.format(on="abc/2026/first")})
    run_git(met.clone, "add", "-A")
    assert found(met, "--staged")[:2] == (0, [])
    put(met.clone, {"comments/rdr/2026/reply.md": REMARK.format(on="abc/2026/second")})
    run_git(met.clone, "add", "-A")
    assert found(met, "--staged")[:2] == (1, [("line", "dangling-id", "comments/rdr/2026/reply.md", False)])
    commit_all(met.clone)
    assert found(met, "--since", "before")[:2] == (
        1,
        [("line", "dangling-id", "comments/rdr/2026/reply.md", False)],
    )
    assert (
        met.run("check").exit_code == 0
    )  # once it stands, nobody else can make it an error by what they drop


def test_what_it_breaks_in_anothers_home_is_told(met: Network) -> None:
    (met.clone / "articles/rdr/2026/own/index.md").unlink()
    code, told, since = found(met, "--since", "before")
    assert code == 1
    assert ("elsewhere", "dangling-id", "comments/abc/2026/word.md", True) in told
    assert not any(path == "comments/lmn/2026/lost.md" for _, _, path, _ in told)
    assert (since["hidden"]["errors"], since["hidden"]["warnings"]) == (0, 1)  # lmn's, about abc's


def test_whose_files_are_changed_here_is_heard_here(met: Network) -> None:
    """A request that brings a file of somebody's is judged by the file that it brings."""
    put(met.clone, {"articles/abc/2026/first/index.md": text("First").replace("lang: en", "lang: no such")})
    assert found(met, "--since", "before")[:2] == (
        1,
        [("line", "bad-value", "articles/abc/2026/first/index.md", False)],
    )
