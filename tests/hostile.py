"""Hostile repositories, one for each case of docs/security.md that a fork's objects can be: made object by object.

Every function makes a bare repository at a path that is not there yet and gives the commit of its ``main``.
"""

import hashlib
import os
import struct
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from hermetic import run_git

FILE, LINK, MODULE, FOLDER = "100644", "120000", "160000", "40000"

Row = tuple[str, bytes, str]
"""Mode, name, id: one line of a tree, checked by nobody."""


class Forge:
    """A bare repository whose objects are written as they are given, sound or not."""

    def __init__(self, path: Path) -> None:
        path.mkdir(parents=True)
        run_git(path, "init", "--quiet", "--bare", "--initial-branch=main", "--template=")
        self.path = path

    def put(self, kind: str, data: bytes) -> str:
        """Write one loose object."""
        raw = b"%b %d\0%b" % (kind.encode(), len(data), data)
        oid = hashlib.sha1(raw, usedforsecurity=False).hexdigest()
        file = self.path / "objects" / oid[:2] / oid[2:]
        file.parent.mkdir(exist_ok=True)
        if not file.exists():
            file.write_bytes(zlib.compress(raw, 1))
        return oid

    def blob(self, data: bytes = b"text\n") -> str:
        return self.put("blob", data)

    def tree(self, *rows: Row, ordered: bool = True) -> str:
        """A tree of rows in git's order, unless that is to be wrong too."""
        if ordered:
            rows = tuple(sorted(rows, key=lambda r: r[1] + (b"/" if r[0] == FOLDER else b"")))
        return self.put(
            "tree",
            b"".join(b"%b %b\0%b" % (mode.encode(), name, bytes.fromhex(oid)) for mode, name, oid in rows),
        )

    def commit(self, tree: str, *parents: str, message: str = "A change", branch: str = "main") -> str:
        """A commit of the tree, at which the branch then stands."""
        who = "Mal Lory <mal@example.org> 1777622400 +0000"
        lines = [
            f"tree {tree}",
            *(f"parent {p}" for p in parents),
            f"author {who}",
            f"committer {who}",
            "",
            message,
        ]
        oid = self.put("commit", "\n".join(lines).encode() + b"\n")
        self.ref(f"refs/heads/{branch}", oid)
        return oid

    def ref(self, name: str, oid: str) -> None:
        """Point a ref at an object, by its file."""
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{oid}\n")


def _at(forge: Forge, folders: str, *rows: Row) -> str:
    """The root tree in which the rows stand below some folders."""
    tree = forge.tree(*rows)
    for name in reversed(folders.split("/")):
        tree = forge.tree((FOLDER, name.encode(), tree))
    return tree


def among_articles(*names: bytes) -> Callable[[Path], str]:
    """A fork with files of these names in the folder of an article."""

    def make(path: Path) -> str:
        forge = Forge(path)
        blob = forge.blob()
        return forge.commit(_at(forge, "articles/mal/2026/x", *((FILE, name, blob) for name in names)))

    return make


def with_mode(mode: str, target: bytes = b"/etc/passwd") -> Callable[[Path], str]:
    """A fork with an article whose text has this mode, and these bytes."""

    def make(path: Path) -> str:
        forge = Forge(path)
        oid = "1" * 40 if mode == MODULE else forge.blob(target)
        return forge.commit(_at(forge, "articles/mal/2026/x", (mode, b"index.md", oid)))

    return make


def git_folder(path: Path) -> str:
    """Case 11: a folder ``.git`` with a configuration, at the top."""
    forge = Forge(path)
    inner = forge.tree((FILE, b"config", forge.blob(b"[core]\n\tfsmonitor = touch marker\n")))
    return forge.commit(forge.tree((FOLDER, b".git", inner)))


def named_twice(path: Path) -> str:
    """Case 14: a tree that lists one name twice."""
    forge = Forge(path)
    one, two = forge.blob(b"one\n"), forge.blob(b"two\n")
    tree = forge.tree((FILE, b"index.md", one), (FILE, b"index.md", two))
    return forge.commit(forge.tree((FOLDER, b"articles", tree)))


def submodule_settings(path: Path) -> str:
    """Case 15: ``.gitmodules`` that names a command, and the module."""
    forge = Forge(path)
    text = b'[submodule "x"]\n\tpath = x\n\turl = ext::sh -c touch% marker\n'
    return forge.commit(forge.tree((FILE, b".gitmodules", forge.blob(text)), (MODULE, b"x", "1" * 40)))


def tree_bomb(path: Path) -> str:
    """Case 26: twelve objects that unfold to 10^10 paths."""
    forge = Forge(path)
    oid, mode = forge.blob(b"bomb\n"), FILE
    for _ in range(10):
        oid, mode = forge.tree(*((mode, b"d%d" % n, oid) for n in range(10))), FOLDER
    return forge.commit(forge.tree((FOLDER, b"articles", oid)))


def blob_bomb(path: Path, size: int = 1_000_000_000) -> str:
    """Case 27: zeros without end called a picture, in a pack of about a thousandth of that."""
    forge = Forge(path)
    whole = hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
    squeezed = zlib.compressobj(9)
    parts, left, zeros = [], size, bytes(1 << 20)
    while left:
        piece = zeros[:left] if left < len(zeros) else zeros
        whole.update(piece)
        parts.append(squeezed.compress(piece))
        left -= len(piece)
    parts.append(squeezed.flush())
    head, rest = bytearray(), size >> 4
    head.append((3 << 4) | (size & 15) | (0x80 if rest else 0))
    while rest:
        head.append((rest & 0x7F) | (0x80 if rest >> 7 else 0))
        rest >>= 7
    _pack(forge, bytes(head) + b"".join(parts))
    return forge.commit(_at(forge, "articles/mal/2026/x", (FILE, b"zero.jpg", whole.hexdigest())))


def noise(path: Path, size: int) -> str:
    """Case 28: a file of ``size`` bytes that no packing makes smaller."""
    forge = Forge(path)
    blob = forge.blob(b"".join(hashlib.sha256(b"%d" % n).digest() for n in range(size // 32 + 1))[:size])
    return forge.commit(_at(forge, "articles/mal/2026/x", (FILE, b"noise.bin", blob)))


def replaced(path: Path) -> str:
    """Case 32: a replace ref that would put other words in place of the article's."""
    forge = Forge(path)
    good, bad = forge.blob(b"what was said\n"), forge.blob(b"what was never said\n")
    commit = forge.commit(_at(forge, "articles/mal/2026/x", (FILE, b"index.md", good)))
    forge.ref(f"refs/replace/{good}", bad)
    return commit


def lacking(path: Path) -> str:
    """A fork whose commit names a text that is not there."""
    forge = Forge(path)
    return forge.commit(_at(forge, "articles/mal/2026/x", (FILE, b"index.md", "2" * 40)))


def no_commit(path: Path) -> str:
    """A fork whose branch names a text."""
    forge = Forge(path)
    blob = forge.blob(b"not a commit\n")
    forge.ref("refs/heads/main", blob)
    return blob


def undated(path: Path) -> str:
    """A fork whose commit has a date that no calendar knows."""
    forge = Forge(path)
    who = b"Mal Lory <mal@example.org> 999999999999999999 +0000"
    commit = forge.put(
        "commit", b"tree %b\nauthor %b\ncommitter %b\n\nx\n" % (forge.tree().encode(), who, who)
    )
    forge.ref("refs/heads/main", commit)
    return commit


REFUSED: Mapping[str, tuple[Callable[[Path], str], str]] = {
    "case-11-git-folder": (git_folder, "hasDotgit"),
    "case-12-git-tilde": (among_articles(b"git~1"), "hasDotgit"),
    "case-12-git-capitals": (among_articles(b".GIT"), "hasDotgit"),
    "case-12-git-zero-width": (among_articles(b".g\xe2\x80\x8cit"), "hasDotgit"),
    "case-13-dots": (among_articles(b".."), "hasDotdot"),
    "case-14-named-twice": (named_twice, "duplicateEntries"),
    "slash": (among_articles(b"a/b"), "fullPathname"),
    "lacking": (lacking, ""),
    "no-commit": (no_commit, ""),
    "undated": (undated, ""),
}
"""Forks that cannot be taken, and the word that git has for it."""

ODD: Mapping[str, tuple[Callable[[Path], str], Sequence[str]]] = {
    "case-15-gitmodules": (submodule_settings, ()),
    "case-16-submodule": (with_mode(MODULE), ["submodule"]),
    "case-17-link": (with_mode(LINK), ["symlink"]),
    "odd-mode": (with_mode("100600"), ["odd-mode"]),
    "case-20-capitals": (among_articles(b"A.md", b"a.md"), ["twin-names"]),
    "case-21-unicode-forms": (among_articles("é.md".encode(), "e\u0301.md".encode()), ["twin-names"]),
    "case-22-line-feed": (among_articles(b"a\nb.md"), ["bad-file-name"]),
    "case-23-escape": (among_articles(b"a\x1b[2Jb.md"), ["bad-file-name"]),
    "case-24-backslashes": (among_articles(b"..\\..\\x"), ["bad-file-name"]),
    "case-24-stream": (among_articles(b"a.md:stream"), ["bad-file-name"]),
    "hyphen": (among_articles(b"--output=x"), ["bad-file-name"]),
    "not-utf-8": (among_articles(b"\xff\xfe.md"), ["bad-file-name"]),
    "case-25-long": (among_articles(b"n" * 5000), ["bad-file-name"]),
    "case-26-tree-bomb": (tree_bomb, ["too-many-entries"]),
    "case-32-replaced": (replaced, ()),
}
"""Forks that git lets in, and the rules by which our walk tells what is odd in them."""


def _pack(forge: Forge, entry: bytes) -> None:
    """A pack with one object, as its bytes stand in a pack."""
    data = b"PACK" + struct.pack(">II", 2, 1) + entry
    data += hashlib.sha1(data, usedforsecurity=False).digest()
    file = forge.path / "objects" / "pack" / f"pack-{os.urandom(20).hex()}.pack"
    file.write_bytes(data)
    run_git(forge.path, "index-pack", str(file))
