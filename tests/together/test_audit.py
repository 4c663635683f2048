"""Looking back at a living network: what was done quietly is told, with evidence that can be looked up."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hermetic import run_git
from typer.testing import CliRunner

from newsrepo.cli.main import app
from newsrepo.gitstore.repository import Repository
from newsrepo.porcelain.audit import audit
from newsrepo.porcelain.demo import demo
from newsrepo.porcelain.sync import sync
from newsrepo.porcelain.workspace import Workspace


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's reader, after the second sync."""
    made = Path(demo(tmp_path_factory.mktemp("audit") / "net").reader)
    with Repository.discover(made) as repository:
        sync(Workspace(repository), now=datetime(2026, 11, 22, tzinfo=UTC), local=True)
    return made


def test_what_the_demonstration_did_quietly_is_found_and_nothing_else(reader: Path) -> None:
    with Repository.discover(reader) as repository:
        done = audit(Workspace(repository), today=date(2026, 11, 22))
    assert [(c.who, c.rule) for c in done.charges] == [
        ("commonpress", "rewritten-home"),
        ("commonpress", "vanished-work"),
        ("exchange", "broken-promise"),
        ("exchange", "edited-copy"),
    ]
    assert (done.homes, done.here, done.stale) == (4, ("distaff", "tally"), ())


def test_evidence_names_what_anybody_can_look_up(reader: Path) -> None:
    store = reader / ".git" / "newsrepo" / "homes.git"
    done = CliRunner().invoke(app, ["-C", str(reader), "--today", "2026-11-22", "audit", "--json"])
    assert done.exit_code == 1, done.output
    charges = json.loads(done.stdout)["charges"]
    rewritten, vanished, _, edited = charges
    for proof in rewritten["proofs"][:2]:
        assert run_git(store, "cat-file", "-t", proof["value"].partition("@")[2]) == "commit"
    values = {proof["what"]: proof["value"] for proof in vanished["proofs"]}
    where = f"{values['last seen in commit'].partition('@')[2]}:{values['path']}"
    assert run_git(store, "rev-parse", where) == values["last version"]
    values = {proof["what"]: proof["value"] for proof in edited["proofs"]}
    carried = run_git(store, "rev-parse", f"{values['in commit'].partition('@')[2]}:{values['path']}")
    assert carried == values["their text"] != values["its owner's text"]


def test_one_contingent_can_be_asked_about(reader: Path) -> None:
    done = CliRunner().invoke(app, ["-C", str(reader), "--today", "2026-11-22", "audit", "lamp"])
    assert (done.exit_code, done.stdout) == (0, "")
    done = CliRunner().invoke(app, ["-C", str(reader), "audit", "lamb"])
    assert done.exit_code == 2


def test_own_work_that_was_removed_is_told_too(tmp_path: Path) -> None:
    clone = Path(demo(tmp_path / "net").root) / "clones" / "lamp"
    run_git(clone, "rm", "-q", "-r", "articles/lamp/2025/dock-strike-1889")
    run_git(clone, "commit", "-q", "-m", "Tidy up")
    with Repository.discover(clone) as repository:
        done = audit(Workspace(repository), ["lamp"], today=date(2026, 11, 22))
    (found,) = [charge for charge in done.charges if charge.rule == "vanished-work"]
    assert found.fact == "lamp/2025/dock-strike-1889 was published and is gone"
    assert ("removed by commit", run_git(clone, "rev-parse", "HEAD")) in [
        (proof.what, proof.value) for proof in found.proofs
    ]
