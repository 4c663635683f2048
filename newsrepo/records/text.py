"""The text gate: bytes become text only when nothing in them can deceive a reader, a parser or a terminal."""

import re
import unicodedata

from msgspec import Struct

MAX_TEXT = 1 << 20
"""The largest text of any kind, in bytes."""

MAX_FRONT = 64 << 10
"""The largest front matter, in bytes, its two marker lines not counted."""

# C0 but TAB and LF, DEL, C1, line and paragraph separators, explicit bidirectional controls, the byte order
# mark, interlinear annotations, noncharacters, and surrogates (which only an escape can bring in). The
# implicit marks U+200E, U+200F and U+061C stay: right-to-left text needs them and they reorder nothing.
_NONCHARACTERS = "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17))
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufdd0-\ufdef\ud800-\udfff"
    + _NONCHARACTERS
    + "]"
)

_CONTROLS = bytes(n for n in range(32) if n not in (9, 10)) + b"\x7f"
_ASCII = bytes(range(128))
# The forbidden characters beyond ASCII, in UTF-8.
_FORBIDDEN_BYTES = re.compile(
    rb"\xc2[\x80-\x9f]|\xe2(?:\x80[\xa8-\xae]|\x81[\xa6-\xa9])"
    rb"|\xef(?:\xb7[\x90-\xaf]|\xbb\xbf|\xbf[\xb9-\xbb\xbe\xbf])|[\xf0-\xf4][\x8f\x9f\xaf\xbf]\xbf[\xbe\xbf]"
)


MAX_FAULTS = 1000
"""How many faults of one file are told; what is beyond is at most counted."""


class TextFault(Struct, frozen=True):
    """What is wrong with a text at one place; ``offset`` counts characters from its start."""

    rule: str
    offset: int
    message: str
    hint: str


def is_clean(text: str) -> bool:
    """Whether ``text`` holds no forbidden character and is in normal form C."""
    return FORBIDDEN.search(text) is None and (text.isascii() or unicodedata.is_normalized("NFC", text))


def decode_clean(data: bytes) -> str | None:
    """The text of ``data`` if it passes the gate whole, else None; the quick answer for the usual file."""
    if len(data) > MAX_TEXT or len(data.translate(None, _CONTROLS)) != len(data):
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if len(text) == len(data):
        return text
    # Without its ASCII the text is short; its other characters stay whole, so none can appear by accident.
    if _FORBIDDEN_BYTES.search(data.translate(None, _ASCII)) is not None:
        return None
    return text if unicodedata.is_normalized("NFC", text) else None


def _name_of(char: str) -> tuple[str, str, str]:
    """The rule, the fact and the way out for one forbidden character."""
    code = ord(char)
    shown = f"U+{code:04X}"
    if char == "\r":
        return (
            "carriage-return",
            "a carriage return (CR) stands in the text",
            "save the file with LF line endings; with git: `* text=auto eol=lf` in .gitattributes",
        )
    if char == "\ufeff":
        return (
            "byte-order-mark",
            f"a byte order mark ({shown}) stands in the text",
            "save the file as UTF-8 without BOM",
        )
    if 0xD800 <= code <= 0xDFFF:
        return ("surrogate", f"{shown} is half of a character", "write the whole character")
    if 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069:
        return (
            "bidi-control",
            f"{shown} changes the direction of the text around it",
            "remove it; right-to-left text needs no such control here",
        )
    if code in (0x2028, 0x2029):
        return ("control-character", f"{shown} is a line separator", "use an ordinary line break")
    if unicodedata.category(char) == "Cn":
        return ("noncharacter", f"{shown} is not a character", "remove it")
    return ("control-character", f"the control character {shown} stands in the text", "remove it")


def character_fault(char: str, offset: int = 0) -> TextFault:
    """The fault of one forbidden character."""
    rule, message, hint = _name_of(char)
    return TextFault(rule, offset, message, hint)


def text_faults(text: str) -> list[TextFault]:
    """Every fault of ``text``; carriage returns are told once, with their count."""
    faults: list[TextFault] = []
    returns = text.count("\r")
    told = False
    for match in FORBIDDEN.finditer(text):
        fault = character_fault(match[0], match.start())
        if match[0] == "\r":
            if told:
                continue
            told = True
            more = f" ({returns} of them in this file)" if returns > 1 else ""
            fault = TextFault(fault.rule, fault.offset, fault.message + more, fault.hint)
        faults.append(fault)
        if len(faults) > MAX_FAULTS:
            break
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        faults.append(_not_nfc(text))
    return faults


def _not_nfc(text: str) -> TextFault:
    """Point at the first line, and in it the first character, where normal form C differs."""
    start = 0
    for line in text.split("\n"):
        normal = unicodedata.normalize("NFC", line)
        if normal != line:
            col = next((i for i, (a, b) in enumerate(zip(line, normal, strict=False)) if a != b), len(normal))
            shown = line[col : col + 2]
            return TextFault(
                "not-nfc",
                start + col,
                f"the text is not in Unicode normal form C, first at {shown!a}",
                f"write {unicodedata.normalize('NFC', shown)!a} there: most editors can convert to NFC",
            )
        start += len(line) + 1
    return TextFault("not-nfc", 0, "the text is not in Unicode normal form C", "convert the file to NFC")


def decode(data: bytes) -> tuple[str, list[TextFault]]:
    """The text of ``data`` as far as it can be read, and every fault of its bytes.

    Forbidden characters are replaced one by one (CR LF becomes LF), so that what follows keeps its line and
    the rest of the file can still be looked at. The text is empty when nothing can be made of it.
    """
    if len(data) > MAX_TEXT:
        fact = f"the file has {len(data)} bytes, more than {MAX_TEXT} (1 MiB)"
        return "", [TextFault("text-too-large", 0, fact, "split it into several files")]
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or _looks_utf16(data):
        return "", [
            TextFault("not-utf-8", 0, "the file is UTF-16 (byte 0), not UTF-8", "save the file as UTF-8")
        ]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        fact = f"byte {error.start} (0x{data[error.start]:02x}) is not UTF-8"
        fault = TextFault("not-utf-8", len(before), fact, "save the file as UTF-8")
        # Go on with the readable part's places kept, so that other faults are told in the same run.
        text = data.decode("utf-8", "replace")
        return _mend(text), [fault, *text_faults(text)]
    return _mend(text), text_faults(text)


def _mend(text: str) -> str:
    text = text.removeprefix("\ufeff")
    return FORBIDDEN.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def _looks_utf16(data: bytes) -> bool:
    head = data[:64]
    return (
        len(head) >= 4
        and (head[1::2].count(0) > len(head) // 4 or head[0::2].count(0) > len(head) // 4)
        and b"\x00\x00" not in head
    )


def line_col(text: str, offset: int) -> tuple[int, int]:
    """The line and column of a character offset, both from 1."""
    start = text.rfind("\n", 0, offset) + 1
    return text.count("\n", 0, start) + 1, offset - start + 1
