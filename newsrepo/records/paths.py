"""The path grammar: every path of a commons has one kind, one owner and one id, read off the path alone."""

import re
from collections.abc import Callable
from functools import cache

from msgspec import Struct

from newsrepo.ids import MAX_NAME, MAX_SLUG, NAME, ContingentId, Kind, is_name
from newsrepo.location import Finding, Location

RECORD_ROOTS = (
    "articles",
    "challenges",
    "comments",
    "contingents",
    "filters",
    "ratings",
    "statements",
    "newsrepo.yaml",
)
"""The top-level names under which records stand; everything else in a repository is not ours to judge."""

MEDIA_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "gif": "image/gif",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "ogg": "audio/ogg",
    "mp3": "audio/mpeg",
    "vtt": "text/vtt",
}
"""The endings that media files may have, and what they stand for."""


class Place(Struct, frozen=True, gc=False):
    """Where a file stands in the commons.

    ``id`` is the record's id: ``abc``, ``abc/2026/dock-strike`` (an article), ``abc/ann`` (the rater of a
    ratings file), ``comment:…``, ``filter:…``, ``challenge:…``, ``answer:C/SLUG/D``, ``statement:…``,
    ``opening:C/SLUG``, ``ballot:C/SLUG/D/N``, ``closing:C/SLUG/D/N``, ``dissent:C/SLUG/D``,
    ``enacts:C/SLUG/charter``; of a media file or a kept source the article's id and its name; of a signature
    the path of what it signs; empty for charter, roll and ignored files.
    """

    path: str
    kind: Kind
    owner: ContingentId | None
    id: str


_DEVICE = r"(?!(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:[/.]|\Z))"
_C = rf"({_DEVICE}(?=[^/.]{{1,{MAX_NAME}}}(?:[/.]|\Z)){NAME})"
_S = rf"({_DEVICE}(?=[^/.]{{1,{MAX_SLUG}}}(?:[/.]|\Z)){NAME})"
_Y = r"([0-9]{4})"
_N = r"([1-9][0-9]{0,6})"
_ENDINGS = "|".join(MEDIA_TYPES)
_FILE = rf"({_DEVICE}(?=[^/]{{1,100}}\Z)[a-z0-9]+(?:[._-][a-z0-9]+)*\.(?:{_ENDINGS}))"

_Match = re.Match[str]
_Maker = Callable[[str, _Match], Place]


def _owned(kind: Kind, prefix: str = "", owner: int = 1) -> _Maker:
    def make(path: str, match: _Match) -> Place:
        return Place(path, kind, ContingentId(match[owner]), prefix + "/".join(match.groups()))

    return make


def _signed(path: str, match: _Match, owner: int = 1) -> Place:
    return Place(path, Kind.SIGNATURE, ContingentId(match[owner]), path[:-4])


def _rated(path: str, match: _Match) -> Place:
    return Place(path, Kind.RATINGS, ContingentId(match[1]), f"{match[1]}/{match[2]}")


def _by_other(path: str, match: _Match) -> Place:
    return _signed(path, match, 3)


# For each root: patterns in the order of how many files there are of each.
_ROWS: dict[str, list[tuple[str, _Maker]]] = {
    "articles": [
        (rf"{_C}/{_Y}/{_S}/index\.md", _owned(Kind.ARTICLE)),
        (rf"{_C}/{_Y}/{_S}/{_FILE}", _owned(Kind.MEDIA)),
        (rf"{_C}/{_Y}/{_S}/sources/([0-9a-f]{{40}}(?:[0-9a-f]{{24}})?)\.md", _owned(Kind.SOURCE)),
    ],
    "ratings": [(rf"{_C}/{_C}/([0-9]{{4}}-(?:0[1-9]|1[0-2]))\.yaml", _rated)],
    "comments": [(rf"{_C}/{_Y}/{_S}\.md", _owned(Kind.COMMENT, "comment:"))],
    "contingents": [
        (rf"{_C}\.yaml", _owned(Kind.CONTINGENT)),
        (rf"{_C}\.yaml\.sig", _signed),
    ],
    "filters": [(rf"{_C}/{_C}\.yaml", _owned(Kind.FILTER, "filter:"))],
    "challenges": [
        (rf"{_C}/{_S}/challenge\.md", _owned(Kind.CHALLENGE, "challenge:")),
        (rf"{_C}/{_S}/answers/{_C}\.md", _owned(Kind.ANSWER, "answer:", 3)),
    ],
    "statements": [
        (rf"{_C}/{_S}/ballots/{_C}/{_N}\.yaml", _owned(Kind.BALLOT, "ballot:", 3)),
        (rf"{_C}/{_S}/ballots/{_C}/{_N}\.yaml\.sig", _by_other),
        (rf"{_C}/{_S}/closings/{_C}/{_N}\.yaml", _owned(Kind.CLOSING, "closing:", 3)),
        (rf"{_C}/{_S}/closings/{_C}/{_N}\.yaml\.sig", _by_other),
        (rf"{_C}/{_S}/statement\.md", _owned(Kind.STATEMENT, "statement:")),
        (rf"{_C}/{_S}/opening\.yaml", _owned(Kind.OPENING, "opening:")),
        (rf"{_C}/{_S}/opening\.yaml\.sig", _signed),
        (rf"{_C}/{_S}/dissents/{_C}\.md", _owned(Kind.DISSENT, "dissent:", 3)),
    ],
}
_ENACTS = rf"statements/{_C}/{_S}/enacts/(?:newsrepo|(roll))\.yaml"
_KEPT_FOLDERS = frozenset([".gitkeep", ".keep"])


@cache
def _rows(root: str) -> tuple[tuple[re.Pattern[str], _Maker], ...]:
    """The patterns of a root, compiled when they are first needed: many a run places no path."""
    return tuple((re.compile(f"{root}/{pattern}"), maker) for pattern, maker in _ROWS.get(root, ()))


def place(path: str) -> Place | Finding:
    """What the file at ``path`` is, or the finding that no record may stand there.

    Files outside the record roots, and the empty files by which git keeps a folder, are Kind.IGNORED.
    """
    root, slash, _ = path.partition("/")
    rows = _rows(root) if root in _ROWS else ()
    if not rows or not slash:
        if path == "newsrepo.yaml":
            return Place(path, Kind.CHARTER, None, "")
        if root not in RECORD_ROOTS:
            return Place(path, Kind.IGNORED, None, "")
        return _misplaced(path)
    for pattern, make in rows:
        match = pattern.fullmatch(path)
        if match is not None:
            return make(path, match)
    if root == "statements":
        if path == "statements/roll.yaml":
            return Place(path, Kind.ROLL, None, "")
        match = re.fullmatch(_ENACTS, path)
        if match is not None:
            what = match[3] or "charter"
            owner = ContingentId(match[1])
            return Place(path, Kind.ENACTS, owner, f"enacts:{match[1]}/{match[2]}/{what}")
    if path.rpartition("/")[2] in _KEPT_FOLDERS:
        return Place(path, Kind.IGNORED, None, "")
    return _misplaced(path)


_FORMS: dict[Kind, str] = {
    Kind.CHARTER: "newsrepo.yaml",
    Kind.ROLL: "statements/roll.yaml",
    Kind.CONTINGENT: "contingents/{0}.yaml",
    Kind.ARTICLE: "articles/{0}/{1}/{2}/index.md",
    Kind.SOURCE: "articles/{0}/{1}/{2}/sources/{3}.md",
    Kind.MEDIA: "articles/{0}/{1}/{2}/{3}",
    Kind.COMMENT: "comments/{0}/{1}/{2}.md",
    Kind.RATINGS: "ratings/{0}/{1}/{2}.yaml",
    Kind.FILTER: "filters/{0}/{1}.yaml",
    Kind.CHALLENGE: "challenges/{0}/{1}/challenge.md",
    Kind.ANSWER: "challenges/{0}/{1}/answers/{2}.md",
    Kind.STATEMENT: "statements/{0}/{1}/statement.md",
    Kind.OPENING: "statements/{0}/{1}/opening.yaml",
    Kind.BALLOT: "statements/{0}/{1}/ballots/{2}/{3}.yaml",
    Kind.CLOSING: "statements/{0}/{1}/closings/{2}/{3}.yaml",
    Kind.DISSENT: "statements/{0}/{1}/dissents/{2}.md",
    Kind.ENACTS: "statements/{0}/{1}/enacts/{2}.yaml",
}


def path_of(kind: Kind, identifier: str) -> str:
    """The path at which the record of this id stands; the ``kind:`` prefix may be left out.

    A ratings file is named ``C/RATER/YYYY-MM``, a signature by the path of what it signs. Raises ValueError
    when the id is not one of this kind.
    """
    if kind is Kind.SIGNATURE:
        path = f"{identifier}.sig"
    elif kind in _FORMS:
        parts = identifier.removeprefix(f"{kind.value}:").split("/") if identifier else []
        if kind is Kind.ENACTS and parts[2:] == ["charter"]:
            parts[2] = "newsrepo"
        form = _FORMS[kind]
        path = form.format(*parts) if len(parts) == form.count("{") else ""
    else:
        path = ""
    found = place(path)
    if isinstance(found, Finding) or found.kind is not kind or kind is Kind.IGNORED:
        raise ValueError(f"{identifier!r} is not the id of a file of kind {kind.value}")
    return path


# -- saying what is wrong with a path: slow, and only for the few that are -----------------------------------

_LAYOUT = {
    "articles": "articles/CONTINGENT/YEAR/SLUG/index.md, with its media beside it",
    "challenges": "challenges/CONTINGENT/SLUG/challenge.md or …/answers/CONTINGENT.md",
    "comments": "comments/CONTINGENT/YEAR/SLUG.md",
    "contingents": "contingents/CONTINGENT.yaml",
    "filters": "filters/CONTINGENT/NAME.yaml",
    "ratings": "ratings/CONTINGENT/RATER/YYYY-MM.yaml",
    "statements": "statements/CONTINGENT/SLUG/statement.md, opening.yaml, ballots/…, closings/…, dissents/…",
    "newsrepo.yaml": "newsrepo.yaml, a file",
}
_HTML = frozenset(["svg", "svgz", "html", "htm", "xhtml", "xml", "js", "mjs", "css"])


def _finding(path: str, rule: str, message: str, hint: str) -> Finding:
    return Finding(rule, Location(path), message, hint)


def suggest_name(text: str) -> str:
    """The nearest well-formed id part: lower-case ASCII words joined by hyphens; may be empty."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _misplaced(path: str) -> Finding:
    parts = path.split("/")
    layout = f"files here are {_LAYOUT[parts[0]]}"
    if any(part in ("", ".", "..") for part in parts) or "\\" in path or not path.isprintable():
        return _finding(path, "bad-path", f"the path {_shown(path)} is not a plain path", layout)
    if parts[0] == "articles" and len(parts) == 5:
        media = _media_finding(path, parts[4])
        if media is not None:
            return media
    for part in parts[1:-1]:
        if not is_name(part, MAX_SLUG):
            return _bad_name(path, part, "folder")
    stem = parts[-1].partition(".")[0]
    if len(parts) > 1 and not is_name(stem, MAX_SLUG):
        return _bad_name(path, parts[-1], "file")
    if parts[0] != "articles" and len(parts) > 1 and parts[-1].endswith(".yml"):
        return _finding(path, "misplaced-file", "files of the commons end in .yaml, not .yml", "rename it")
    return _finding(path, "misplaced-file", f"no record may stand at {_shown(path)}", layout)


def _shown(text: str) -> str:
    short = text if len(text) <= 80 else text[:79] + "…"
    return ascii(short)


def _bad_name(path: str, part: str, what: str) -> Finding:
    stem, dot, ending = part.partition(".") if what == "file" else (part, "", "")
    if is_name(stem.lower(), MAX_SLUG) or stem.lower() != stem or not stem.isascii():
        fact = f"the {what} name {_shown(part)} is not lower-case letters and digits joined by single hyphens"
    elif len(stem) > MAX_SLUG:
        fact = f"the {what} name {_shown(part)} is longer than {MAX_SLUG} characters"
    elif re.fullmatch(NAME, stem):
        fact = f"the {what} name {_shown(part)} is a device name on Windows"
    else:
        fact = f"the {what} name {_shown(part)} is not lower-case letters and digits joined by single hyphens"
    better = suggest_name(stem)[:MAX_SLUG].strip("-")
    ending = ending.lower() if re.fullmatch(r"[A-Za-z0-9.]*", ending) else ""
    hint = f"rename it, for instance to {better}{dot if ending else ''}{ending}"
    return _finding(path, "bad-path", fact, hint if is_name(better, MAX_SLUG) else "rename it")


def _media_finding(path: str, name: str) -> Finding | None:
    ending = name.rpartition(".")[2].lower()
    if ending in _HTML:
        return _finding(
            path,
            "active-content",
            f".{ending} files can carry scripts and are not published",
            "convert the picture to PNG or WebP" if ending.startswith("svg") else "remove it",
        )
    if ending in MEDIA_TYPES:
        stem = suggest_name(name[: -len(ending) - 1])
        return _finding(
            path,
            "bad-path",
            f"the file name {_shown(name)} is not lower-case words joined by hyphens, at most 100 characters",
            f"rename it, for instance to {stem}.{ending}" if is_name(stem, MAX_SLUG) else "rename it",
        )
    if name == "index.md":
        return None
    return _finding(
        path,
        "misplaced-file",
        f"{_shown(name)} is neither an article's text nor one of its media",
        f"media may end in {', '.join(MEDIA_TYPES)}; longer works belong in index.md",
    )
