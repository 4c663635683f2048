"""Pages that need nothing else (fronts compared, versions compared, the map) are valid, accessible and ask no host."""

import json
import subprocess
from pathlib import Path

import pytest
from site_commons import COMPARED

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def made(sample: Path) -> list[Path]:
    """Two editions that differ, one beside an edition from right to left, two versions, and the map."""
    found = sorted((sample.parent / "pages").iterdir())
    assert len(found) == len(COMPARED) + 2
    return found


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
