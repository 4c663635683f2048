"""The text of a foreign file, piece by piece, whatever encoding it is in or only claims to be in.

What is not UTF-8 although it says so is read as windows-1252, which it then nearly always is; characters that
no XML may hold are taken out. Both are told of, once, with the line.
"""

import codecs
import re
from collections.abc import Callable, Iterator
from typing import IO

PIECE = 1 << 16
Told = Callable[[str, int, str], None]
"""Hears of a rule that was met, the line (from 1) on which, and the fact."""

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_KNOWN = re.compile(
    r"utf-?8|(?:us-)?ascii|iso-?8859-?(?:1?[0-9])|latin-?1|windows-?(?:125[0-8]|874)|cp125[0-8]|koi8-[ru]"
    r"|shift[_-]jis|euc-(?:jp|kr)|gb2312|gbk|gb18030|big5|iso-2022-jp|macintosh"
)
_STRAY = re.compile("[\udc80-\udcff]+")
_BARRED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
    "|&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01])|[xX]0*(?:[0-8bcefBCEF]|1[0-9a-fA-F]));"
)


def decoded(file: IO[bytes], told: Told) -> Iterator[str]:
    """The text in pieces that are not cut within a reference or a tag's name; line ends stay as they are."""
    head = file.read(PIECE)
    encoding, skip = _encoding(head, told)
    decoder = codecs.getincrementaldecoder(encoding)("surrogateescape" if encoding == "utf-8" else "replace")
    data = head[skip:]
    line = 1
    said: set[str] = set()
    rest = ""
    while True:
        more = file.read(PIECE) if data or head else b""
        text = rest + decoder.decode(data, final=not more)
        cut = len(text) if not more else text.rfind(">") + 1
        if more and not cut:
            cut = len(text) - 16 if len(text) > PIECE else 0
        piece, rest = text[:cut], text[cut:]
        for pattern, fact, mended in (
            (_STRAY, "bytes that are not UTF-8 were read as windows-1252", _western),
            (_BARRED, "characters that may not stand in a text were taken out", _nothing),
        ):
            found = pattern.search(piece)
            if found is not None:
                if fact not in said:
                    told(
                        "import-text-mended",
                        line + piece.count("\n", 0, found.start()),
                        f"{fact}, first here",
                    )
                    said.add(fact)
                piece = pattern.sub(mended, piece)
        line += piece.count("\n")
        if piece:
            yield piece
        if not more:
            return
        data = more


def _western(match: re.Match[str]) -> str:
    return match[0].encode("utf-8", "surrogateescape").decode("cp1252", "replace")


def _nothing(_match: re.Match[str]) -> str:
    return ""


def _encoding(head: bytes, told: Told) -> tuple[str, int]:
    """The codec and how many bytes of a mark stand before the text."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name, len(mark)
    if head[:2] in (b"<\0", b"{\0"):
        return "utf-16-le", 0
    if head[:2] in (b"\0<", b"\0{"):
        return "utf-16-be", 0
    match = _DECLARED.match(head)
    if match is None:
        return "utf-8", 0
    name = match[1].decode("ascii").lower()
    if name.startswith("utf") and name not in ("utf-8", "utf8"):
        return "utf-8", 0  # it would not begin like this if it were
    if _KNOWN.fullmatch(name) is None:
        told("import-text-mended", 1, f"the encoding {name!r} is not known; read as UTF-8")
        return "utf-8", 0
    try:
        found = codecs.lookup("cp1252" if name in ("iso-8859-1", "latin1", "latin-1") else name).name
    except LookupError:
        told("import-text-mended", 1, f"the encoding {name!r} is not known; read as UTF-8")
        return "utf-8", 0
    return ("utf-8" if found == "ascii" else found), 0
