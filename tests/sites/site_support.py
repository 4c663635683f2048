"""Where things are, how commands are run, and who rates what in the site tests."""

import os
import random
import subprocess
import sysconfig
from collections.abc import Callable
from pathlib import Path

PROJECT = Path(__file__).parents[2]
CORPUS = Path(os.environ.get("NEWSREPO_TEST_CORPORA", PROJECT.parent / "shared" / "corpora"))
NEWSREPO = str(Path(sysconfig.get_path("scripts")) / "newsrepo")
IDENTITY = {
    "GIT_AUTHOR_NAME": "Site Test",
    "GIT_AUTHOR_EMAIL": "site@example.org",
    "GIT_AUTHOR_DATE": "2026-11-20T12:00:00Z",
    "GIT_COMMITTER_NAME": "Site Test",
    "GIT_COMMITTER_EMAIL": "site@example.org",
    "GIT_COMMITTER_DATE": "2026-11-20T12:00:00Z",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}

Once = Callable[[str, Callable[[Path], None]], Path]
"""Gives a folder of a name that a function has filled, once for all workers."""


def run(*command: str, cwd: Path, ok: tuple[int, ...] = (0,)) -> str:
    """Run a command and return what it printed; its errors are shown when its exit code is not among ``ok``."""
    done = subprocess.run(
        command, cwd=cwd, env={**os.environ, **IDENTITY}, capture_output=True, text=True, check=False
    )
    assert done.returncode in ok, (
        f"{command}: exit {done.returncode}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    )
    return done.stdout


def rate(root: Path) -> None:
    """Two camps of raters with tastes of their own, from a fixed seed, and the two filters they drive."""
    chance = random.Random(18)
    for camp in ("useful", "bold"):
        (root / f"contingents/{camp}.yaml").write_text(f"name: The {camp} camp\n")
    lines: dict[str, list[str]] = {}
    for path in sorted(root.glob("articles/blog/*/*/index.md")):
        article = "/".join(path.parts[-4:-1])
        version = run("git", "hash-object", str(path), cwd=root).strip()
        for camp in ("useful", "bold"):
            for rater in ("ann", "bob"):
                if chance.random() < 0.6:
                    value = chance.choices(range(6), weights=(5, 4, 3, 3, 3, 3))[0]
                    lines.setdefault(f"{camp}/{rater}", []).append(
                        f"- {{article: {article}, version: {version}, date: 2026-11-05, "
                        f"values: {{newsworthy: {value}}}}}"
                    )
    for rater, ratings in lines.items():
        target = root / "ratings" / rater / "2026-11.yaml"
        target.parent.mkdir(parents=True)
        target.write_text("ratings:\n" + "\n".join(sorted(ratings)) + "\n")
    for camp in ("useful", "bold"):
        (root / f"filters/blog/{camp}.yaml").write_text(
            f"title: The {camp} edition\ntrust:\n  {camp}: 1\nselect: newsworthy>=3\n"
            "order:\n  newsworthy: 1\n  fade: 365d\n"
            f"edition:\n  url: https://example.org/{camp}/\n"
        )
