"""What an import answers: the files it would write, what it met on the way, and how much of each."""

from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from newsrepo.location import Finding


class Options(Struct, frozen=True, kw_only=True):
    """What only the user can say about a site that is imported.

    ``license`` is written into every article as it stands; without it the field is left out and the
    articles are withheld: an import never claims a licence on anybody's behalf. ``lang`` and ``url`` (the
    address that the site was published at) go before what the site's own settings say. ``permalink`` is a
    pattern such as ``/:year/:month/:day/:slug/``; without it the site's settings and links decide.
    """

    license: str | None = None
    lang: str | None = None
    url: str | None = None
    name: str | None = None
    permalink: str | None = None
    media_limit: int = 100_000_000


class Files(Mapping[str, bytes]):
    """The files to write, by path in the commons, in order of path; pictures are read when asked for."""

    def __init__(self, loaders: Mapping[str, Callable[[], bytes]]) -> None:
        self._loaders = {path: loaders[path] for path in sorted(loaders)}

    def __getitem__(self, path: str) -> bytes:
        return self._loaders[path]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._loaders)

    def __len__(self) -> int:
        return len(self._loaders)


class Imported(Struct, frozen=True):
    """A site turned into files of a commons.

    ``findings`` are ordered and located in the *source* (paths relative to its root). ``counts`` says how
    many of each thing were met, in order of name: ``articles``, ``pictures``, ``key:layout`` and so on.
    ``passed`` names the texts that are no posts, since they have no front matter, in order of path.
    """

    files: Mapping[str, bytes]
    findings: tuple[Finding, ...]
    counts: Mapping[str, int]
    passed: tuple[str, ...] = ()

    @property
    def report(self) -> tuple[Finding, ...]:
        """The same as ``findings``."""
        return self.findings
