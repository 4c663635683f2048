"""``dangling-link`` and what no page can show: links to nothing, remote pictures, raw HTML."""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from newsrepo.checks.absent import absent
from newsrepo.checks.model import Fault, File, Rule, Scope
from newsrepo.checks.unseen import unseen
from newsrepo.ids import ArticleId, IdError, Kind, Oid
from newsrepo.records import body_line, split
from newsrepo.records.markup import (
    MAX_DEPTH,
    Target,
    article_target,
    classify,
    pointers,
    problems,
    too_complex,
)
from newsrepo.records.markup import Fault as Problem

_MARKS = (b"[", b"<", b">", b"|")
_NESTING = (b"*", b"_", b"~", b"- ", b"+ ", b". ")
_KINDS = (Kind.ARTICLE, Kind.COMMENT, Kind.CHALLENGE, Kind.ANSWER, Kind.STATEMENT, Kind.DISSENT)


def _find(scope: Scope) -> Iterator[Fault]:
    works = scope.commons.works
    cited: list[tuple[str, int, int, Oid, str]] = []
    for kind in _KINDS:
        for file, data in scope.texts(kind):
            halves = split(data)
            # Without one of these marks a text holds no link, no picture and no HTML, and nests nothing.
            if halves is None or not _has_marks(halves.body):
                continue
            try:
                text = halves.body.decode("utf-8").strip("\n") + "\n"
            except UnicodeDecodeError:
                continue  # told by the reader
            if _is_sound(scope, text):
                continue
            first = body_line(data) - 1
            media = works[ArticleId(file.place.id)].media if file.place.id in works else ()
            files = frozenset(m.file for m in media if m.file) | frozenset(
                m.poster for m in media if m.poster
            )
            urls = frozenset(m.url for m in media if m.url)
            found = problems(text, files, urls)
            if any(fault.rule == "unlisted-image" for fault in found):
                found = _missing(scope, file.place.path, text, found)
            for fault in found:
                yield Fault(
                    file.place.path,
                    fault.message,
                    fault.hint,
                    line=first + fault.line,
                    col=fault.col,
                    rule=fault.rule,
                )
            if b"article:" in halves.body:
                yield from _links(scope, file, first, text, cited)
    known = scope.knows({version for *_, version, _ in cited})
    for path, line, col, version, name in cited:
        if version not in known:
            told = unseen(scope, name, version)
            yield Fault(
                path, told.message, told.hint, line=line, col=col, rule=told.rule, severity=told.severity
            )


def _has_marks(body: bytes) -> bool:
    return any(mark in body for mark in _MARKS) or sum(map(body.count, _NESTING)) > MAX_DEPTH


_SOUND_LINK = re.compile(r"\]\((?:https?://[^\s()<>\\;]+|article:([a-z0-9/-]+))(?=[\s)])")


def _is_sound(scope: Scope, text: str) -> bool:
    """Whether a glance shows that nothing can be wrong, as in most texts, at a tenth of the cost of parsing.

    Without ``<``, ``![`` and ``]:`` a text has no HTML, no pictures, no addresses in brackets and no
    references, so that each of its links is an inline one. When all that looks like an inline link, in code
    or not, leads to the web or to an article that exists, every link does.
    """
    if "<" in text or "![" in text or "]:" in text or too_complex(text):
        return False
    seen = 0
    for match in _SOUND_LINK.finditer(text):
        if match[1] is not None and match[1] not in scope.ids:
            return False
        seen += 1
    return seen == text.count("](")


def _missing(scope: Scope, path: str, text: str, found: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Tell pictures that have no file from those that only have no entry under ``media``."""
    folder = path.rpartition("/")[0]
    gone = {
        (p.line, p.col): p.dest
        for p in pointers(text)
        if p.kind == "image" and f"{folder}/{p.dest.removeprefix('./')}" not in scope.commons.files
    }
    return tuple(
        replace(
            fault,
            rule="missing-picture",
            message=f"the picture {gone[fault.line, fault.col][:80]!r} is not there",
            hint="put the file beside the text and list it under `media`, or take it out of the text",
        )
        if fault.rule == "unlisted-image" and (fault.line, fault.col) in gone
        else fault
        for fault in found
    )


def _links(
    scope: Scope, file: File, first: int, text: str, cited: list[tuple[str, int, int, Oid, str]]
) -> Iterator[Fault]:
    path = file.place.path
    for pointer in pointers(text):
        if pointer.kind != "link" or classify(pointer.dest) is not Target.ARTICLE:
            continue
        try:
            target = article_target(pointer.dest)
        except IdError:
            continue  # told by `problems`
        line = first + pointer.line
        if target.article not in scope.ids:
            told = absent(scope, target.article, "dangling-link")
            yield Fault(
                path,
                f"the link leads nowhere: {told.message}",
                told.hint,
                line=line,
                col=pointer.col,
                rule=told.rule,
                severity=told.severity,
            )
        elif len(target.version) in (40, 64):
            cited.append((path, line, pointer.col, Oid(target.version), target.article))


RULE = Rule(
    "dangling-link",
    "A text links to an article that does not exist.",
    _find,
    others=(
        "bad-article-link",
        "forbidden-link",
        "link-without-scheme",
        "raw-html",
        "relative-link",
        "remote-image",
        "text-too-complex",
        "unlisted-image",
        "missing-picture",
    ),
)
