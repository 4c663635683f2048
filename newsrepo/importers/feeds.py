"""Reads feeds from files: RSS 0.9 to 2.0, RSS 1.0 (RDF), Atom 0.3 and 1.0, JSON Feed. Nothing is fetched."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec.structs import replace

from newsrepo.errors import UsageError
from newsrepo.importers.feedxml import Channel
from newsrepo.importers.items import Item, Source
from newsrepo.importers.jsonfeed import Document
from newsrepo.importers.reading import Folder, opened
from newsrepo.importers.xmlread import RefusedError, nodes
from newsrepo.location import Finding, Location, Severity

_ENDINGS = re.compile(r"\.(?:xml|rss|rdf|atom|json|feed)$", re.IGNORECASE)
_AGAIN = "get it anew from where it comes, and import again: what is there already is left alone"


class Feeds(Source):
    """One feed, or all those in a folder, in order of path."""

    def __init__(self, path: Path) -> None:
        """Raises UsageError when there is no such file or no feed in the folder."""
        self.passed: tuple[str, ...] = ()
        self._langs: set[str] = set()
        if path.is_dir():
            folder = Folder(path)
            self._findings = tuple(folder.findings)
            self._files = [(name, path / name) for name in folder.paths if _ENDINGS.search(name)]
            self.passed = tuple(name for name in folder.paths if not _ENDINGS.search(name))
            if not self._files:
                raise UsageError(
                    f"there is no feed in {str(path)!r}", "its files should end in .xml, .rss, .atom or .json"
                )
        else:
            with opened(path):
                pass
            self._findings = ()
            self._files = [(path.name, path)]

    def items(self, found: Callable[[Finding], None]) -> Iterator[Item]:
        for finding in self._findings:
            found(finding)
        for name, path in self._files:
            yield from self._of(name, path, found)

    def _of(self, name: str, path: Path, found: Callable[[Finding], None]) -> Iterator[Item]:
        def told(rule: str, line: int, fact: str) -> None:
            mended = rule == "import-text-mended"
            severity = Severity.NOTE if mended else Severity.ERROR
            found(Finding(rule, Location(name, line), fact, "" if mended else _AGAIN, severity))

        with opened(path) as file:
            head = file.read(512)
            file.seek(0)
            about: Channel | Document
            if re.match(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*\{", head):
                about = Document(name)
                for item in about.items(file, told):
                    yield _placed(item, about)
            else:
                about = Channel(name)
                try:
                    for item in about.items(nodes(file, told), told):
                        yield _placed(item, about)
                except RefusedError as refused:
                    told("import-unreadable", refused.line, f"not imported: {refused.fact}")
        self.name = self.name or about.name
        self.url = self.url or about.url
        self._langs.add(about.lang)
        # What one feed says of itself is not said of another: only what all of them say holds for each item.
        self.lang = about.lang if self._langs == {about.lang} else ""


def _placed(item: Item, about: Channel | Document) -> Item:
    """The item with what holds for the whole feed. A key that is no address is only good within its feed."""
    known = item.key if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", item.key) else f"{about.url} {item.key}".strip()
    return replace(item, key=known if item.key else "", lang=item.lang or about.lang, site=about.name)
