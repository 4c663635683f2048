"""Pictures that are at hand in a folder, found by the addresses that a feed or an export gives them."""

import hashlib
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from newsrepo.errors import UnableError
from newsrepo.importers.pictures import Pictures
from newsrepo.importers.reading import Folder

_SIZED = re.compile(r"-[0-9]{1,5}x[0-9]{1,5}(?=\.[A-Za-z]+$)")


class Taken(Struct, frozen=True):
    """A picture that comes along."""

    folder: Folder
    path: str
    size: int
    sha256: str
    kind: str

    def read(self) -> bytes:
        """Its bytes. Raises UnableError when they are no longer those that were looked at."""
        data = self.folder.read(self.path, self.size)
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise UnableError(f"{self.path!r} changed while it was imported", "import again")
        return data


class Shelf:
    """The files of one folder, such as a copy of ``wp-content/uploads``."""

    def __init__(self, root: Path, limit: int) -> None:
        """Raises UsageError when ``root`` is no folder."""
        self.folder = Folder(root)
        self._pictures = Pictures(self.folder, frozenset(), "", limit)
        self._by_name: dict[str, list[str]] = {}
        for path in self.folder.paths:
            self._by_name.setdefault(path.rpartition("/")[2], []).append(path)

    def find(self, url: str) -> Taken | str | None:
        """The file that an address means; why it cannot come along; None when it is not there.

        The longest end of the address that is a path in the folder decides. A file name alone counts when
        only one file has it. For a picture scaled down (``quay-300x200.jpg``) its original will do.
        """
        try:
            path = unquote(urlsplit(url).path).strip("/")
        except ValueError:
            return None
        for wanted in dict.fromkeys([path, _SIZED.sub("", path)]):
            parts = wanted.split("/")
            ends = ["/".join(parts[start:]) for start in range(len(parts))]
            found = next((end for end in ends if end in self.folder.sizes), None)
            if found is None:
                named = self._by_name.get(parts[-1], [])
                found = named[0] if len(named) == 1 else None
            if found is not None:
                read = self._pictures.read(found)
                return (
                    read
                    if isinstance(read, str)
                    else Taken(self.folder, read.path, read.size, read.sha256, read.kind)
                )
        return None
