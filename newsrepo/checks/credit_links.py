"""``wrong-link`` and ``wrong-version``: a credit leads to something else than what it credits."""

from collections.abc import Iterable, Iterator

from newsrepo.checks.model import Fault, Rule, Scope
from newsrepo.commons.model import Work
from newsrepo.ids import ArticleId, Oid
from newsrepo.location import Severity
from newsrepo.records import types as t


def _find(scope: Scope) -> Iterator[Fault]:
    works = scope.commons.works
    current: dict[Oid, ArticleId] = {}
    for work in works.values():
        current.setdefault(work.version, work.id)
    for work in works.values():
        if not work.based_on or not scope.wants(work.path):
            continue
        for at, source in enumerate(work.based_on):
            named = works.get(ArticleId(source.article))
            other = current.get(Oid(source.version))
            if named is not None and named.version != source.version and other is not None:
                yield Fault(
                    work.path,
                    f"the version cited as {source.article} is the text of {other}",
                    f"cite {other} if that is what you used, or the version of {source.article} that you did",
                    ("based_on", at, "version"),
                    rule="wrong-version",
                    severity=Severity.WARNING,
                )
        yield from _links(scope, work)


def _links(scope: Scope, work: Work) -> Iterator[Fault]:
    """Names that a source credits with a link, and that stand here with another."""
    links = _links_of(scope, work)
    if not links:
        return
    for field, entries in (("authors", _pairs(work.authors)), ("credits", _pairs(work.credits))):
        for at, (name, url) in enumerate(entries):
            theirs = links.get(name)
            if url and theirs and _plain(url) not in theirs:
                yield Fault(
                    work.path,
                    f"{name} is credited with a link that the source does not give",
                    f"the source links to {min(theirs.values())}; correct whichever is wrong",
                    (field, at, "url"),
                    severity=Severity.WARNING,
                )


def _links_of(scope: Scope, work: Work) -> dict[str, dict[str, str]]:
    """By name the links that this work's sources give it, in the text cited and as they stand now."""
    links: dict[str, dict[str, str]] = {}
    for source in work.based_on:
        now = scope.commons.works.get(ArticleId(source.article))
        for text in (scope.cited.get(source.version), now):
            for name, url in (*_pairs(text.authors), *_pairs(text.credits)) if text else ():
                if url:
                    links.setdefault(name, {})[_plain(url)] = url
    return links


def _pairs(entries: Iterable[t.Author | t.Credit]) -> list[tuple[str, str | None]]:
    return [(entry.name, entry.url) for entry in entries]


def _plain(url: str) -> str:
    """An address without what makes no difference to whoever follows it."""
    return url.partition("://")[2].removeprefix("www.").rstrip("/")


RULE = Rule(
    "wrong-link",
    "Somebody is credited with a link that is not the one the source gives.",
    _find,
    others=("wrong-version",),
)
