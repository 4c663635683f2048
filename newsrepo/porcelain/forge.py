"""What a commons ships for its forge: workflows, pinned tools, the request template and the code owners.

The files come from ``newsrepo/_forge``; what they do is told in docs/forges.md. Nothing is ever overwritten:
to renew a file, delete it and write it again.
"""

import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path

import msgspec

import newsrepo
from newsrepo.errors import UnableError, UsageError
from newsrepo.gitstore.files import Lock, read_plain
from newsrepo.ids import ContingentId
from newsrepo.porcelain.workspace import Workspace, write_files
from newsrepo.records import types as t


class Forge(StrEnum):
    """The forges that we have files for; Codeberg runs Forgejo."""

    GITHUB = "github"
    GITLAB = "gitlab"
    FORGEJO = "forgejo"

    @property
    def folder(self) -> str:
        """Where the forge looks for its files."""
        return f".{self.value}"


_TEMPLATES: Mapping[Forge, Mapping[str, str]] = {
    Forge.GITHUB: {
        "github/workflows/check.yml": ".github/workflows/check.yml",
        "github/workflows/pages.yml": ".github/workflows/pages.yml",
        "request.md": ".github/PULL_REQUEST_TEMPLATE.md",
    },
    Forge.GITLAB: {
        "gitlab/gitlab-ci.yml": ".gitlab-ci.yml",
        "request.md": ".gitlab/merge_request_templates/Default.md",
    },
    Forge.FORGEJO: {
        "forgejo/workflows/check.yml": ".forgejo/workflows/check.yml",
        "forgejo/workflows/pages.yml": ".forgejo/workflows/pages.yml",
        "request.md": ".forgejo/PULL_REQUEST_TEMPLATE.md",
    },
}
_INTAKE: Mapping[Forge, Mapping[str, str]] = {
    forge: {
        f"{forge.value}/workflows/intake.yml": f"{forge.folder}/workflows/intake.yml",
        **{
            f"issues/{form}.yml": f"{forge.folder}/ISSUE_TEMPLATE/{form}.yml"
            for form in ("story", "question", "answer")
        },
    }
    for forge in (Forge.GITHUB, Forge.FORGEJO)  # GitLab has no issue forms
}
"""The issue forms, and the workflow that makes requests of them."""

_BRANCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,99}")
_ACCOUNT = re.compile(r"@?([A-Za-z0-9_][A-Za-z0-9_.-]{0,99}(?:/[A-Za-z0-9_][A-Za-z0-9_.-]{0,99})?)")


class Equipped(msgspec.Struct, frozen=True):
    """The files written, those found there that are what would have been written, and those that differ."""

    written: tuple[str, ...]
    same: tuple[str, ...]
    different: tuple[str, ...]


def equip(
    work: Workspace, forges: Collection[Forge], *, hosts: Sequence[str] = (), branch: str = ""
) -> Equipped:
    """Write the files for ``forges`` into the commons that ``work`` is in, and overwrite nothing.

    ``hosts`` are the forge accounts that keep the commons, ``branch`` is the one that is published (else the
    one checked out). Raises UsageError for what is no account or branch, UnableError without a commons.
    """
    if not os.path.lexists(work.root / "newsrepo.yaml"):
        raise UnableError("there is no commons here: newsrepo.yaml is missing", "`newsrepo init` starts one")
    branch = branch or work.repository.branch or "main"
    try:
        desk: str = work.contingent()
    except UsageError:  # told by the command: what comes in by issue forms needs somebody's folders
        desk = ""
    wanted = forge_files(forges, work.here.contingents, hosts, branch, desk)
    with Lock(work.repository.state_dir / "write.lock"):
        return write_missing(work.root, wanted)


def write_missing(root: Path, wanted: Mapping[str, bytes]) -> Equipped:
    """Write those of ``wanted`` that do not exist under ``root``, through no symbolic link."""
    there = [path for path in sorted(wanted) if os.path.lexists(root / path)]
    same = tuple(path for path in there if _has(root / path, wanted[path]))
    written = write_files(root, {path: data for path, data in wanted.items() if path not in there})
    return Equipped(written, same, tuple(path for path in there if path not in same))


def _has(path: Path, data: bytes) -> bool:
    try:
        return read_plain(path) == data
    except OSError:  # a folder, a link, a file that we may not read: not what we would have written
        return False


def forge_files(
    forges: Collection[Forge],
    book: Mapping[ContingentId, t.Contingent],
    hosts: Sequence[str],
    branch: str,
    desk: str = "",
) -> dict[str, bytes]:
    """The files for ``forges`` by path. Raises UsageError for what is no account or no branch.

    ``desk`` is the contingent in whose folders is proposed what people send in by issue forms; without one
    there are no forms.
    """
    if not _BRANCH.fullmatch(branch):
        raise UsageError(
            f"--branch: {branch!r} is no name for a branch that is published",
            "letters, digits, and . _ / - within it",
        )
    accounts = _hosts(hosts)
    made: dict[str, bytes] = {}
    for forge in sorted(set(forges)):
        intake = _INTAKE.get(forge, {}) if desk else {}
        for name, path in (*_TEMPLATES[forge].items(), *intake.items()):
            text = _template(name).replace(b"CONTINGENT: your-contingent", f'CONTINGENT: "{desk}"'.encode())
            if branch != "main":  # quoted, since `on` and `1.0` are no words in YAML
                text = text.replace(b"branches: [main]", f'branches: ["{branch}"]'.encode())
            made[path] = text
        made[f"{forge.folder}/newsrepo.lock"] = _template("newsrepo.lock")
        made[f"{forge.folder}/newsrepo.txt"] = f"newsrepo=={newsrepo.__version__}\n".encode()
        owners = code_owners(forge, book, accounts)
        if owners:
            made[f"{forge.folder}/CODEOWNERS"] = owners
    return made


def code_owners(forge: Forge, book: Mapping[ContingentId, t.Contingent], hosts: Sequence[str]) -> bytes:
    """Who is asked to review what: the writers of a contingent its paths, the hosts everything.

    The hosts stand in every line, since a forge asks nobody to review a change of their own. Empty when there
    is nobody to name. A writer that is no account of a forge is left out.
    """
    lines = []
    if hosts:
        everything = "*" if forge is not Forge.FORGEJO else ".*"
        lines.append((everything, tuple(hosts)))
        commons = ("newsrepo.yaml", "statements/roll.yaml", "contingents/", f"{forge.folder}/")
        ours = (*commons, ".gitlab-ci.yml") if forge is Forge.GITLAB else commons
        lines += [(_pattern(forge, path), tuple(hosts)) for path in ours]
    people = {
        contingent: (*writers, *(host for host in hosts if host not in writers))
        for contingent, record in sorted(book.items())
        if (writers := accounts(record.writers))
    }
    for paths in (
        folders,
        within,
    ):  # the last line that fits decides: another's folder comes before what is in it
        lines += [(_pattern(forge, path), who) for c, who in people.items() for path in paths(c)]
    if not lines:
        return b""
    told = (
        "# Who is asked to review what. Made from the address book in contingents/ by\n"
        f"# `newsrepo init --forge {forge}`; to renew it, delete it and run that again.\n"
    )
    body = "".join(f"{pattern} {' '.join(f'@{name}' for name in people)}\n" for pattern, people in lines)
    return (told + body).encode()


def folders(contingent: ContingentId) -> Iterator[str]:
    """A contingent's own file, and its folders (ending in ``/``)."""
    yield f"contingents/{contingent}.yaml"
    yield f"contingents/{contingent}.yaml.sig"
    for root in ("articles", "challenges", "comments", "filters", "ratings", "statements"):
        yield f"{root}/{contingent}/"


def within(contingent: ContingentId) -> Iterator[str]:
    """What is a contingent's in the folders of others, ``*`` standing for one part of a path."""
    yield f"challenges/*/*/answers/{contingent}.md"
    yield f"statements/*/*/ballots/{contingent}/"
    yield f"statements/*/*/closings/{contingent}/"
    yield f"statements/*/*/dissents/{contingent}.md"


def accounts(writers: Collection[str]) -> tuple[str, ...]:
    """Those of a contingent's writers that a forge can know by name, without ``@``, in order."""
    found = (_ACCOUNT.fullmatch(writer) for writer in writers)
    return tuple(sorted({match[1] for match in found if match is not None}))


def _hosts(given: Sequence[str]) -> tuple[str, ...]:
    for name in given:
        if not _ACCOUNT.fullmatch(name):
            raise UsageError(
                f"--host: {name!r} is no account of a forge", "such as ann, or harbour/editors for a team"
            )
    return accounts(given)


def _pattern(forge: Forge, path: str) -> str:
    """How a forge writes a path of ours: Forgejo as a regular expression, the others as in ``.gitignore``."""
    if forge is not Forge.FORGEJO:
        return f"/{path}"
    text = path.replace(".", "[.]").replace("*", "[^/]+")
    return f"{text}.*" if text.endswith("/") else text


def _template(name: str) -> bytes:
    path = Path(newsrepo.__file__).parent / "_forge" / name
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnableError(f"cannot read {path}: {error.strerror}", "install newsrepo again") from None
