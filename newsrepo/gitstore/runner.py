"""The one place that starts git: fixed arguments, a scrubbed environment, limits on time and output.

A repository's own configuration may name programs (file-system monitor, hooks, pager, filters, transports).
Every call switches those off, uses a subcommand from a closed list and takes no untrusted text as an option.
"""

from __future__ import annotations

import os
import re
from functools import cache
from typing import IO, TYPE_CHECKING, Final

from newsrepo.errors import LockedError, UnableError
from newsrepo.gitstore import far
from newsrepo.gitstore.children import run_bounded

if TYPE_CHECKING:
    import subprocess
    import threading
    from collections.abc import Sequence

MINIMUM: Final = (2, 34)
"""The oldest git that we take: the first with every switch the runner leans on."""

SUBCOMMANDS: Final = frozenset(
    {
        "cat-file", "config", "fast-import", "fetch", "hash-object", "init", "log", "ls-files", "ls-remote",
        "merge-base", "pack-refs", "read-tree", "repack", "rev-list", "rev-parse", "symbolic-ref",
        "update-index", "update-ref", "version",
    }
)  # fmt: skip

_INHERITED: Final = (
    "PATH", "HOME", "XDG_CONFIG_HOME", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "USERPROFILE",
    "LD_LIBRARY_PATH", "SUDO_UID",
)  # fmt: skip
_FIXED: Final = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_PROTOCOL_FROM_USER": "0",
    "GIT_DEFAULT_REF_FORMAT": "files",
    "LC_ALL": "C",
    "LANGUAGE": "C",
    "TZ": "UTC",
}
_SETTINGS: Final = (
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    f"core.attributesFile={os.devnull}",
    f"core.excludesFile={os.devnull}",
    "core.untrackedCache=false",
    "core.pager=cat",
    "core.askPass=",
    "core.sshCommand=false",
    "core.bigFileThreshold=16m",
    "credential.helper=",
    "diff.external=",
    "protocol.allow=never",
    "submodule.recurse=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "advice.graftFileDeprecated=false",
)
_OPTIONS: Final = ("--no-pager", "--literal-pathspecs", *(part for s in _SETTINGS for part in ("-c", s)))
_VERSION: Final = re.compile(r"git version (\d+)\.(\d+)")
_LOCK: Final = re.compile(r"Unable to create '([^'\n]+\.lock)'|could not lock config file ([^\n:]+)")


def executable() -> str:
    """The absolute path of git. Relative parts of PATH are passed over: they may lead into a hostile folder.

    Raises UnableError when there is no git.
    """
    found = _executable("git", os.environ.get("PATH", os.defpath))
    if found is None:
        raise UnableError(
            "git was not found on PATH",
            f"install git {MINIMUM[0]}.{MINIMUM[1]} or later; newsrepo keeps everything in git",
        )
    return found


@cache
def _executable(name: str, path: str) -> str | None:
    for folder in path.split(os.pathsep):
        candidate = os.path.join(folder, name)
        if os.path.isabs(folder) and os.path.isfile(candidate) and os.access(candidate, os.X_OK):
            return candidate
    return None


def environment(*, user: bool = False) -> dict[str, str]:
    """What git may see of our environment; with ``user``, also the user's and the system's configuration."""
    env = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    env.update(_FIXED)
    if user:
        del env["GIT_CONFIG_NOSYSTEM"], env["GIT_CONFIG_GLOBAL"]
        for name in ("GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
            if name in os.environ:
                env[name] = os.environ[name]
    return env


def parse_version(text: str) -> tuple[int, int] | None:
    """``(2, 39)`` from what ``git version`` prints, or None when it is not that."""
    match = _VERSION.match(text)
    return (int(match[1]), int(match[2])) if match else None


@cache
def _require_version(program: str) -> None:
    said = run_bounded([program, "version"], None, environment(), 20, 4096, program)[1].decode(
        "utf-8", "replace"
    )
    found = parse_version(said)
    wanted = f"{MINIMUM[0]}.{MINIMUM[1]}"
    if found is None:
        raise UnableError(
            f"{program} does not say its version, got {said[:60]!r}", f"install git {wanted} or later"
        )
    if found < MINIMUM:
        raise UnableError(
            f"git {found[0]}.{found[1]} at {program} is too old: {wanted} is needed",
            f"install git {wanted} or later",
        )


class Git:
    """Git bound to one repository (or to none, for ``init``). Values of this class hold no open resources.

    ``alternates`` are object directories that it also reads from.
    """

    def __init__(
        self,
        cwd: str,
        git_dir: str | None = None,
        root: str | None = None,
        alternates: tuple[str, ...] = (),
    ) -> None:
        self._cwd = cwd
        self._alternates = alternates
        self._where: tuple[str, ...] = () if git_dir is None else (f"--git-dir={git_dir}",)
        if git_dir is not None and root is not None:
            self._where += (f"--work-tree={root}",)

    def command(self, args: Sequence[str]) -> list[str]:
        """The whole argument list for one call. Raises ValueError for a subcommand not on the list."""
        if not args or args[0] not in SUBCOMMANDS:
            raise ValueError(f"git subcommand {args[:1]!r} is not on the list of those allowed")
        program = executable()
        _require_version(program)
        return [program, *_OPTIONS, *self._where, *args]

    def _environment(self, *, user: bool = False) -> dict[str, str]:
        env = environment(user=user)
        if self._alternates:
            env["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = os.pathsep.join(map(quoted, self._alternates))
        return env

    def run(
        self,
        *args: str,
        ok: tuple[int, ...] = (0,),
        user: bool = False,
        seconds: float = 60,
        limit: int = 256 << 20,
        data: bytes = b"",
    ) -> tuple[int, bytes]:
        """Run to the end on ``data`` as standard input; ``(exit code, standard output)``.

        Raises UnableError when the exit code is not in ``ok``, when it takes longer than ``seconds`` or
        prints more than ``limit`` bytes, and LockedError when another git holds a lock (which is left alone).
        """
        code, out, said = self.ask(*args, user=user, seconds=seconds, limit=limit, data=data)
        if code not in ok:
            raise failure(f"git {args[0]}", said)
        return code, out

    def ask(
        self,
        *args: str,
        user: bool = False,
        seconds: float = 60,
        limit: int = 256 << 20,
        data: bytes = b"",
    ) -> tuple[int, bytes, bytes]:
        """As ``run``, but any exit code will do; ``(exit code, standard output, standard error)``."""
        return run_bounded(
            self.command(args),
            self._cwd,
            self._environment(user=user),
            seconds,
            limit,
            f"git {args[0]}",
            data=data,
        )

    def reach(
        self,
        *args: str,
        limits: far.Limits,
        local: bool = False,
        checked: bool = True,
        trace: tuple[str, ...] = (),
        limit: int = 64 << 20,
        stop: threading.Event | None = None,
    ) -> tuple[int, bytes, bytes]:
        """As ``ask``, for a call that speaks with somebody else's machine: the one that may use a transport.

        It asks the user nothing, runs under ``limits`` and ends, with all that it started, when they are
        reached or ``stop`` is set. ``local`` admits what ``parse_address`` does by that name; objects are
        ``checked`` unless they are the user's own. ``trace`` names the traces that git
        writes to standard error (``GIT_TRACE``). Raises
        SlowError, TooMuchError, and UnableError when it cannot start or was stopped.
        """
        ssh = _executable("ssh", os.environ.get("PATH", os.defpath)) or "ssh"
        program, *rest = self.command(args)
        return run_bounded(
            far.limited([program, *far.options(checked=checked), *rest], limits),
            self._cwd,
            self._environment() | far.environment(os.environ, ssh, local=local) | dict.fromkeys(trace, "2"),
            limits.seconds,
            limit,
            f"git {args[0]}",
            alone=True,
            stop=stop,
        )

    def hand_over(self, *args: str, local: bool, ask: bool, seconds: float) -> tuple[int, bytes, bytes]:
        """``git push``, as ``ask``: gives the user's own work to a server of the user's choice.

        The one call that takes the user's own configuration, credentials and ssh: it must be bound to a
        repository of ours, whose configuration is empty. With ``ask`` it may ask at the terminal.
        """
        program = executable()
        _require_version(program)
        options = ("--no-pager", "-c", f"core.hooksPath={os.devnull}", "-c", "core.fsmonitor=false")
        return run_bounded(
            [program, *options, *self._where, "push", *args],
            self._cwd,
            self._environment(user=True) | far.own(os.environ, local=local, ask=ask),
            seconds,
            1 << 20,
            "git push",
        )

    def start(self, *args: str, stdin: int | IO[bytes], stderr: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start a long reader whose standard output is a pipe; the caller ends it."""
        import subprocess

        return subprocess.Popen(  # noqa: S603 - the one guarded place; list form, no shell
            self.command(args),
            cwd=self._cwd,
            env=self._environment(),
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=stderr,
            bufsize=0,
        )


def quoted(path: str) -> str:
    """A path as git reads it in a list of them, whatever it holds."""
    if os.pathsep not in path and not path.startswith('"') and "\n" not in path:
        return path
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def failure(what: str, said: bytes) -> UnableError | LockedError:
    """The error for a git call that failed, from what it wrote to standard error."""
    text = said.decode("utf-8", "replace")
    locked = _LOCK.search(text)
    if locked:
        path = locked[1] or f"{locked[2]}.lock"
        return LockedError(f"another git is at work here, or was killed: {path} exists", _lock_hint(path))
    lines = [line for line in text.splitlines() if not line.startswith("hint:")]
    first = next((line for line in lines if line.startswith(("fatal:", "error:"))), lines[0] if lines else "")
    return UnableError(
        f"{what} failed: {first[:300]!r}", "run `git fsck` to see whether the repository is whole"
    )


def _lock_hint(path: str) -> str:
    import time

    try:
        age = f"it is {max(0, int(time.time() - os.lstat(path).st_mtime))} s old; "
    except OSError:
        age = ""
    return f"{age}wait, or remove it by hand when no git is running; newsrepo never removes it"
