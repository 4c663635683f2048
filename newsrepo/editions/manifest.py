"""The manifest of an edition: what it was made from, and the hash of every file in it."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import msgspec

from newsrepo import __version__
from newsrepo.commons.union import Terms
from newsrepo.gitstore.files import read_plain
from newsrepo.ids import ContingentId, FilterId, Oid

NAME = "manifest.json"
SIGNATURE = "manifest.json.sig"
"""The publisher's signature of the manifest, beside it; it lists every file but these two."""

VERSION = 1
GENERATOR = f"newsrepo {__version__}"
HERE = "HEAD"
"""What the publisher's own branch is called among the sources, whatever it is called at home."""

_PATH = re.compile(r"(?!/)(?!.*(?:^|/)\.{1,2}(?:/|$))[A-Za-z0-9._/-]{1,400}")


class Source(msgspec.Struct, frozen=True):
    """A ref that the edition was read from; ``commit`` is None in a repository without commits.

    ``ref`` is ``HEAD`` for the publisher's own, of each other home its label, ``abc@3f2a9c1d``.
    """

    ref: str
    commit: Oid | None
    tree: Oid | None


class Pins(msgspec.Struct, frozen=True):
    """What decided who spoke where: as in the plan of the union that was read.

    ``terms`` are the home and keys in force of everybody who is not at home in the publisher's own branch;
    ``stale`` those of them whose home was never reached. With ``only`` nothing but that contingent's word
    was in view.
    """

    terms: tuple[Terms, ...]
    stale: tuple[ContingentId, ...] = ()
    only: str = ""


class Shard(msgspec.Struct, frozen=True):
    """Which part of an edition this is, where it is one: ``number`` of ``of``.

    ``plan`` is the identity of the whole plan, ``keys`` that of each page in this part, by path.
    """

    number: int
    of: int
    plan: str
    keys: dict[str, str]


class Derived(msgspec.Struct, frozen=True):
    """A file that tools made: its SHA-256, and the tools by name and version, as its page names them."""

    sha256: str
    tools: tuple[str, ...]


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What ``manifest.json`` says. ``files`` holds the SHA-256 of every other file of the edition, but for
    those that tools made, which are in ``derived``: only these may differ from machine to machine.

    ``unverifiable`` is empty when the edition can be rebuilt from what is said here, else the reason why
    not. ``filter`` is None for the page that lists several editions, which then are in ``editions``.
    ``without`` are the extras that its publisher had not installed and without which a part is left out.
    ``sources`` are all tips that were read; ``pins`` is None where the first of them alone was. ``content``
    is the identity of all that was read, whatever it was read from. ``epochs`` are those of the commons'
    charter and roll, from the ``genesis`` on, under which votes were counted, with what the publisher
    ``follows`` where the commons has split; none where no vote was. ``shard`` marks a part of an edition.
    ``templates`` are those of the publisher's own clone that laid it out, by SHA-256; nobody else has them.
    """

    version: int = VERSION
    generator: str
    filter: FilterId | None
    filter_version: Oid | None
    today: date
    sources: tuple[Source, ...]
    pins: Pins | None = None
    content: str
    genesis: str = ""
    follows: tuple[str, ...] = ()
    epochs: tuple[str, ...] = ()
    unverifiable: str = ""
    without: tuple[str, ...] = ()
    editions: tuple[FilterId, ...] = ()
    shard: Shard | msgspec.UnsetType = msgspec.UNSET
    templates: dict[str, str] | msgspec.UnsetType = msgspec.UNSET
    files: dict[str, str]
    derived: dict[str, Derived] = msgspec.field(default_factory=dict)

    @property
    def hashes(self) -> dict[str, str]:
        """The SHA-256 of every file that it lists, made by tools or not."""
        return {**self.files, **{path: file.sha256 for path, file in self.derived.items()}}

    def listing(self, files: dict[str, str], tools: Mapping[str, tuple[str, ...]]) -> "Manifest":
        """It with these files, by SHA-256; of those in ``tools`` it says what made them."""
        own = {path: sha256 for path, sha256 in files.items() if path not in tools}
        made = {path: Derived(files[path], tools[path]) for path in files if path in tools}
        return msgspec.structs.replace(self, files=own, derived=made)

    def encode(self) -> bytes:
        """The canonical bytes: two spaces of indent, files in order of path, final newline."""
        ordered = msgspec.structs.replace(
            self, files=dict(sorted(self.files.items())), derived=dict(sorted(self.derived.items()))
        )
        return msgspec.json.format(msgspec.json.encode(ordered), indent=2) + b"\n"


def is_safe_path(path: str) -> bool:
    """Whether a path from a manifest stays inside the edition's directory."""
    return _PATH.fullmatch(path) is not None


def read_manifest(out: Path) -> Manifest | None:
    """The manifest in a directory, or None where there is none of ours that can be read."""
    try:
        return parse_manifest(read_plain(out / NAME))
    except OSError:
        return None


def parse_manifest(data: bytes) -> Manifest | None:
    """What the bytes of a manifest say; None if they are none of ours."""
    try:
        manifest = msgspec.json.decode(data, type=Manifest)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError, RecursionError):
        return None
    if not manifest.generator.startswith("newsrepo ") or manifest.version > VERSION:
        return None
    return manifest if all(map(is_safe_path, manifest.hashes)) else None
