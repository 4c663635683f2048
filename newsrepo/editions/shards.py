"""An edition made in parts, on several machines: which pages a part makes, and how parts become one again.

A part plans the whole edition, which costs little, and renders its share of the pages. All parts so know the
plan, and each says which plan it saw: only parts of the very same plan are put together.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec

from newsrepo.editions.manifest import Manifest, Shard, read_manifest
from newsrepo.editions.page import Page
from newsrepo.errors import UnableError, UsageError
from newsrepo.gitstore.inside import read_inside

MOST = 1000
"""Parts that an edition may be made in."""

_SHARE = re.compile(r"([1-9][0-9]{0,3})/([1-9][0-9]{0,3})")


_KEY = re.compile(r"(?:[0-9a-f]{2}){1,64}")


class Share(NamedTuple):
    """The part ``number`` of ``of``, counted from one."""

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> "Share":
        """What ``K/N`` means. Raises UsageError."""
        match = _SHARE.fullmatch(text)
        share = cls(int(match[1]), int(match[2])) if match else None
        if share is None or share.number > share.of or share.of > MOST:
            raise UsageError(
                f"--shard: {text!r} is no part of an edition",
                f"say which of how many, such as 2/8; N is at most {MOST}",
            )
        return share

    def pages(self, pages: Iterable[Page]) -> list[Page]:
        """Those of the pages that this part makes, by a hash of the path: about as many in every part."""
        return [page for page in pages if _spread(page.path) % self.of == self.number - 1]

    def mark(self, pages: Sequence[Page]) -> Shard:
        """What its manifest says of it, ``pages`` being all of the edition."""
        keys = {page.path: page.identity.hex() for page in self.pages(pages)}
        whole = plan_digest({page.path: page.identity.hex() for page in pages})
        return Shard(self.number, self.of, whole, dict(sorted(keys.items())))


def _spread(path: str) -> int:
    return int.from_bytes(hashlib.blake2b(path.encode(), digest_size=8).digest(), "big")


def plan_digest(keys: Mapping[str, str]) -> str:
    """The identity of a plan, from the key of every page by path: equal digests mean equal editions."""
    text = "".join(f"{path}\0{keys[path]}\n" for path in sorted(keys))
    return hashlib.sha256(text.encode()).hexdigest()


class Part(NamedTuple):
    """One part as it lies in a folder."""

    folder: Path
    manifest: Manifest
    shard: Shard


class Whole(NamedTuple):
    """What parts come to: the manifest but for its files, and the pages, read from the parts."""

    head: Manifest
    pages: list[Page]


def read_part(folder: Path) -> Part:
    """The part in a folder. Raises UsageError where there is none."""
    manifest = read_manifest(folder)
    if manifest is None or isinstance(manifest.shard, msgspec.UnsetType):
        what = "holds no part of an edition" if manifest is None else "holds a whole edition, not a part"
        raise UsageError(
            f"{str(folder)!r} {what}", "a part is what `newsrepo build … --shard K/N -o DIR` makes"
        )
    if not all(map(_KEY.fullmatch, manifest.shard.keys.values())):
        raise UsageError(f"{str(folder)!r} holds no part of an edition: its keys are none", "make it anew")
    return Part(folder, manifest, manifest.shard)


def joined(parts: Sequence[Part]) -> Whole:
    """The one edition that parts are of. Raises UsageError naming what is missing or does not fit."""
    first = parts[0]
    of = first.shard.of
    seen: dict[int, Part] = {}
    for part in parts:
        _refuse_stranger(first, part)
        if part.shard.number in seen:
            both = f"{str(seen[part.shard.number].folder)!r} and {str(part.folder)!r}"
            raise UsageError(f"part {part.shard.number} of {of} is there twice: {both}", "leave one out")
        seen[part.shard.number] = part
    missing = [str(number) for number in range(1, of + 1) if number not in seen]
    if missing:
        named = ", ".join(missing[:8]) + (" …" if len(missing) > 8 else "")
        what = f"part {named} of {of} is" if len(missing) == 1 else f"parts {named} of {of} are"
        raise UsageError(
            f"{what} missing: {str(first.folder)!r} holds part {first.shard.number}",
            "make it with `newsrepo build … --shard K/N`, from the same tips",
        )
    keys = {path: key for part in parts for path, key in part.shard.keys.items()}
    if plan_digest(keys) != first.shard.plan or any(
        part.shard.keys.keys() != part.manifest.hashes.keys() for part in parts
    ):
        raise UnableError(
            f"the parts of the edition in {str(first.folder)!r} are not its whole plan: one was changed",
            "make the parts anew",
        )
    return Whole(_head(first.manifest), [page for part in parts for page in _pages(part)])


def _head(manifest: Manifest) -> Manifest:
    return msgspec.structs.replace(manifest, files={}, derived={}, shard=msgspec.UNSET)


def _pages(part: Part) -> Iterable[Page]:
    for path, sha256 in part.manifest.hashes.items():
        key = bytes.fromhex(part.shard.keys[path])
        made = part.manifest.derived.get(path)
        render = partial(_read, part.folder, path, sha256)
        yield Page(path, key, (), render, made.tools if made else ())


def _read(folder: Path, path: str, sha256: str, _: object) -> bytes:
    """A file of a part, as its manifest has it. Raises UnableError."""
    try:
        data = read_inside(folder, path)
    except OSError as error:
        raise _damaged(folder, path, error.strerror or "it cannot be read") from None
    if hashlib.sha256(data).hexdigest() != sha256:
        raise _damaged(folder, path, "it is not what the manifest says")
    return data


def _damaged(folder: Path, path: str, why: str) -> UnableError:
    return UnableError(f"{str(folder / path)!r}: {why}", "make that part anew; nothing was written")


def _refuse_stranger(first: Part, part: Part) -> None:
    """Raise UsageError for a part that is not of the same edition, saying what differs."""
    for here, there in _facts(first, part):
        if here != there:
            where = str(first.folder), str(part.folder)
            raise UsageError(
                f"not parts of one edition: {where[0]!r} is {here}, {where[1]!r} is {there}",
                "make all parts of the same commit, after the same sync, with the same --today",
            )


def _facts(first: Part, part: Part) -> Iterable[tuple[str, str]]:
    """All that two parts of one edition must agree on, in words, the plainest reasons first."""
    one, other = _head(first.manifest), _head(part.manifest)
    yield f"one of {first.shard.of}", f"one of {part.shard.of}"
    yield f"of {one.filter or 'all editions'}", f"of {other.filter or 'all editions'}"
    yield f"by {one.generator}", f"by {other.generator}"
    yield f"of {one.today}", f"of {other.today}"
    yield from _tips(one, other)
    yield f"under settings {_short(one.encode())}", f"under settings {_short(other.encode())}"
    # With the tips and all settings the same, only the programs can differ that plan and make the pages.
    if first.shard.plan != part.shard.plan:
        yield f"of plan {first.shard.plan[:12]}", f"of {part.shard.plan[:12]} by other versions of tools"


def _short(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:12]


def _tips(one: Manifest, other: Manifest) -> Iterable[tuple[str, str]]:
    """What each of two was made from, one ref after the other."""
    here = {source.ref.partition("@")[0]: source.commit for source in one.sources}
    there = {source.ref.partition("@")[0]: source.commit for source in other.sources}
    for who in sorted(here.keys() | there.keys()):
        tips = [f"from {who} at {str(tips.get(who) or 'none')[:12]}" for tips in (here, there)]
        yield tips[0], tips[1]
