"""Pages of `newsrepo compare` are valid, accessible in either direction, and ask nothing of any host."""

import json
import subprocess
from pathlib import Path

import pytest
from site_support import NEWSREPO, run

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def made(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two editions that differ, and one of them beside an edition written from right to left."""
    root, out = sample.parent / "commons", tmp_path_factory.mktemp("fronts")
    (root / "filters/jisr/arabic.yaml").write_text(
        "title: الضفتان\nselect: in:jisr/broad\nedition:\n  lang: ar\n  theme:\n    accent: '#6b4a12'\n"
    )
    for other in ("exchange/weekly", "jisr/arabic"):
        page = str(out / f"{other.replace('/', '-')}.html")
        run(
            NEWSREPO,
            "--today",
            "2026-11-20",
            "compare",
            "lamp/daily",
            other,
            "--all",
            "--html",
            page,
            cwd=root,
        )
    (root / "filters/jisr/arabic.yaml").unlink()
    return sorted(out.iterdir())


def test_the_pages_are_valid(made: list[Path]) -> None:
    jar = HERE / "node_modules/vnu-jar/build/dist/vnu.jar"
    done = subprocess.run(
        ["java", "-Xss4m", "-jar", str(jar), "--format", "json", "--errors-only", *map(str, made)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert json.loads(done.stderr.strip().splitlines()[-1])["messages"] == []
    checked = subprocess.run(
        ["node", "validate.mjs"], cwd=HERE, input="\n".join(map(str, made)),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(checked.stdout) == []


def test_axe_finds_nothing_and_no_request_leaves(made: list[Path], chromium: str) -> None:
    job = {
        "chromium": chromium,
        "base": made[0].parent.as_uri() + "/",
        "pages": [page.name for page in made],
        "widths": [360, 1280],
        "schemes": ["light", "dark"],
    }
    done = subprocess.run(
        ["node", "audit.mjs"], cwd=HERE, input=json.dumps(job), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    report = json.loads(done.stdout)
    assert report.pop("visited") == 4 * len(made)
    assert {what: found for what, found in report.items() if found} == {}
