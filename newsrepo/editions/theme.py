"""The theme: templates compiled once, one escaping producer of HTML, and one digest over it all.

A publisher may put templates of their own in the place of some. They are the publisher's own files, never a
fork's; all the same they run in a sandbox, and a fault in one is told with its line.
"""

import hashlib
import re
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

import newsrepo
from newsrepo.editions.compiled import Compiled
from newsrepo.errors import NewsrepoError, UnableError
from newsrepo.gitstore.files import read_plain

TOP = "\x00"
"""Stands in rendered HTML for the way back to the top of the edition, until a page's own is put in.

Templates write it as ``{{ top }}``, which is filled in when they are read: some forty times a page, escaping
it anew would cost more than all the rest.
"""

_META, _MAIN = "\x01", "\x02"
"""Stand in a rendered shell for what differs from page to page; no text holds them."""

_INLAY = "\x03"
"""Stands before and after the number of an inlay; no text holds it."""

_WEB = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x20\x7f\"'<>\\]+")
_OWN = re.compile(r"(?:\x00|(?:\.\./)*)[A-Za-z0-9][A-Za-z0-9._/-]*(?:#[a-z0-9-]+)?|#[a-z0-9-]+|\x00")


def find_templates() -> Path:
    """Where the theme lies: inside the installed package, or beside it in a checkout."""
    package = Path(newsrepo.__file__).parent
    for folder in (package / "_templates", package.parent / "templates"):
        if (folder / "style.css").is_file():
            return folder
    raise UnableError("the theme's files are missing", "install newsrepo again")


def safe_url(address: str) -> str:
    """``address`` if it is a web or mail address or one of our own; ``#`` otherwise."""
    return address if _WEB.fullmatch(address) or _OWN.fullmatch(address) else "#"


class Shell(NamedTuple):
    """A page without its text: what stands before its title, between that and its text, and after it."""

    way: str
    head: bytes
    middle: bytes
    end: bytes

    def page(self, meta: Markup, main: Markup, inlays: "Inlays | None" = None) -> bytes:
        """The whole page, with the ``inlays`` that its text has marks for."""
        pieces = inlays.fill(main) if inlays is not None else [main]
        html = [str.replace(piece, TOP, self.way).encode() for piece in pieces]
        return b"".join((self.head, meta.encode(), self.middle, *html, self.end))


class Inlays:
    """The long parts of one page, put in when all else of it stands.

    A template gets a mark in the place of each: so a long text is not copied from part to whole to page, and
    is not made twice as wide in memory by a single odd character elsewhere. A publisher's own template gets
    the part itself, as it may do with it whatever it wants.
    """

    def __init__(self, theme: "Theme") -> None:
        self._whole = bool(theme.own)
        self._parts: list[str] = []

    def put(self, part: Markup) -> Markup:
        """What stands for ``part`` in a template; for nothing, nothing."""
        if self._whole or not part:
            return part
        self._parts.append(part)
        return Markup(f"{_INLAY}{len(self._parts) - 1}{_INLAY}")  # noqa: S704 - a mark of ours and a number

    def fill(self, html: str) -> list[str]:
        """``html`` in pieces, each mark replaced by its part."""
        pieces = str.split(html, _INLAY)
        pieces[1::2] = [self._parts[int(number)] for number in pieces[1::2]]
        return pieces


ENDINGS = (".html", ".css", ".svg")
LARGEST = 1 << 20
"""Bytes of one template."""


class Theme:
    """Renders pages and parts of pages. ``digest`` covers every byte of every file of the theme.

    ``own`` are the files that stand in the place of others or beside them, each with its SHA-256; none in
    the theme that comes with the program. Raises UnableError for a file of them that cannot be read, that
    takes nothing's place, or that is no template, with its line.
    """

    def __init__(self, folder: Path, over: Path | None = None) -> None:
        files = sorted(p for p in folder.iterdir() if p.suffix in ENDINGS)
        self.sources = {path.name: path.read_bytes() for path in files}
        mine = _overriding(over, self.sources) if over is not None else {}
        self.own = {name: hashlib.sha256(data).hexdigest() for name, data in mine.items()}
        self.sources = dict(sorted({**self.sources, **mine}.items()))
        whole = hashlib.blake2b(digest_size=16)
        for name, data in self.sources.items():
            whole.update(b"%s\x00%d\x00%s" % (name.encode(), len(data), data))
        self.digest = whole.digest()
        self.style = self.sources["style.css"].decode()
        self.icon = self.sources["icon.svg"]
        make = ImmutableSandboxedEnvironment if mine else jinja2.Environment
        self._env = make(
            loader=jinja2.DictLoader(
                {
                    n: d.decode().replace("{{ top }}", TOP)
                    for n, d in self.sources.items()
                    if n.endswith(".html")
                }
            ),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=-1,
            # Compiling takes a tenth of a second, a fifth of what it takes to bring one article up to date.
            bytecode_cache=None if mine else Compiled(folder / "__pycache__"),
        )
        self._env.filters["safe_url"] = safe_url
        self._env.globals.clear()
        self._made: dict[str, jinja2.Template] = {}
        for name in mine:
            if name.endswith(".html"):
                self._template(name.removesuffix(".html"))

    def html(self, name: str, /, **values: Any) -> Markup:
        """The template ``name`` with ``values`` escaped into it. Not a whole page: see ``shell``."""
        template = self._made.get(name) or self._template(name)
        try:
            # ``Template.render`` would copy the values twice.
            parts = template.root_render_func(template.new_context(values, shared=True))
            return Markup("".join(parts))  # noqa: S704 - the output of an escaping template
        except Exception as error:
            if not self.own or isinstance(error, NewsrepoError):
                raise
            raise _fault(*_where(error, f"{name}.html"), error) from error

    def _template(self, name: str) -> jinja2.Template:
        try:
            made = self._made[name] = self._env.get_template(f"{name}.html")
        except jinja2.TemplateSyntaxError as error:
            if not self.own:
                raise
            raise _fault(error.name or f"{name}.html", error.lineno, error) from error
        return made

    def shell(self, way: str, **values: Any) -> Shell:
        """What stands around the text of all pages of one kind and depth; ``way`` leads back to the top."""
        html = str(self.html("page", **values, meta=_META, main=_MAIN))
        head, _, rest = html.replace(TOP, way).partition(_META)
        middle, _, end = rest.partition(_MAIN)
        return Shell(way, head.encode(), middle.encode(), end.encode())


def _overriding(folder: Path, known: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of a publisher's own, by name; each takes a known one's place, or begins with ``_``."""
    found: dict[str, bytes] = {}
    for path in sorted(folder.iterdir()):
        name = path.name
        if path.suffix not in ENDINGS:
            continue
        if name not in known and not name.startswith("_"):
            near = get_close_matches(name, known, 1)
            hint = f"did you mean {near[0]}? " if near else ""
            raise UnableError(
                f"templates/{name}:1:1: no template of this name is used",
                f"{hint}A part that your own templates include begins with _",
            )
        try:
            data = read_plain(path, LARGEST)
            data.decode()
        except (OSError, UnicodeDecodeError) as error:
            told = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            raise UnableError(
                f"templates/{name}:1:1: it cannot be read: {told}", "mend it, or remove it"
            ) from error
        if data != known.get(name):
            found[name] = data
    return found


def _where(error: Exception, name: str) -> tuple[str, int]:
    """The innermost template and its line in which an error came up; ``name`` where none can be told."""
    line = 1
    step = error.__traceback__
    while step is not None:
        template = step.tb_frame.f_globals.get("__jinja_template__")
        if isinstance(template, jinja2.Template):
            name, line = template.name or name, template.get_corresponding_lineno(step.tb_lineno)
        step = step.tb_next
    return name, line


def _fault(name: str, line: int, error: Exception) -> UnableError:
    said = " ".join(str(error).split())
    return UnableError(
        f"templates/{name}:{line}:1: {said or type(error).__name__}",
        "mend the template, or build with --theme default",
    )


@cache
def default_theme() -> Theme:
    """The theme that comes with the program, read once."""
    return Theme(find_templates())
