"""``build`` with templates of one's own clone: for one's own editions alone, and told in the manifest."""

import hashlib
import json
from pathlib import Path

from tests.cli.conftest import Run

OWN = '<p class="empty">Lost? <a href="{{ top }}index.html">Home</a></p>\n'


def test_own_templates_lay_out_ones_own_editions(commons: Path, run: Run) -> None:
    templates = commons / "templates"
    templates.mkdir()
    (templates / "missing.html").write_text(OWN)
    site = commons / "site/abc/daily"
    assert run("build", "abc/daily", cwd=commons).exit_code == 0
    assert "Lost?" in (site / "404.html").read_text()
    manifest = json.loads((site / "manifest.json").read_text())
    assert manifest["templates"] == {"missing.html": hashlib.sha256(OWN.encode()).hexdigest()}
    assert manifest["unverifiable"]
    assert manifest["unverifiable"] in (site / "about.html").read_text()

    run("build", "abc/daily", "--theme", "default", cwd=commons)
    assert "Lost?" not in (site / "404.html").read_text()
    assert "templates" not in json.loads((site / "manifest.json").read_text())

    # Another contingent's clone: the same folder lays out nothing of abc's.
    other = run("build", "abc/daily", "--as", "lmn", cwd=commons)
    assert other.exit_code == 0, other.stderr
    assert "Lost?" not in (site / "404.html").read_text()


def test_a_fault_in_one_stops_no_other_edition(commons: Path, run: Run) -> None:
    (commons / "filters/lmn").mkdir()
    (commons / "filters/lmn/all.yaml").write_text("title: All\nselect: is:usable\n")
    (commons / "templates").mkdir()
    (commons / "templates/missing.html").write_text("<p>\n{{ gone }}")
    alone = run("build", "abc/daily", cwd=commons)
    assert alone.exit_code == 3
    assert "templates/missing.html:2:1: 'gone' is undefined" in alone.stderr
    assert [path for path in (commons / "site").rglob("*") if path.is_file()] == []
    every = run("build", "--all", cwd=commons)
    assert every.exit_code == 1
    assert "abc/daily was not built: templates/missing.html:2:1" in every.stderr
    assert (commons / "site/lmn/all/index.html").is_file()
