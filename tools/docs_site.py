"""Lay out the documentation for Zensical: what ``make docs`` does before it builds.

The pages under ``docs/`` are plain Markdown that reads well on a forge. Three things are otherwise on a site,
and this module is all that knows of them: the list of pages is taken from the lists of ``docs/README.md``; a
file name after the language of a fence becomes its title; of a link to what is no page words and path stay.

    python tools/docs_site.py build/docs

writes ``mkdocs.yml``, ``pages/`` and ``theme/`` into that folder, anew.
"""

import json
import posixpath
import re
import shutil
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[1]
INDEX = "docs/README.md"
OUTSIDE = {"README.md": "tour.md", "CHANGELOG.md": "changes.md"}
"""Pages of the site that stand outside ``docs/``, and what they are called there."""

_FENCED = re.compile(r"^ *(`{3,}|~{3,})[^\n]*\n(?:.*?\n)?? *\1[`~]* *$", re.MULTILINE | re.DOTALL)
_NAMED = re.compile(r"^( *(?:`{3,}|~{3,}))(\w+) +(\S+)$", re.MULTILINE)
_LINK = re.compile(r"(`+)(?:(?!\1).)+\1|(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)", re.DOTALL)
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:|#", re.IGNORECASE)
_ENTRY = re.compile(r"- \[([^\]]+)\]\(([^)#]+)\)")


def pages() -> dict[str, str]:
    """Where each page stands in the project -> where in the site, both with slashes."""
    inside = sorted(path.relative_to(PROJECT).as_posix() for path in PROJECT.glob("docs/**/*.md"))
    return {name: name.removeprefix("docs/") for name in inside} | OUTSIDE


def laid_out(text: str, name: str, known: dict[str, str]) -> str:
    """The page ``name`` as Zensical wants it: links between ``known`` pages lead on, others are words."""
    done, at = [], 0
    for fence in _FENCED.finditer(text):
        done.append(_relinked(text[at : fence.start()], name, known))
        done.append(_NAMED.sub(r'\1 { .\2 title="\3" }', fence[0], count=1))
        at = fence.end()
    return "".join([*done, _relinked(text[at:], name, known)])


def _relinked(text: str, name: str, known: dict[str, str]) -> str:
    def relink(link: re.Match[str]) -> str:
        code, picture, words, address = link.groups()
        if code or _ABSOLUTE.match(address):
            return link[0]
        path, _, anchor = address.partition("#")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
        there = known.get(target)
        if there is None and target.startswith("docs/pictures/"):
            there = target.removeprefix("docs/")
        if there is None:
            if words.startswith("test_"):
                return f"`{target}::{words}`"
            named = posixpath.basename(target) == words.strip("`/")
            return words if named else f"{words} (`{target}`)"
        onward = posixpath.relpath(there, posixpath.dirname(known[name]) or ".")
        return f"{picture}[{words}]({onward}{'#' * bool(anchor)}{anchor})"

    return _LINK.sub(relink, text)


def navigation(index: str, known: dict[str, str]) -> list[object]:
    """The sections of the index page with their lists of pages, in the shape of ``nav`` in mkdocs.yml."""
    sections: list[object] = ["README.md"]
    for section in index.split("\n## ")[1:]:
        title, _, rest = section.partition("\n")
        entries = [
            {words: known[posixpath.normpath(posixpath.join("docs", path))]}
            for words, path in _ENTRY.findall(rest)
        ]
        sections.append({title: entries})
    return sections


def lay_out(folder: Path) -> None:
    """Write everything that Zensical reads into ``folder``."""
    known = pages()
    for part in ("pages", "theme"):
        shutil.rmtree(folder / part, ignore_errors=True)
    for name, there in known.items():
        target = folder / "pages" / there
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(laid_out((PROJECT / name).read_text("utf-8"), name, known), encoding="utf-8")
    shutil.copytree(PROJECT / "docs/pictures", folder / "pages/pictures", ignore=_pages_only)
    shutil.copytree(PROJECT / "tools/docs_theme", folder / "theme", ignore=shutil.ignore_patterns("*.css"))
    shutil.copy(PROJECT / "tools/docs_theme/extra.css", folder / "pages")
    listed = navigation((PROJECT / INDEX).read_text("utf-8"), known)
    settings = (PROJECT / "mkdocs.yml").read_text("utf-8")
    (folder / "mkdocs.yml").write_text(f"{settings}nav: {json.dumps(listed)}\n", encoding="utf-8")


def _pages_only(_folder: str, names: list[str]) -> list[str]:
    """Pages among the pictures are laid out like all others, not copied."""
    return [name for name in names if name.endswith(".md")]


if __name__ == "__main__":
    lay_out(Path(sys.argv[1]))
