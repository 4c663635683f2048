"""The search of an edition: a page, its script, and an index for each year that Pagefind makes.

Pagefind is given one small page for each article, written here: nothing of an article is markup in it. What
it makes is kept until an article of that year, or its version, changes.
"""

import hashlib
import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from markupsafe import escape

from newsrepo.editions import markdown, names
from newsrepo.editions.page import Page
from newsrepo.editions.parts import CODE, digest
from newsrepo.editions.plain import plain_text
from newsrepo.editions.theme import find_templates
from newsrepo.errors import UnableError
from newsrepo.gitstore.files import read_plain, write_atomic
from newsrepo.ids import ArticleId
from newsrepo.records.body import body_text

if TYPE_CHECKING:
    from newsrepo.commons.model import Work
    from newsrepo.editions.edition import Edition
    from newsrepo.editions.publish import Texts

PATH = "search/index.html"
SCRIPT = "search/search.js"
KIND = "listing search"
"""The kind of the page, whose policy lets the script run; no other page's does."""
SHEET = "search/search.css"

FILTERS = (("topic", "Topic"), ("author", "Author"), ("contingent", "Contingent"))
SECONDS = 900.0
"""How long one year's index may take to make."""

_WANTED = re.compile(
    r"pagefind\.js|pagefind-worker\.js|pagefind-entry\.json|wasm\.[a-z]+\.pagefind|[A-Za-z0-9._-]+\.pf_meta"
    r"|(?:fragment|index|filter)/[A-Za-z0-9._-]+"
)
"""The files of an index that a search reads; Pagefind's own pages and styles are not among them."""
_DENSE = re.compile("([\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])")
_ISO = re.compile(r"[a-z]{2,3}")

Files = Mapping[str, bytes]


class _Kept(msgspec.Struct, frozen=True):
    key: bytes
    files: dict[str, bytes]


class Finder:
    """Keeps each year's index in ``folder`` (None: for this run alone) and makes those that changed.

    ``texts`` gives the articles' own files by version.
    """

    def __init__(self, folder: Path | None, texts: "Texts") -> None:
        self._folder = folder
        self.texts = texts

    def files(self, year: str, key: bytes, make: Callable[[], dict[str, bytes]]) -> Files:
        """The index of a year, made anew where ``key`` is another than that of the one kept."""
        path = None if self._folder is None else self._folder / year
        if path is not None:
            found = _load(path)
            if found is not None and found.key == key:
                return found.files
        made = make()
        if path is not None:
            body = msgspec.msgpack.encode(_Kept(key, made))
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                write_atomic(path, hashlib.sha256(body).digest() + body)
            except (OSError, UnableError):
                pass  # it is made again next time
        return made


def _load(path: Path) -> _Kept | None:
    try:
        data = read_plain(path, 1 << 30)
    except OSError:
        return None
    if hashlib.sha256(data[32:]).digest() != data[:32]:
        return None
    try:
        return msgspec.msgpack.decode(data[32:], type=_Kept)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None


def tool() -> str:
    """Pagefind with its version, or empty where the extra ``search`` is not installed."""
    try:
        return f"pagefind {version('pagefind_bin')}"
    except PackageNotFoundError:
        return ""


class _Year(NamedTuple):
    name: str
    works: tuple[ArticleId, ...]
    key: bytes


def search_pages(edition: "Edition") -> Iterator[Page]:
    """The page, the script and every file of the indexes; nothing for an edition without a search."""
    finder = edition.ctx.finder
    if not edition.has_search or finder is None:
        return
    from newsrepo.editions import bundle

    tools = (tool(), bundle.tool())
    years = tuple(_years(edition))
    yield _page(edition, tuple(year.name for year in reversed(years)))
    script = (find_templates() / "search.js").read_bytes()
    yield Page(SCRIPT, digest(b"search script", script), (), lambda _: script)
    sheet = edition.theme.sources["search.css"]
    yield Page(SHEET, digest(b"search sheet", sheet), (), lambda _: sheet)
    for year in years:
        index = finder.files(year.name, year.key, partial(_make, edition, year))
        for path in sorted(index):
            yield Page(
                f"search/{year.name}/{path}",
                digest(b"search index", year.key, path.encode()),
                (),
                partial(_given, index, path),
                derived=tools,
            )


def _given(index: Files, path: str, _: object) -> bytes:
    return index[path]


def _page(edition: "Edition", years: tuple[str, ...]) -> Page:
    key = digest(edition.base, b"search", " ".join(years).encode())

    def render(_: object) -> bytes:
        head = [room for room in edition.rooms if room.href.endswith("/index.html") and room.href != PATH]
        links = [room for room in head if room.href.partition("/")[0] in _LISTS]
        main = edition.theme.html("search", years=" ".join(years), links=links, filters=FILTERS)
        script = edition.theme.html("search_script")
        return edition.page(PATH, KIND, "Search", main, head=script)

    return Page(PATH, key, (), render)


_LISTS = ("archive", "topics", "places", "authors", "contingents")


def _years(edition: "Edition") -> Iterator[_Year]:
    """The years with printed works, oldest first, each with a key for all that its index holds."""
    by_year: dict[str, list[ArticleId]] = {}
    for work_id in edition.listed:
        by_year.setdefault(f"{edition.works[work_id].date.day.year:04d}", []).append(work_id)
    for name in sorted(by_year):
        works = tuple(by_year[name])
        facts = repr([_facts(edition, work_id) for work_id in works])
        yield _Year(name, works, digest(CODE, _language(edition).encode(), tool().encode(), facts.encode()))


def _facts(edition: "Edition", work_id: ArticleId) -> tuple[object, ...]:
    work = edition.works[work_id]
    return (work_id, work.version, str(work.date), *_shown(edition, work))


def _shown(edition: "Edition", work: "Work") -> tuple[object, ...]:
    """What the index says of a work besides its text."""
    authors = tuple(edition.harmless(author.name, "") for author in work.authors)
    return work.title, work.lang, work.summary, work.topics, authors, edition.signed(work.owner)


def _language(edition: "Edition") -> str:
    """The one language by whose endings words are matched: the edition's."""
    lang = edition.lang.partition("-")[0].lower()
    return lang if _ISO.fullmatch(lang) else "en"


def _make(edition: "Edition", year: _Year) -> dict[str, bytes]:
    """A year's index. Raises UnableError when Pagefind cannot make it."""
    from newsrepo.editions.bundle import ordered

    finder = edition.ctx.finder
    assert finder is not None  # noqa: S101 - search_pages asked
    works = [edition.works[work_id] for work_id in year.works]
    with tempfile.TemporaryDirectory(prefix="newsrepo-search-") as folder:
        site, out = Path(folder) / "site", Path(folder) / "index"
        texts = finder.texts(work.version for work in works)
        for work, (_, data) in zip(works, texts, strict=True):
            path = site / names.article_page(work.id)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_stub(edition, work, body_text(data) or ""), encoding="utf-8")
        _run(site, out, _language(edition), folder)
        return ordered(dict(_collected(out)))


def _collected(out: Path) -> Iterator[tuple[str, bytes]]:
    for folder, _, files in os.walk(out):
        for name in files:
            path = Path(folder) / name
            inside = path.relative_to(out).as_posix()
            if _WANTED.fullmatch(inside):
                yield inside, path.read_bytes()


def _run(site: Path, out: Path, lang: str, folder: str) -> None:
    from pagefind_bin import get_executable

    command = [
        os.fspath(get_executable()), "--site", os.fspath(site), "--output-path", os.fspath(out),
        "--force-language", lang, "--keep-index-url", "--silent",
    ]  # fmt: skip
    try:
        done = subprocess.run(  # noqa: S603 - the tool of a locked package, on files of our own
            command, cwd=folder, env={"LC_ALL": "C"}, capture_output=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UnableError(f"pagefind could not index the articles: {error}", _WAY_OUT) from error
    if done.returncode or not out.is_dir():
        said = (done.stderr or done.stdout).decode("utf-8", "replace").strip().splitlines()
        raise UnableError(
            f"pagefind could not index the articles: {said[-1] if said else 'no word'}", _WAY_OUT
        )


_WAY_OUT = "build without the search: take `search` out of the filter's `edition: formats:`"


def _stub(edition: "Edition", work: "Work", body: str) -> str:
    """An article as Pagefind is shown it."""
    made = markdown.render(body, {}, lambda *_: markdown.Resolved(""))
    text = body if made.fault else plain_text(made.html)
    authors = [a for a in (edition.harmless(author.name, "") for author in work.authors) if a]
    signature = edition.signed(work.owner)
    said = [
        *(_mark("filter", "topic", names.topic_text(topic)) for topic in work.topics),
        *(_mark("filter", "author", author) for author in authors),
        _mark("filter", "contingent", signature),
        _mark("sort", "date", str(work.date.at)),
        _mark("meta", "date", str(work.date)),
        _mark("meta", "day", names.moment_text(work.date)),
        _mark("meta", "by", ", ".join([*authors, signature])),
        _mark("meta", "lang", work.lang),
        _mark("meta", "title", work.title),
    ]
    return (
        f'<!DOCTYPE html><html lang="{_language(edition)}"><head><title>x</title></head>'
        f"<body data-pagefind-body>{''.join(said)}<h1>{_text(work.title)}</h1>\n"
        f'<p data-pagefind-weight="3">{_text(work.summary)}</p>\n{_paragraphs(text)}</body></html>\n'
    )


def _mark(kind: str, name: str, value: str) -> str:
    return f'<span data-pagefind-{kind}="{name}[data-v]" data-v="{escape(value)}"></span>'


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{_text(part)}</p>\n" for part in text.split("\n\n"))


def _text(text: str) -> str:
    """Escaped; signs of writing without blanks stand apart, as the page's script asks for them."""
    return str(escape(_DENSE.sub(r" \1 ", text)))
