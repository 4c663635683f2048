"""What the last build saw and made, so that the next one can tell at once that there is nothing to do.

It is kept in a small file beside the index. While every input and every output it names is as it was,
nothing heavier than this module is imported. A damaged or foreign file counts as none.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from newsrepo import __version__
from newsrepo.editions.stamp import directory_stamp
from newsrepo.errors import UnableError
from newsrepo.porcelain.workspace import EPOCHS_KEY, GENESIS_KEY, Workspace


class Built(NamedTuple):
    """One edition as it stands now. ``warnings`` are findings in words, each a dict of its fields.

    ``source`` is the ref that its filter was read from, ``tips`` are all others' refs that it was made from.
    """

    filter: str
    source: str
    tips: tuple[str, ...]
    out: str
    items: int
    pages: int
    written: int
    deleted: int
    unchanged: int
    warnings: tuple[dict[str, Any], ...]


class Failed(NamedTuple):
    """An edition that could not be made, while others could: why, and the way out."""

    filter: str
    message: str
    hint: str
    source: str = ""


class Editions(NamedTuple):
    """What ``build`` did. ``nothing_to_do``: everything was as the last run left it."""

    day: str
    day_from: str
    editions: tuple[Built, ...]
    root: str
    nothing_to_do: bool
    failed: tuple[Failed, ...] = ()


class Memo:
    """The memory of one set of arguments: what the last run with them saw and made."""

    def __init__(self, path: Path, inputs: list[str] | None) -> None:
        self._path = path
        self._inputs = inputs

    @classmethod
    def open(
        cls,
        work: Workspace,
        names: Sequence[str],
        target: Path,
        *,
        at: str,
        only: str = "",
        today: date | None,
        how: str = "",
    ) -> "Memo":
        repository = work.repository
        if at:
            tip = work.snapshot(at=at).tip
            stamp = f"commit:{tip.commit}" if tip else ""
        else:
            now = repository.worktree_stamp()
            stamp = "" if now.racy else now.value
        what = json.dumps([list(names), str(target), at, only, str(today or ""), how])
        name = hashlib.sha256(what.encode("utf-8", "surrogateescape")).hexdigest()[:24]
        homes = "" if at else work.homes_stamp
        pins = " ".join(repository.settings.get(key, "") for key in (GENESIS_KEY, EPOCHS_KEY))
        inputs = [what, stamp, homes, pins, __version__, _program()] if stamp else None
        return cls(repository.state_dir / "builds" / f"{name}.json", inputs)

    def recall(self) -> Editions | None:
        """The last run's result, when neither what it read nor what it wrote has changed since."""
        if self._inputs is None:
            return None
        try:
            data = self._path.read_bytes()
            digest, _, body = data.partition(b"\n")
            if hashlib.sha256(body).hexdigest().encode() != digest:
                return None
            state = json.loads(body)
        except (OSError, ValueError):
            return None
        if state["inputs"] != self._inputs:
            return None
        if not state["stamp"] or directory_stamp(state["target"]) != state["stamp"]:
            return None
        editions = tuple(
            Built(
                **{
                    **e,
                    "tips": tuple(e["tips"]),
                    "warnings": tuple(e["warnings"]),
                    "written": 0,
                    "deleted": 0,
                    "unchanged": e["pages"],
                }
            )
            for e in state["editions"]
        )
        return Editions(state["day"], state["day_from"], editions, state["root"], nothing_to_do=True)

    def keep(self, result: Editions, target: Path) -> None:
        """Remember a run. Losing this costs the next run time and nothing else."""
        if self._inputs is None:
            return
        state = {
            "inputs": self._inputs,
            "day": result.day,
            "day_from": result.day_from,
            "root": result.root,
            "editions": [e._asdict() for e in result.editions],
            "target": str(target),
            "stamp": directory_stamp(str(target)),
        }
        body = json.dumps(state, sort_keys=True).encode()
        from newsrepo.gitstore.files import write_atomic

        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(self._path, hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        except (OSError, UnableError):
            return


def _program() -> str:
    """The program's own files by time and size, so that a changed program builds anew."""
    import newsrepo

    base = os.path.dirname(os.path.abspath(newsrepo.__file__))
    roots = [base, os.path.join(os.path.dirname(base), "templates")]
    found = []
    for root in roots:
        for folder, folders, files in os.walk(root):
            folders[:] = sorted(f for f in folders if f != "__pycache__")
            for name in sorted(files):
                stat = os.stat(os.path.join(folder, name))
                found.append(f"{folder}/{name} {stat.st_size} {stat.st_mtime_ns}")
    return hashlib.sha256("\n".join(found).encode("utf-8", "surrogateescape")).hexdigest()
