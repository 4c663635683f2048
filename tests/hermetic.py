"""Hermetic git for every test: no configuration but ours, one person, fixed dates: ids never change."""

import os
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

GIT_ENV = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Ann Author",
    "GIT_AUTHOR_EMAIL": "ann@example.org",
    "GIT_AUTHOR_DATE": "2026-05-01T08:00:00+00:00",
    "GIT_COMMITTER_NAME": "Ann Author",
    "GIT_COMMITTER_EMAIL": "ann@example.org",
    "GIT_COMMITTER_DATE": "2026-05-01T08:00:00+00:00",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C.UTF-8",
    "LANGUAGE": "C",
    "TZ": "UTC",
}

for _name in [
    n for n in os.environ if n.startswith(("GIT_", "NEWSREPO_")) and not n.startswith("NEWSREPO_TEST_")
]:
    del os.environ[_name]
os.environ.update(GIT_ENV)
time.tzset()


def run_git(where: Path, *args: str, data: bytes | None = None, **env: str) -> str:
    """Run git for a test and give what it prints, without the last line end."""
    done = subprocess.run(
        ["git", "-c", "commit.gpgsign=false", "-c", "gc.auto=0", *args],
        cwd=where,
        input=data,
        capture_output=True,
        env={**os.environ, **env},
        check=False,
        timeout=60,
    )
    if done.returncode:
        raise AssertionError(f"git {' '.join(args)}: {done.stderr.decode(errors='replace')}")
    return done.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")


def put(root: Path, files: Mapping[str, bytes | str]) -> None:
    """Write files below ``root``, making folders as needed."""
    for path, data in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data.encode() if isinstance(data, str) else data)


def commit_all(root: Path, message: str = "A change", **env: str) -> str:
    """Commit everything below ``root``; gives the commit's id."""
    run_git(root, "add", "--all")
    run_git(root, "commit", "--quiet", "--allow-empty", "-m", message, **env)
    return run_git(root, "rev-parse", "HEAD")
