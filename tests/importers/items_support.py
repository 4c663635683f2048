"""Runs an import in memory, for the tests of feeds and exports."""

from pathlib import Path

from newsrepo.ids import ContingentId, Kind
from newsrepo.importers.bringing import Import, Step
from newsrepo.importers.feeds import Feeds
from newsrepo.importers.items import Source
from newsrepo.importers.planning import Choice, Known
from newsrepo.importers.shelf import Shelf
from newsrepo.importers.wxr import Export
from newsrepo.location import Severity
from newsrepo.records import parse
from newsrepo.records import types as t

OPEN = Choice(license="CC0-1.0")


class Done:
    """What one run made: bytes by path, articles and comments by id, findings, counts, steps."""

    def __init__(
        self, source: Source, choice: Choice = OPEN, known: Known | None = None, shelf: Shelf | None = None
    ) -> None:
        run = Import(source, ContingentId("abc"), choice, known or Known(), shelf)
        self.steps: list[Step] = list(run.steps())
        self.files = {path: load() for step in self.steps for path, load in step.files.items()}
        self.findings, self.counts = run.ordered, run.counts
        self.articles: dict[str, t.Article] = {}
        self.comments: dict[str, t.Comment] = {}
        for path, data in self.files.items():
            if path.endswith("/index.md"):
                parsed = parse(Kind.ARTICLE, data, path)
                assert isinstance(parsed.record, t.Article)
                assert not parsed.findings
                self.articles[path.removeprefix("articles/abc/").removesuffix("/index.md")] = parsed.record
            elif path.startswith("comments/"):
                parsed = parse(Kind.COMMENT, data, path)
                assert isinstance(parsed.record, t.Comment)
                assert not parsed.findings
                self.comments[path.removeprefix("comments/abc/").removesuffix(".md")] = parsed.record

    def places(self, rule: str) -> list[tuple[str, int]]:
        """Where a rule was met."""
        return [(f.location.path, f.location.line) for f in self.findings if f.rule == rule]

    @property
    def errors(self) -> list[tuple[str, int]]:
        return [(f.rule, f.location.line) for f in self.findings if f.severity is Severity.ERROR]

    @property
    def known(self) -> Known:
        """What a later run would find there."""
        origins = {f"articles/abc/{name}/index.md": a.extra["origin"] for name, a in self.articles.items()}
        return Known(
            articles={each["id"]: (path, each["digest"]) for path, each in origins.items()},
            comments={
                c.extra["origin"]["id"]: f"comments/abc/{name}.md" for name, c in self.comments.items()
            },
            article_names=frozenset(self.articles),
            comment_names=frozenset(self.comments),
        )


def feed(folder: Path, text: str | bytes, name: str = "feed.xml", *, choice: Choice = OPEN) -> Done:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return Done(Feeds(path), choice)


def export(
    folder: Path,
    text: str | bytes,
    *,
    choice: Choice = OPEN,
    known: Known | None = None,
    shelf: Shelf | None = None,
) -> Done:
    path = folder / "export.xml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return Done(Export(path), choice, known, shelf)
