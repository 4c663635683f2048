"""Manual pages in roff, written from the command reference ``docs/cli.md`` and from nothing else.

    python tools/man_pages.py docs/cli.md build/man

The reference is made from the program's own help, and a test keeps it current; so are these pages. They are
made when a wheel is built (``hatch_build.py``) and need no library: neither the program nor what it depends
on has to be installed. ``newsrepo.1`` holds what is common to all verbs, ``newsrepo-VERB.1`` one verb.
"""

import re
import shutil
import sys
import textwrap
from pathlib import Path
from typing import NamedTuple

_HELP = re.compile(r"```text\n(.*?)```\n", re.DOTALL)
_INLINE = re.compile(r"`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]*)\]\([^)]*\)")
_ROW = re.compile(r"  (\S+(?: \S+)*)(?: {2,}(.*))?$")


class Help(NamedTuple):
    """The parts of one command's help."""

    usage: str
    paragraphs: list[str]
    lists: list[tuple[str, list[tuple[str, str]]]]  # title, rows of term and text
    example: str


def manual(reference: str, version: str) -> dict[str, str]:
    """File name -> page. ``reference`` is the text of ``docs/cli.md``."""
    intro, _, rest = reference.partition("\n## Global options\n")
    parts = re.split(r"^### newsrepo (\S+)\n", rest, flags=re.MULTILINE)
    verbs = dict(zip(parts[1::2], parts[2::2], strict=True))
    found = {"newsrepo.1": _front(intro, parts[0], list(verbs), version)}
    found |= {f"newsrepo-{verb}.1": _verb(verb, text, version) for verb, text in verbs.items()}
    return {
        name: re.sub(r"^(\.S[HS] .*\n)\.PP\n", r"\1", page, flags=re.MULTILINE)
        for name, page in found.items()
    }


def parsed(text: str) -> Help:
    """The help of one command, as click lays it out: usage, text two columns in, lists under a title."""
    usage, paragraphs, lists, example = "", [], [], ""
    for block in re.split(r"\n\n+", text.strip("\n")):
        lines = block.split("\n")
        whole = " ".join(" ".join(lines).split())
        if whole.startswith("Usage: "):
            usage = whole.removeprefix("Usage: ")
        elif whole.startswith("Example: "):
            example = whole.removeprefix("Example: ")
        elif lines[0].endswith(":") and not lines[0].startswith(" "):
            lists.append((lines[0][:-1], _rows(lines[1:])))
        else:
            paragraphs.append(whole)
    return Help(usage, paragraphs, lists, example)


def _rows(lines: list[str]) -> list[tuple[str, str]]:
    rows: list[list[str]] = []
    for line in lines:
        begun = _ROW.match(line)
        if begun:
            rows.append([begun[1], begun[2] or ""])
        else:
            rows[-1][1] += " " + line.strip()
    return [(term, " ".join(text.split())) for term, text in rows]


def _front(intro: str, text: str, verbs: list[str], version: str) -> str:
    told, _ = _split(text)
    what = told.paragraphs[0]
    parts = [_head("newsrepo", what, told, version), _texts(told.paragraphs)]
    for title, rows in told.lists:
        parts.append(_section(title))
        if title == "Options":
            parts.append(_list(rows))
        else:
            parts.append(_list([(f"newsrepo-{verb}(1)", says) for verb, says in rows]))
    _, _, conventions = intro.partition("\n## ")
    parts.append(_markdown(f"## {conventions}"))
    parts.append(
        _section("See also") + _text("git(1), " + ", ".join(f"newsrepo-{verb}(1)" for verb in verbs))
    )
    return "".join(parts)


def _verb(verb: str, text: str, version: str) -> str:
    pieces = re.split(r"^#### newsrepo \S+ (\S+)\n", text.split("\n## ")[0], flags=re.MULTILINE)
    told, more = _split(pieces[0])
    parts = [_head(f"newsrepo-{verb}", told.paragraphs[0], told, version), _texts(told.paragraphs)]
    for title, rows in told.lists:
        parts.append(_section(title) + _list(rows))
    for name, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        inner, after = _split(piece)
        parts.append(
            f".SS newsrepo {verb} {_code(name)}\n" + _text(f"`{inner.usage}`") + _texts(inner.paragraphs)
        )
        parts += [_list(rows) for _, rows in inner.lists]
        if inner.example:
            parts.append(_text(f"Example: `{inner.example}`"))
        more += after
    if told.example:
        parts.append(_section("Example") + _text(f"`{told.example}`"))
    if more.strip():
        parts.append(_section("Notes") + _markdown(more))
    parts.append(_section("See also") + _text("newsrepo(1)"))
    return "".join(parts)


def _split(piece: str) -> tuple[Help, str]:
    before, help_text, after = _HELP.split(piece, maxsplit=1)
    return parsed(help_text), before.strip() + after


def _head(name: str, what: str, told: Help, version: str) -> str:
    title = _code(name.upper())
    return (
        f'.TH "{title}" 1 "" "newsrepo {_code(version)}" "newsrepo"\n.ad l\n.nh\n'
        f"{_section('Name')}{_code(name)} \\-\n{_inline(what.rstrip('.'))}\n"
        f"{_section('Synopsis')}{_text(f'`{told.usage}`')}{_section('Description')}"
    )


def _section(title: str) -> str:
    return f".SH {_escaped(title.upper())}\n"


def _texts(paragraphs: list[str]) -> str:
    return "".join(_text(paragraph) for paragraph in paragraphs)


def _text(markdown: str) -> str:
    return f".PP\n{_inline(markdown)}\n"


def _list(rows: list[tuple[str, str]]) -> str:
    return "".join(f".TP\n\\fB{_code(term)}\\fR\n{_inline(says) or chr(92) + '&'}\n" for term, says in rows)


def _markdown(text: str) -> str:
    """The few shapes that the reference is written in: headings, paragraphs, tables, lists, code."""
    done = []
    for part in re.split(r"^(```\w*\n.*?^```\n)", text, flags=re.MULTILINE | re.DOTALL):
        if part.startswith("```"):
            code = "\n".join(f"\\&{_code(line)}" for line in part.split("\n")[1:-2])
            done.append(f".PP\n.RS 4\n.nf\n{code}\n.fi\n.RE\n")
            continue
        for block in re.split(r"\n\n+", part.strip("\n")):
            if block.startswith("## "):
                title, _, rest = block[3:].partition("\n")
                done.append(_section(title) + (_text(rest) if rest else ""))
            elif block.startswith("|"):
                cells = [
                    [cell.strip() for cell in row.strip("|").split("|")] for row in block.split("\n")[2:]
                ]
                done.append(_list([(first, " ".join(others)) for first, *others in cells]))
            elif block.startswith("- "):
                items = re.split(r"^- ", block, flags=re.MULTILINE)[1:]
                done.append("".join(f".IP \\(bu 2\n{_inline(item)}\n" for item in items))
            elif block:
                done.append(_text(block))
    return "".join(done)


def _inline(markdown: str) -> str:
    """One paragraph in lines of at most 79 characters; code and what is bold, bold; links by their words."""
    lines = textwrap.wrap(
        _marked(" ".join(markdown.split())), 77, break_long_words=False, break_on_hyphens=False
    )
    return "\n".join(f"\\&{line}" if line.startswith((".", "'")) else line for line in lines)


def _marked(flat: str) -> str:
    done, at = [], 0
    for mark in _INLINE.finditer(flat):
        done.append(_escaped(flat[at : mark.start()]))
        code, bold, words = mark.groups()
        done.append(
            f"\\fB{_code(code)}\\fR" if code else f"\\fB{_escaped(bold)}\\fR" if bold else _inline(words)
        )
        at = mark.end()
    return "".join([*done, _escaped(flat[at:])])


def _code(text: str) -> str:
    return _escaped(text, code=True)


def _escaped(text: str, *, code: bool = False) -> str:
    """Text that roff prints as it stands; in code a hyphen and an apostrophe are those that are typed."""
    text = text.replace("\\", "\\e")
    if code:
        text = text.replace("-", "\\-").replace("'", "\\(aq")
    return re.sub(r"[^\x00-\x7f]", lambda found: f"\\[u{ord(found[0]):04X}]", text)


def main(source: str, folder: str) -> None:
    """Write all pages into ``folder``, in place of the ones that were there."""
    package = Path(__file__).parents[1] / "newsrepo/__init__.py"
    (version,) = re.findall(r'^__version__ = "([^"]+)"', package.read_text("utf-8"), re.MULTILINE)
    target = Path(folder)
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for name, page in manual(Path(source).read_text("utf-8"), version).items():
        (target / name).write_text(page, encoding="ascii")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
