"""The small values that pages are put together from, and the digests that name them."""

import hashlib
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import jinja2
import pyromark
from markupsafe import Markup

from newsrepo import __version__
from newsrepo.filters.model import Item
from newsrepo.ids import ArticleId, Oid

SHOWN = {
    "png": "image",
    "jpeg": "image",
    "webp": "image",
    "gif": "image",
    "mp4": "video",
    "webm": "video",
    "ogg": "audio",
    "mp3": "audio",
}
"""How a format is shown. A file is published only if its ending stands for the format that its bytes have: a
server goes by the ending, so a picture called ``x.html`` would be a page of ours."""

LEAD, OTHER, VERSION, TOMBSTONE = "lead", "other", "version", "tombstone"


FRONT = "frontpage"
"""The kind of the front page, whose masthead is the large one."""

Rating = tuple[int, int, bool]
"""The mean of a contingent's raters in millionths, how many they are, and whether of an earlier version."""


class Verdict(NamedTuple):
    """What one contingent, or a rater of it whom the filter names, says of one work: a rating or nothing for
    each axis of the edition."""

    speaker: str
    ratings: tuple[Rating | None, ...]


class MediaFile(NamedTuple):
    """A file of an article that the edition publishes."""

    name: str
    oid: Oid
    kind: str
    width: int
    height: int


class LogoFile(NamedTuple):
    """The edition's logo: where it stands in the edition, its object id, and its size in dots."""

    href: str
    oid: Oid
    width: int
    height: int


class Place(NamedTuple):
    """Why a work has a page: its role and the printed story it belongs to."""

    role: str
    item: Item


class Named(NamedTuple):
    """A name with the page that lists it, if there is one."""

    name: str
    href: str


class Teaser(NamedTuple):
    """A work as it is listed; addresses are from the top of the edition."""

    id: ArticleId
    href: str
    title: str
    lang: str
    dir: str
    summary: str
    byline: Markup


class Chrome(NamedTuple):
    """What every page of the edition has around its text."""

    lang: str
    dir: str
    links: Markup
    foot: Markup


class SectionLink(NamedTuple):
    title: str
    href: str


def joined(parts: Iterable[Markup], between: str = "") -> Markup:
    """Parts that are HTML already, one after the other; ``Markup.join`` would look at each again."""
    return Markup(between.join(parts))  # noqa: S704 - every part is Markup, and `between` is our own


def _code() -> bytes:
    """Digest of the program's part in the bytes: this package, and the libraries that write HTML."""
    whole = hashlib.blake2b(digest_size=16)
    here = Path(__file__).parent
    above = here.parent
    others = (
        *(above / "records").glob("*.py"),
        *(above / "credit").glob("*.py"),
        *(above / "ledger").glob("*.py"),
    )
    for path in sorted([*here.glob("*.py"), *others]):
        data = path.read_bytes()
        whole.update(b"%s\x00%d\x00%s" % (path.name.encode(), len(data), data))
    versions = f"{__version__} {pyromark.__version__} {version('nh3')} {jinja2.__version__}"
    whole.update(versions.encode())
    return whole.digest()


CODE = _code()


def digest(*parts: bytes) -> bytes:
    """One digest of several byte strings, each with its length, so that none runs into the next."""
    whole = b"".join([b"%d:%b" % (len(part), part) for part in parts])
    return hashlib.blake2b(whole, digest_size=20).digest()
