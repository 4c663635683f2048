"""Four newcomers, each from nothing but the documentation: `make try` shows them at work."""

import subprocess
import sys

import pytest
from site_support import PROJECT


@pytest.mark.parametrize("part", ["editor", "submit", "contingent", "desk"])
def test_a_newcomer_gets_there(part: str, chromium: str) -> None:
    done = subprocess.run(
        [sys.executable, str(PROJECT / f"tries/{part}.py")],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr
    assert done.stdout.endswith("All of it held.\n")
