"""The paper of an edition whose filter asks for one: a newspaper as PDF beside the pages.

Setting pages takes seconds, so the PDF is kept until the commons, the filter, the day, a font or a tool is
another. A paper that cannot be made stops no edition: its publisher is told why it has none.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec
from msgspec.structs import replace

from newsrepo.editions.context import Context
from newsrepo.editions.page import Page
from newsrepo.editions.parts import CODE, digest
from newsrepo.editions.publish import Texts
from newsrepo.editions.rooms import PAPER
from newsrepo.errors import NewsrepoError, UnableError
from newsrepo.gitstore.files import read_plain, write_atomic
from newsrepo.location import Finding, Location, Severity
from newsrepo.records import types as t

PAGES = 8
"""How many pages a paper has at most, as with ``newsrepo print``."""

_TOOLS = ("typst", "segno", "fonttools")


class Newspaper(msgspec.Struct, frozen=True):
    """A paper and the tools and fonts that made it. Without a ``pdf`` there is none, and ``findings`` say
    why; with one they name what it leaves out for want of a glyph."""

    pdf: bytes
    tools: tuple[str, ...]
    findings: tuple[Finding, ...]


class _Kept(msgspec.Struct, frozen=True):
    key: bytes
    paper: Newspaper


def newspaper(
    ctx: Context, texts: Texts, kept: Path | None, folders: Sequence[Path] | None = None
) -> Newspaper | None:
    """The paper of an edition; None where its filter asks for none, or where nothing is printed.

    It is remembered in the file ``kept`` (None: not at all). Fonts are those in ``folders``, by default where
    the system keeps them.
    """
    if t.Format.PRINT not in ctx.filter.edition.formats or not ctx.selection.items:
        return None
    versions = _versions()
    if not versions:
        return _none(ctx, "the extra `print` is not installed", "install it: pip install 'newsrepo[print]'")
    from newsrepo.editions.paper.faces import default_folders

    folders = default_folders(None) if folders is None else folders
    key = digest(CODE, _code(), repr((versions, _facts(ctx), list(_fonts(folders)))).encode())
    found = _load(kept) if kept is not None else None
    if found is not None and found.key == key:
        return found.paper
    made = _make(ctx, texts, folders, versions)
    if kept is not None:
        _save(kept, _Kept(key, made))
    return made


def newspaper_pages(ctx: Context) -> Iterator[Page]:
    """The paper as a file of the edition, if it has one."""
    paper = ctx.paper
    if paper is not None and paper.pdf:
        key = digest(b"newspaper", hashlib.sha256(paper.pdf).digest())
        yield Page(PAPER, key, (), lambda _: paper.pdf, paper.tools)


def _make(ctx: Context, texts: Texts, folders: Sequence[Path], versions: tuple[str, ...]) -> Newspaper:
    from newsrepo.editions.paper.faces import Faces
    from newsrepo.editions.paper.paper import print_edition
    from newsrepo.editions.paper.sheets import Kind, Stock

    try:
        faces = Faces(folders)
        made = print_edition(ctx, texts, kind=Kind.NEWSPAPER, pages=PAGES, stock=Stock.A4, faces=faces)
        fonts = tuple(faces.versions(made.fonts))
    except NewsrepoError as error:
        return _none(ctx, error.message, error.hint or "take `print` out of `edition: formats:`")
    findings = tuple([replace(one, severity=Severity.WARNING) for one in made.findings])
    if not made.pdf:
        reason = "no font here shows all of the edition's own words"
        return Newspaper(b"", (), (*_none(ctx, reason, "install the fonts named").findings, *findings))
    return Newspaper(made.pdf, (*versions, *fonts), findings)


def _none(ctx: Context, reason: str, hint: str) -> Newspaper:
    place = Location(f"filters/{ctx.filter_id}.yaml")
    return Newspaper(
        b"",
        (),
        (Finding("no-print-edition", place, f"the edition has no paper: {reason}", hint, Severity.WARNING),),
    )


# --- what a paper depends on -----------------------------------------------------------------------


def _versions() -> tuple[str, ...]:
    """The tools with their versions; nothing where one of them is not installed."""
    try:
        return tuple([f"{name} {version(name)}" for name in _TOOLS])
    except PackageNotFoundError:
        return ()


def _code() -> bytes:
    """A digest of the program's part in it that ``CODE`` does not cover."""
    folder = Path(__file__).with_name("paper")
    parts = sorted([*folder.glob("*.py"), *folder.glob("*.typ")])
    return digest(*(path.read_bytes() for path in parts))


def _facts(ctx: Context) -> tuple[object, ...]:
    """All of the commons that a paper may show, by name: any change in it makes the paper again."""
    made = ctx.made
    votes = (made.genesis, made.follows, made.epochs) if made is not None else ()
    return (ctx.commons.key, ctx.filter_id, str(ctx.today), votes)


def _fonts(folders: Sequence[Path]) -> Iterator[tuple[str, int, int]]:
    """Every font file with its size and time, in order of path; cheaper than to read them."""
    for folder in folders:
        for top, inside, files in os.walk(folder):
            inside.sort()
            for name in sorted(files):
                path = os.path.join(top, name)
                try:
                    stat = os.stat(path)
                except OSError:
                    continue  # a link to nowhere is no font
                yield path, stat.st_size, stat.st_mtime_ns


# --- the memory ------------------------------------------------------------------------------------


def _load(path: Path) -> _Kept | None:
    """What was remembered; a damaged or foreign file counts as nothing."""
    try:
        data = read_plain(path, 1 << 30)
        if hashlib.sha256(data[32:]).digest() != data[:32]:
            return None
        return msgspec.msgpack.decode(data[32:], type=_Kept)
    except (OSError, msgspec.DecodeError, msgspec.ValidationError):
        return None


def _save(path: Path, kept: _Kept) -> None:
    body = msgspec.msgpack.encode(kept)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, hashlib.sha256(body).digest() + body)
    except (OSError, UnableError):
        pass  # it is made again next time
