"""Finds the posts of a site: Markdown with front matter and a date, each with the id that it will have."""

import re
from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from newsrepo.ids import MAX_SLUG, ArticleId, ContingentId, is_name
from newsrepo.importers import fields as f
from newsrepo.importers.front import Front, FrontError, split
from newsrepo.importers.reading import MAX_TEXT, Folder
from newsrepo.importers.site import Dated
from newsrepo.location import Finding, Location, Severity
from newsrepo.records.scalars import Moment
from newsrepo.records.text import FORBIDDEN

_TEXT = re.compile(r"\.(?:md|markdown|mdown|mkdn?)$", re.IGNORECASE)
_HIDDEN = frozenset(["_includes", "_layouts", "_data", "_sass", "layouts", "archetypes", "themes"])


class Found(Struct, frozen=True):
    """The posts of a site in order of path, what was met, and the texts that say nothing of themselves."""

    posts: tuple["Post", ...]
    findings: tuple[Finding, ...]
    passed: tuple[str, ...]


class Post(Struct, frozen=True):
    """One post as found: where, what, when, and the article it becomes."""

    path: str
    front: Front
    moment: Moment
    id: ArticleId
    dated: Dated
    draft: bool


def find_posts(folder: Folder, owner: ContingentId) -> Found:
    """Every post, what could not be taken for one though it looked like it, and what did not look like it."""
    passed: list[str] = []
    findings: list[Finding] = []
    found: list[tuple[str, Front, Moment, Dated]] = []
    for path in folder.paths:
        parts = path.split("/")
        if _TEXT.search(path) is None or _HIDDEN & set(parts[:-1]) or parts[-1].startswith("_index."):
            continue
        front = _front(folder, path, findings, passed)
        if front is None:
            continue
        when = _when(path, front, findings)
        if when is None:
            continue
        moment, days = when
        wanted = f.slug(f.name(front.fields.get("slug"))) or f.file_slug(path)
        categories = f.unique(
            f.slug(f.name(v)) for v in f.listed(front.fields, "categories", "category", split=" ")
        )
        found.append((path, front, moment, Dated(path, wanted, days, categories)))
    posts = _with_ids(found, owner, findings)
    return Found(posts, tuple(findings), tuple(passed))


def _front(folder: Folder, path: str, findings: list[Finding], passed: list[str]) -> Front | None:
    if folder.sizes[path] > MAX_TEXT:
        findings.append(_unreadable(path, 1, f"it is larger than {MAX_TEXT >> 20} MiB"))
        return None
    data = folder.read(path, MAX_TEXT)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        if data[:3].strip() in (b"---", b"+++") or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            findings.append(_unreadable(path, 1, f"byte {error.start} is not UTF-8"))
        else:
            passed.append(path)
        return None
    mended = f.clean(text)
    try:
        front = split(mended)
    except FrontError as error:
        findings.append(_unreadable(path, error.line, str(error)))
        return None
    if front is None:
        passed.append(path)
    elif mended != text:
        findings.append(_mended(path, text))
    return front


def _unreadable(path: str, line: int, why: str) -> Finding:
    return Finding(
        "import-unreadable",
        Location(path, line),
        f"not imported: {why}",
        "mend the file and import again: what is there already is left alone",
    )


def _mended(path: str, text: str) -> Finding:
    match = FORBIDDEN.search(text)
    if match is None:
        what, line = "was brought into Unicode normal form C", 1
    else:
        line = text.count("\n", 0, match.start()) + 1
        kind = "carriage returns" if match[0] == "\r" else f"U+{ord(match[0]):04X}"
        what = f"{kind} and the like were taken out, first here"
    return Finding("import-text-mended", Location(path, line), f"the text {what}", "", Severity.NOTE)


def _when(path: str, front: Front, findings: list[Finding]) -> tuple[Moment, tuple[date, ...]] | None:
    of_file = f.file_day(path)
    for key in ("date", "pubDate", "publishDate", "published", "created"):
        text = f.name(front.fields.get(key))
        if not text or text in ("true", "false"):
            continue
        read = f.moment(text)
        if read is not None:
            days = dict.fromkeys([d for d in (of_file, read[1], read[0].day) if d is not None])
            return read[0], tuple(days)
        findings.append(
            Finding(
                "import-bad-date",
                Location(path, front.lines.get(key, 1)),
                f"{text[:60]!r} is not a date",
                "write YYYY-MM-DD",
                Severity.WARNING if of_file else Severity.ERROR,
            )
        )
        break
    else:
        if of_file is None:
            findings.append(
                Finding(
                    "import-undated",
                    Location(path),
                    "not imported: neither the front matter nor the file name has a date",
                    "add `date:` to it, if it is an article and not a page",
                    Severity.WARNING,
                )
            )
    return (Moment(of_file), (of_file,)) if of_file else None


def _with_ids(
    found: Iterable[tuple[str, Front, Moment, Dated]], owner: ContingentId, findings: list[Finding]
) -> tuple[Post, ...]:
    taken: dict[str, str] = {}
    posts = []
    for path, front, moment, dated in found:
        year = f"{moment.day.year:04}"
        slug, number = dated.slug, 1
        while f"{year}/{slug}" in taken or not is_name(slug, MAX_SLUG):
            number += 1
            slug = f"{dated.slug[: MAX_SLUG - 5].rstrip('-')}-{number}"
        if number > 1:
            findings.append(
                Finding(
                    "import-slug-taken",
                    Location(path),
                    f"{dated.slug!r} of {year} is taken by {taken.get(f'{year}/{dated.slug}', '')!r}; "
                    f"this one becomes {slug!r}",
                    "give one of them a `slug:` of its own",
                    Severity.WARNING,
                )
            )
        taken[f"{year}/{slug}"] = path
        states = [f.name(front.fields.get(key)).lower() for key in ("draft", "published")]
        draft = states[0] == "true" or states[1] == "false" or "_drafts" in path.split("/")
        posts.append(Post(path, front, moment, ArticleId(f"{owner}/{year}/{slug}"), dated, draft))
    return tuple(posts)
