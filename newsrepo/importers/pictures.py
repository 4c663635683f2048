"""Finds the picture files that texts speak of, and gives each a name that a commons accepts."""

import hashlib
import posixpath
import re
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from newsrepo.importers import fields as f
from newsrepo.importers.reading import Folder

_ROOTS = ("", "static/", "public/", "src/", "source/", "assets/", "content/", "src/static/", "src/assets/")
_SIGNS = {
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "gif": (b"GIF87a", b"GIF89a"),
    "webp": (b"RIFF",),
}


class File(Struct, frozen=True):
    """A picture of the site that can come along."""

    path: str
    size: int
    sha256: str
    kind: str


class Pictures:
    """The pictures of a site, each read once."""

    def __init__(self, folder: Folder, hosts: frozenset[str], base: str, limit: int) -> None:
        self._folder = folder
        self._hosts = hosts
        self._base = base
        self._limit = limit
        self._read: dict[str, File | str] = {}
        self._by_stem: dict[str, str] = {}
        for path in reversed(folder.paths):
            if re.search(r"\.(?:png|jpe?g|gif|webp)$", path, re.IGNORECASE) and re.search(
                r"(?:^|/)(?:team|people|authors?|avatars|headshots|staff)/", path
            ):
                self._by_stem[f.stem_of(path).lower()] = path

    def portrait(self, person: str) -> str | None:
        """The address of a person's picture, if the site has one under that name."""
        path = self._by_stem.get(person.lower())
        return f"/{path}" if path else None

    def is_remote(self, url: str) -> bool:
        """Whether an address leads away from the site."""
        parts = urlsplit(url) if "//" in url or ":" in url else None
        return bool(
            parts
            and (parts.scheme not in ("", "http", "https") or parts.netloc.lower() not in self._hosts | {""})
        )

    def local(self, url: str) -> str:
        """The path part of an address of this site."""
        path = urlsplit(url).path if "//" in url else url.partition("#")[0].partition("?")[0]
        path = unquote(path)
        if self._base and path.startswith(f"{self._base}/"):
            path = path[len(self._base) :]
        return path

    def find(self, url: str, beside: str) -> str | None:
        """The file that an address means, read in a text at ``beside``; None when there is none."""
        path = self.local(url)
        folder = posixpath.dirname(beside)
        tries = [posixpath.join(folder, path)] if not path.startswith("/") else []
        tries += [f"{root}{path.lstrip('/')}" for root in _ROOTS]
        for each in tries:
            name = posixpath.normpath(each)
            if name in self._folder.sizes:
                return name
        return None

    def read(self, path: str) -> File | str:
        """What is known of a file, or why it cannot come along."""
        if path not in self._read:
            self._read[path] = self._look(path)
        return self._read[path]

    def _look(self, path: str) -> File | str:
        size = self._folder.sizes[path]
        if size > self._limit:
            return f"it has {size} bytes, more than {self._limit}"
        data = self._folder.read(path, self._limit)
        kind = next((kind for kind, signs in _SIGNS.items() if data.startswith(signs)), None)
        if kind == "webp" and data[8:12] != b"WEBP":
            kind = None
        if kind is None:
            ending = path.rpartition(".")[2].lower()
            return (
                f"{ending} files are not taken"
                if ending == "svg"
                else "it is no PNG, JPEG, GIF or WebP picture"
            )
        return File(path, len(data), hashlib.sha256(data).hexdigest(), kind)


def file_name(path: str, kind: str, taken: dict[str, str]) -> str:
    """A name for the picture at ``path`` beside one text; ``taken`` says which names are used."""
    for name, other in taken.items():
        if other == path:
            return name
    stem = f.slug(path.rpartition("/")[2].rpartition(".")[0], 80) or "picture"
    name, number = f"{stem}.{kind}", 1
    while name in taken:
        number += 1
        name = f"{stem}-{number}.{kind}"
    taken[name] = path
    return name
