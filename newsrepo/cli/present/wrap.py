"""Prose folded to the terminal's width, wide characters counted as two cells; code stays as it is."""

import unicodedata

from newsrepo.cli.present.encode import terminal


def cells(text: str) -> int:
    """How many terminal cells ``text`` takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def prose(markdown: str, width: int) -> list[str]:
    """Markdown as encoded lines of at most ``width`` cells; code, tables and headings are not folded."""
    lines: list[str] = []
    fence = ""
    paragraph: list[str] = []

    def flush() -> None:
        if paragraph:
            lines.extend(fold(" ".join(paragraph), width))
            paragraph.clear()

    for raw in markdown.split("\n"):
        line = terminal(raw.replace("\t", "    ")).rstrip()
        bare = line.lstrip()
        if fence:
            lines.append(line)
            if bare.startswith(fence) and not bare.strip(fence[0]):
                fence = ""
            continue
        if bare.startswith(("```", "~~~")):
            flush()
            fence = bare[:3]
            lines.append(line)
        elif not bare:
            flush()
            lines.append("")
        elif bare.startswith(("#", "|", ">")) or line.startswith("    "):
            flush()
            lines.append(line)
        elif _opens_item(bare):
            flush()
            paragraph.append(line)
        else:
            paragraph.append(bare)
    flush()
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _opens_item(bare: str) -> bool:
    head, space, _ = bare.partition(" ")
    return bool(space) and (head in ("-", "*", "+") or (head[:-1].isdigit() and head[-1] in ".)"))


def fold(text: str, width: int, indent: str = "") -> list[str]:
    """``text`` in lines of at most ``width`` cells; a word longer than a line stands alone, whole."""
    lines: list[str] = []
    line = ""
    taken = 0
    for word in _pieces(text):
        size = cells(word)
        if line.strip() and taken + cells(word.rstrip()) > width:
            lines.append(line.rstrip())
            line, taken = indent, cells(indent)
            word = word.lstrip()
            size = cells(word)
        line += word
        taken += size
    if line.strip():
        lines.append(line.rstrip())
    return lines


def _pieces(text: str) -> list[str]:
    """Words with the space after them; wide characters are words of their own."""
    pieces: list[str] = []
    word = ""
    for c in text:
        if not c.isascii() and unicodedata.east_asian_width(c) in "WF":
            if word:
                pieces.append(word)
                word = ""
            pieces.append(c)
        elif c == " ":
            pieces.append(word + c)
            word = ""
        else:
            word += c
    if word:
        pieces.append(word)
    return pieces
