"""An edition of many homes is verified by whoever fetched them, and nobody's words are taken for another's."""

import json
from pathlib import Path

import pytest
from hermetic import commit_all, put, run_git
from network import Network, newsrepo, text
from typer.testing import Result


@pytest.fixture
def met(network: Network) -> Network:
    network.join("abc", "lmn")
    network.sync()
    return network


@pytest.fixture
def edition(met: Network, tmp_path: Path) -> Path:
    """What the reader publishes, of everybody's works."""
    put(met.clone, {"filters/rdr/all.yaml": "title: All\nselect: 'by:abc or by:lmn or by:rdr'\n"})
    commit_all(met.clone)
    out = tmp_path / "edition"
    built = met.run("--today", "2026-06-01", "build", "rdr/all", "-o", str(out))
    assert built.exit_code == 0, built.output
    return out


def beside(met: Network, name: str, *members: str) -> Path:
    """Another reader's clone of the same branch, that has fetched what is published now."""
    other = met.base / name
    run_git(met.base, "clone", "--quiet", str(met.clone), str(other))
    run_git(other, "config", "newsrepo.contingent", "rdr")
    for who in members:
        assert newsrepo(other, "sync", who, "--allow-local").exit_code == 0
    return other


def verify(where: Path, edition: Path) -> Result:
    return newsrepo(where, "verify-edition", str(edition))


def test_whoever_fetched_the_tips_can_verify_also_later(met: Network, edition: Path):
    result = verify(met.clone, edition)
    assert (result.exit_code, "made of 3 tips" in result.stdout) == (0, True), result.output
    assert "its day was named by its publisher" in result.stderr
    other = beside(met, "other")
    unknown = verify(other, edition)
    assert (unknown.exit_code, "2 tips are not in this clone" in unknown.stderr) == (3, True)
    # The homes go on: what was published stays in their history, and so can be verified from there.
    met["abc"].publish({"articles/abc/2026/second/index.md": text("The second")})
    assert newsrepo(other, "sync", "--allow-local").exit_code == 0
    assert verify(other, edition).exit_code == 0
    met["lmn"].publish({"articles/lmn/2026/first/index.md": text("Another first")}, force=True)
    met.sync()
    assert verify(met.clone, edition).exit_code == 0


def test_what_only_one_contingent_says_is_made_anew_as_such(met: Network, tmp_path: Path):
    narrow, wide = tmp_path / "narrow", tmp_path / "wide"
    assert met.run("build", "abc/all", "--only", "abc", "-o", str(narrow)).exit_code == 0
    assert met.run("build", "abc/all", "-o", str(wide)).exit_code == 0
    assert json.loads((narrow / "manifest.json").read_text())["pins"]["only"] == "abc"
    assert [verify(met.clone, folder).exit_code for folder in (narrow, wide)] == [0, 0]


def test_a_tip_under_anothers_name_and_a_publishers_copy_are_told(
    met: Network, edition: Path, tmp_path: Path
):
    manifest = edition / "manifest.json"
    data = json.loads(manifest.read_text())
    own, abc, _ = data["sources"]
    forged = {**abc, "ref": f"lmn@{abc['commit'][:8]}"}
    manifest.write_text(json.dumps({**data, "sources": [own, abc, forged]}))
    result = verify(met.clone, edition)
    assert result.exit_code == 3
    assert f"tip {abc['commit']} of lmn is not in this clone" in result.stderr
    alone = tmp_path / "alone"
    put(met.clone, {"articles/abc/2026/first/index.md": text("What abc never said")})
    commit_all(met.clone)
    assert met.run("build", "rdr/all", "--at", "HEAD", "-o", str(alone)).exit_code == 0
    result = verify(met.clone, alone)
    assert result.exit_code == 0
    assert "what it shows of abc, lmn is the publisher's copy" in result.stderr
