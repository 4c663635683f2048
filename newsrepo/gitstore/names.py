"""The gate that every file name passes before anything above sees it, and the words for those turned away."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from newsrepo.location import Finding, Location

MAX_BYTES = 255
"""Longest name of one file or folder: what common file systems can hold."""

_PLAIN = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,200}[a-z0-9_-])?").fullmatch
_DROPPING = re.compile(
    r"\.DS_Store|\.localized|\._.*|Thumbs\.db|[Dd]esktop\.ini|\.directory|\.nfs[0-9a-f]+"
    r"|.*~|\.#.*|#.*#|\..*\.sw[a-z]|\.newsrepo-.*\.tmp|\.git(?:keep|ignore|attributes)",
    re.DOTALL,
).fullmatch
_HIDDEN = (
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\u061c"
)
_IGNORABLE = str.maketrans("", "", _HIDDEN)
_GIT = re.compile(r"\.git|git~[0-9]+|\.gitmodules")


def escape(name: str) -> str:
    """The name with everything that could act on a reader written as an escape, and shortened."""
    shown = "".join(_shown(c) for c in name[:120])
    return shown + "…" if len(name) > 120 else shown


def _shown(char: str) -> str:
    if "\udc80" <= char <= "\udcff":
        return f"\\x{ord(char) - 0xDC00:02x}"
    if char == "\\" or not char.isprintable() or char in _HIDDEN:
        return f"\\u{{{ord(char):x}}}" if ord(char) > 0xFF else f"\\x{ord(char):02x}"
    return char


def shown_path(path: str) -> str:
    """A path safe to put into a location: each part escaped."""
    return "/".join(escape(part) for part in path.split("/"))


def is_dropping(name: str) -> bool:
    """Whether editors, desktops or git itself leave files of this name; they are passed over in silence."""
    return _PLAIN(name) is None and _DROPPING(name) is not None


def fault(name: str) -> tuple[str, str] | None:
    """What is wrong with one part of a path, as (fact, way out), or None. The name may hold surrogates."""
    if _PLAIN(name):
        return None
    rename = "rename it: letters, digits, dots and hyphens are safe everywhere"
    if name in ("", ".", ".."):
        return "is no file name", rename
    try:
        raw = name.encode("utf-8")
    except UnicodeEncodeError:
        return "is not UTF-8", rename
    if len(raw) > MAX_BYTES:
        return f"is {len(raw)} bytes long, more than {MAX_BYTES}", rename
    if _GIT.fullmatch(name.translate(_IGNORABLE).rstrip(". ").lower()):
        return "is git's own", "remove it; nothing of git's may stand among records"
    for char in name:
        if char in "/\\:":
            return f"holds {char!r}, which separates paths on some systems", rename
        if char in _HIDDEN or unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
            return f"holds the invisible character U+{ord(char):04X}", rename
    if name[0] == "-":
        return "begins with a hyphen, which programs take for an option", rename
    if name[-1] in ". ":
        return "ends in a dot or a space, which some systems drop", rename
    return None


def fold(name: str) -> str:
    """Equal for names that a file system somewhere takes for the same one."""
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKD", name).casefold())


def gate(folder: str, names: Sequence[str], source: str) -> tuple[set[str], list[Finding]]:
    """Which of one folder's names are turned away, and why.

    Of twins (names that differ only in case or Unicode form) the one in lower case stays, if there is one.
    """
    rejected: set[str] = set()
    findings: list[Finding] = []
    odd = [n for n in names if not _PLAIN(n)]
    if not odd:
        return rejected, findings
    for name in odd:
        wrong = fault(name)
        if wrong:
            rejected.add(name)
            fact, way = wrong
            place = Location(shown_path(f"{folder}/{name}" if folder else name), source=source)
            findings.append(Finding("bad-file-name", place, f'the name "{escape(name)}" {fact}', way))
    twins: dict[str, list[str]] = {}
    for name in names:
        if name not in rejected and not is_dropping(name):
            twins.setdefault(fold(name), []).append(name)
    for folded, group in sorted(twins.items()):
        if len(group) < 2:
            continue
        lost = sorted(n for n in group if n != folded)
        rejected.update(lost)
        all_of_them = " and ".join(f'"{escape(n)}" ({_codes(n)})' for n in sorted(group))
        findings.extend(
            Finding(
                "twin-names",
                Location(shown_path(f"{folder}/{name}" if folder else name), source=source),
                f"{all_of_them} are one file on many systems",
                "keep one of them, in lower-case ASCII",
            )
            for name in lost[:1]
        )
    return rejected, findings


def _codes(name: str) -> str:
    marks = [f"U+{ord(c):04X}" for c in name if not c.isascii()]
    return " ".join(marks) if marks else "ASCII"


def sift(paths: Iterable[str], source: str) -> tuple[list[str], list[Finding]]:
    """Put a flat list of paths through the gate, folder by folder: those that pass, and the findings."""
    children: dict[str, dict[str, None]] = {}
    listed = list(paths)
    for path in listed:
        rest = path
        while True:
            folder, _, name = rest.rpartition("/")
            known = children.setdefault(folder, {})
            if name in known:
                break
            known[name] = None
            if not folder:
                break
            rest = folder
    rejected: set[str] = set()
    findings: list[Finding] = []
    for folder in sorted(children):
        bad, news = gate(folder, list(children[folder]), source)
        findings += news
        rejected.update(f"{folder}/{name}" if folder else name for name in bad)
    if rejected:
        listed = [p for p in listed if not _under(p, rejected)]
        findings = [f for f in findings if f.location.path in _heads(findings)]
    return [p for p in listed if not is_dropping(p.rpartition("/")[2])], findings


def _heads(findings: list[Finding]) -> set[str]:
    """Places whose parents have no finding of their own: inside a folder turned away nothing more is said."""
    places = {f.location.path for f in findings}
    return {p for p in places if not _under(p.rpartition("/")[0], places)}


def _under(path: str, folders: set[str]) -> bool:
    while path:
        if path in folders:
            return True
        path = path.rpartition("/")[0]
    return False
