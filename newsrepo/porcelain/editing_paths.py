"""Where a text of the browser editor goes: the path that the editor thinks of, brought into our grammar.

The editor makes names from titles in its own way; the same path always comes out as the same place, so that
what it asks for again it finds again.
"""

import re
from hashlib import sha256

from newsrepo.errors import UsageError
from newsrepo.ids import MAX_SLUG, ContingentId, Kind, is_name
from newsrepo.location import Finding
from newsrepo.porcelain.slugs import clip, slug_of
from newsrepo.records.paths import Place, place

EDITED = frozenset([Kind.ARTICLE, Kind.COMMENT, Kind.CHALLENGE, Kind.ANSWER, Kind.RATINGS])
"""The kinds of files that the editor writes."""

_SHAPES = (
    re.compile(r"(articles/[^/]+/[0-9]{4}/)([^/]+)(/index)(?:-([0-9]{1,3}))?(\.md)"),
    re.compile(r"(challenges/[^/]+/)([^/]+)(/challenge)(?:-([0-9]{1,3}))?(\.md)"),
    re.compile(r"(comments/[^/]+/[0-9]{4}/)([^/]+)()()(\.md)"),
)
_PLAIN = re.compile(r"[^\x00-\x1f\x7f/\\]+")


def fit(path: str) -> str:
    """``path`` with a name that our grammar knows; one of no known shape stays as it is, to be refused."""
    for shape in _SHAPES:
        match = shape.fullmatch(path)
        if match is not None and match[2] not in (".", "..") and _PLAIN.fullmatch(match[2]):
            start, name, file, number, end = match.groups()
            slug = name if is_name(name, MAX_SLUG) else _slug(name)
            if number:
                slug = f"{clip(slug, MAX_SLUG - 4)}-{number}"
            return f"{start}{slug}{file}{end}"
    return path


def _slug(name: str) -> str:
    try:
        return slug_of(name.removesuffix("-"))
    except UsageError:  # a title without Latin letters: a name of its own, and always the same
        return f"text-{sha256(name.encode()).hexdigest()[:8]}"


def owned(path: str, owner: ContingentId) -> Place | None:
    """The place of a file of this contingent that the editor may touch; None for all others."""
    found = place(path)
    if isinstance(found, Finding) or found.owner != owner or found.kind not in EDITED:
        return None
    return found
