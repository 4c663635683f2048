"""What earlier imports brought: records that say under ``extra: origin:`` what their source calls them."""

import os
from collections.abc import Iterator
from pathlib import Path

from newsrepo.ids import ContingentId
from newsrepo.importers.front import FrontError, yaml_value
from newsrepo.importers.planning import Known

_HEAD = 68 << 10
"""Front matter may have 64 KiB."""


def known(root: Path, owner: ContingentId) -> Known:
    """The contingent's records in the working tree, by origin, and all names that are taken."""
    articles: dict[str, tuple[str, str]] = {}
    article_names: set[str] = set()
    for year, folder in _inside(root / "articles" / owner):
        for entry in folder:
            path = f"articles/{owner}/{year}/{entry}/index.md"
            if os.path.lexists(root / path):
                article_names.add(f"{year}/{entry}")
                key, digest = _origin(root / path)
                if key:
                    articles.setdefault(key, (path, digest))
    comments: dict[str, str] = {}
    comment_names: set[str] = set()
    for year, folder in _inside(root / "comments" / owner):
        for entry in folder:
            if entry.endswith(".md"):
                path = f"comments/{owner}/{year}/{entry}"
                comment_names.add(f"{year}/{entry.removesuffix('.md')}")
                key, _ = _origin(root / path)
                if key:
                    comments.setdefault(key, path)
    return Known(
        articles=articles,
        comments=comments,
        article_names=frozenset(article_names),
        comment_names=frozenset(comment_names),
    )


def _inside(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """The years below a folder, each with the names in it, in order."""
    if folder.is_symlink() or not folder.is_dir():
        return
    for year in sorted(os.listdir(folder)):
        below = folder / year
        if len(year) == 4 and not below.is_symlink() and below.is_dir():
            yield year, sorted(os.listdir(below))


def _origin(path: Path) -> tuple[str, str]:
    """What a record says of its origin: key and digest, each empty where it says nothing that can be read."""
    if path.is_symlink() or not path.is_file():
        return "", ""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    front, _, _ = head.partition(b"\n---\n")
    _, found, extra = front.partition(b"\nextra:\n")
    if not found or b"origin:" not in extra:
        return "", ""
    rows = extra.split(b"\n")
    block = b"\n".join(
        rows[: next((i for i, row in enumerate(rows) if row[:1] not in (b" ", b"")), len(rows))]
    )
    try:
        value = yaml_value(block.decode())
    except (FrontError, UnicodeDecodeError):
        return "", ""
    told = value.get("origin") if isinstance(value, dict) else None
    if not isinstance(told, dict):
        return "", ""
    key, digest = told.get("id"), told.get("digest")
    return key if isinstance(key, str) else "", digest if isinstance(digest, str) else ""
