"""The theme: templates compiled once, one escaping producer of HTML, and one digest over it all."""

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import jinja2
from markupsafe import Markup

import newsrepo
from newsrepo.errors import UnableError

TOP = "\x00"
"""Stands in rendered HTML for the way back to the top of the edition, until a page's own is put in.

Templates write it as ``{{ top }}``, which is filled in when they are read: some forty times a page, escaping
it anew would cost more than all the rest.
"""

_META, _MAIN = "\x01", "\x02"
"""Stand in a rendered shell for what differs from page to page; no text holds them."""

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
    head: str
    middle: str
    end: str

    def page(self, meta: Markup, main: Markup) -> bytes:
        """The whole page."""
        main_html = str.replace(main, TOP, self.way)
        return "".join((self.head, meta, self.middle, main_html, self.end)).encode()


class Theme:
    """Renders pages and parts of pages. ``digest`` covers every byte of every file of the theme."""

    def __init__(self, folder: Path) -> None:
        files = sorted(p for p in folder.iterdir() if p.suffix in (".html", ".css", ".svg"))
        self.sources = {path.name: path.read_bytes() for path in files}
        whole = hashlib.blake2b(digest_size=16)
        for name, data in self.sources.items():
            whole.update(b"%s\x00%d\x00%s" % (name.encode(), len(data), data))
        self.digest = whole.digest()
        self.style = self.sources["style.css"].decode()
        self.icon = self.sources["icon.svg"]
        self._env = jinja2.Environment(
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
        )
        self._env.filters["safe_url"] = safe_url
        self._env.globals.clear()
        self._made: dict[str, jinja2.Template] = {}

    def html(self, name: str, /, **values: Any) -> Markup:
        """The template ``name`` with ``values`` escaped into it. Not a whole page: see ``shell``."""
        template = self._made.get(name)
        if template is None:
            template = self._made[name] = self._env.get_template(f"{name}.html")
        # ``Template.render`` would copy the values twice.
        parts = template.root_render_func(template.new_context(values, shared=True))
        return Markup("".join(parts))  # noqa: S704 - the output of an escaping template

    def shell(self, way: str, **values: Any) -> Shell:
        """What stands around the text of all pages of one kind and depth; ``way`` leads back to the top."""
        html = str(self.html("page", **values, meta=_META, main=_MAIN))
        head, _, rest = html.replace(TOP, way).partition(_META)
        middle, _, end = rest.partition(_MAIN)
        return Shell(way, head, middle, end)


@cache
def default_theme() -> Theme:
    """The theme that comes with the program, read once."""
    return Theme(find_templates())
