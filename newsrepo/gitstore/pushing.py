"""Hand one commit to a remote repository, with the user's own credentials and no setting of this clone.

Git runs in an empty repository of ours that only borrows the clone's objects: hooks, helpers and commands
that a clone's configuration may name are never heard of; the user's and the system's configuration are.
"""

import shutil
import tempfile
from pathlib import Path

from newsrepo.errors import Exit, NewsrepoError
from newsrepo.gitstore.addresses import check_branch, parse_address, shown
from newsrepo.gitstore.names import escape
from newsrepo.gitstore.repository import Repository
from newsrepo.gitstore.runner import Git
from newsrepo.ids import Oid


class RefusedError(NewsrepoError):
    """The remote took nothing; the commit stands where it stood."""

    exit = Exit.NO


def push(
    repository: Repository, url: str, commit: Oid, branch: str, *, local: bool, ask: bool, seconds: float
) -> None:
    """Make ``branch`` at ``url`` this commit, if it adds to what is there; never by force.

    With ``ask`` git may ask at the terminal for a name and a password. Raises AddressError for what is no
    address or branch, RefusedError when the remote says no, and SlowError after ``seconds``.
    """
    parse_address(url, branch, local=local)
    check_branch(branch)
    with tempfile.TemporaryDirectory(prefix="newsrepo-push-") as folder:
        store = Path(folder) / "store.git"
        store.mkdir()
        kind = f"--object-format={repository.algorithm}"
        Git(folder).run("init", "--quiet", "--bare", "--template=", kind, "--", str(store))
        if repository.shallow:
            shutil.copyfile(repository.common_dir / "shallow", store / "shallow")
        git = Git(str(store), str(store), alternates=(str(repository.common_dir / "objects"),))
        code, out, said = git.hand_over(
            "--porcelain", "--no-verify", "--no-follow-tags", "--recurse-submodules=no", "--", url,
            f"{commit}:refs/heads/{branch}", local=local, ask=ask, seconds=seconds,
        )  # fmt: skip
    if code:
        raise _refused(url, branch, said + out)


def _refused(url: str, branch: str, said: bytes) -> RefusedError:
    text = said.decode("utf-8", "replace")
    lines = [escape(line.strip()) for line in text.splitlines() if line.strip()]
    fact = f"{shown(url)} did not take the branch {branch}"
    if "fetch first" in text or "non-fast-forward" in text:
        return RefusedError(
            f"{fact}: there is something on it that you do not have",
            f"take another branch with --branch, or merge it first: `git pull {shown(url)} {branch}`",
        )
    told = next((line for line in reversed(lines) if line.startswith(("fatal:", "error:", "remote:"))), "")
    return RefusedError(
        f"{fact}: {told[:300] or 'git gave no reason'}",
        "your commit stands on your own branch; submit again once that is mended",
    )
