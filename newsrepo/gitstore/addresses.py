"""Where a home may be: the addresses and branches that git is told about, and whether two are one place.

Git takes far more than addresses for one: commands (``ext::``), options, local paths. This grammar is
closed, so whatever passes it is data in every place where git sees it.
"""

import re
from typing import Final, NoReturn

from msgspec import Struct

from newsrepo.errors import UsageError
from newsrepo.gitstore.names import escape

MAX_URL: Final = 400
MAX_BRANCH: Final = 100

_HOST: Final = r"(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])"
_PORT: Final = r"(?::(?P<port>[1-9][0-9]{0,4}))?"
_PATH: Final = r"[A-Za-z0-9._~%+@:,=/-]{1,300}"
_USER: Final = r"[A-Za-z0-9_][A-Za-z0-9._-]{0,63}"
_HTTP: Final = re.compile(rf"(?P<scheme>https?)://(?P<host>{_HOST}){_PORT}/(?P<path>{_PATH})")
_SSH: Final = re.compile(rf"(?P<scheme>ssh)://(?:{_USER}@)?(?P<host>{_HOST}){_PORT}/(?P<path>{_PATH})")
_SCP: Final = re.compile(rf"(?:{_USER}@)?(?P<host>{_HOST}):(?P<path>(?![:/-]){_PATH}|/(?!/){_PATH})")
_FILE: Final = re.compile(r"(?:file://)?(?P<path>/[^\n\0]*)")
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)(://|::)")
_PASSWORD: Final = re.compile(r"[^/@]*:[^/@]*@")
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_ESCAPED_CONTROL: Final = re.compile(r"%(?![2-7][0-9A-Fa-f]|[89A-Fa-f][0-9A-Fa-f])|%7[Ff]")
_LOOPBACK: Final = re.compile(r"127\.[0-9.]+|localhost|\[::1\]", re.IGNORECASE)
_BRANCH: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,99}")
_DEFAULT_PORT: Final = {"https": "443", "http": "80", "ssh": "22"}

_FORMS: Final = "write https://host/path, ssh://user@host/path or user@host:path"


class AddressError(UsageError):
    """A text is no address of a home, or no branch; the message never repeats a password in it."""


class Address(Struct, frozen=True, order=True):
    """Where a home is fetched from. An empty ``branch`` is whichever the repository's own HEAD names."""

    url: str
    branch: str = ""


def parse_address(url: str, branch: str = "", *, local: bool = False) -> Address:
    """The address, exactly as written, when git may be told about it.

    ``local`` also admits absolute paths, ``file://`` and plain http to this very machine.
    Raises AddressError.

    >>> parse_address("git@example.org:abc/news.git", "main")
    Address(url='git@example.org:abc/news.git', branch='main')
    """
    _check_url(url, local)
    if branch:
        check_branch(branch)
    return Address(url, branch)


def check_branch(name: str) -> None:
    """Raise AddressError unless ``name`` is a branch that a home may be.

    Narrower than git's own rule. Upper case is let in, since people have such branches; no name of another's
    branch becomes a ref here, so two that differ in case cannot meet in one file.
    """
    said = f'"{escape(name)}"'
    if not _BRANCH.fullmatch(name):
        raise AddressError(
            f"not a branch: {said}",
            f"write at most {MAX_BRANCH} letters, digits and any of . _ / - with a letter or digit first",
        )
    if name == "HEAD" or name.startswith("refs/"):
        raise AddressError(
            f"not the short name of a branch: {said}",
            "write it as `git branch` shows it; leave it out for the repository's own default",
        )
    for part in name.split("/"):
        if not part or part.startswith(".") or part.endswith((".", ".lock")) or ".." in part:
            raise AddressError(f"git allows no branch called {said}", "give another branch")


def is_local(url: str) -> bool:
    """Whether an address that was parsed stays on this machine."""
    match = _HTTP.fullmatch(url)
    if match:
        return match["scheme"] == "http"
    return _FILE.fullmatch(url) is not None


def shown(url: str) -> str:
    """The address fit for a message: escaped, shortened, and without what may be a password."""
    scheme = _SCHEME.match(url)
    start = scheme.end() if scheme else 0
    rest = url[start:]
    if "@" in rest:
        user, _, place = rest.rpartition("@")
        rest = f"{user}@{place}" if re.fullmatch(r"git", user) else f"…@{place}"
    rest = re.sub(r"[?#].*", "?…", rest, flags=re.DOTALL)
    return escape(url[:start] + rest)


def same_place(one: str, other: str) -> bool:
    """Whether two addresses lead to one repository, however each of them reaches it.

    >>> same_place("git@example.org:abc/news.git", "https://Example.org/abc/news")
    True
    """
    a, b = _place(one), _place(other)
    if a is None or b is None:
        return False
    return a[1:3] == b[1:3] and (a[0] != b[0] or a[3] == b[3])


def _place(url: str) -> tuple[str, str, str, str] | None:
    """(how, host, path, port) of an address; None where there is none. Users and passwords do not count."""
    bare = re.sub(r"^([a-z]+://)[^/]*@", r"\1", url)
    match = _HTTP.fullmatch(bare) or _SSH.fullmatch(bare)
    if match:
        scheme, host, path = match["scheme"], match["host"].lower(), match["path"]
        return scheme, host, _bare_path(path), match["port"] or _DEFAULT_PORT[scheme]
    match = _FILE.fullmatch(url)
    if match:
        return "file", "", _bare_path(match["path"]), ""
    match = _SCP.fullmatch(url)
    if match:
        return "ssh", match["host"].lower(), _bare_path(match["path"]), "22"
    return None


def _bare_path(path: str) -> str:
    return path.strip("/").removesuffix(".git").rstrip("/")


def _check_url(url: str, local: bool) -> None:
    odd = next((c for c in url if not c.isprintable()), "")
    if odd:
        _refuse(url, f"holds the control or invisible character U+{ord(odd):04X}", "write the address anew")
    if len(url) > MAX_URL:
        _refuse(url, f"has {len(url)} characters, more than {MAX_URL}", _FORMS)
    if url.startswith("-"):
        _refuse(url, "begins with a hyphen, as an option does", _FORMS)
    scheme = _SCHEME.match(url)
    if scheme and scheme[2] == "::":
        _refuse(url, f"names the helper {scheme[1]!r}, which may run commands", _FORMS)
    if scheme is None:
        _check_bare(url, local)
        return
    name = scheme[1]
    if name == "file":
        if not local:
            _refuse(url, "is a place on this machine", f"{_FORMS}; local places only with --allow-local")
        _check_path(url, _FILE.fullmatch(url))
        return
    if name not in ("https", "http", "git", "ssh"):
        _refuse(url, f"is reached by {name!r}, which is not taken", _FORMS)
    authority = url[scheme.end() :].partition("/")[0]
    user, at, host = authority.rpartition("@")
    if host.startswith("-"):
        _refuse(url, "has a host that begins with a hyphen, as an option does", _FORMS)
    if at and (name != "ssh" or ":" in user):
        _refuse(
            url,
            "holds a user or a password before its host",
            "leave it out: addresses are public; a home that is not public is reached by ssh",
        )
    if re.search(r"[?#]", url):
        _refuse(url, "holds a query or a fragment", "leave out all from `?` or `#` on")
    if name == "git" or (
        name == "http" and not (local and _LOOPBACK.fullmatch(re.sub(r":[0-9]*$", "", host)))
    ):
        _refuse(url, f"is reached by {name}, which anybody on the way may read and change", "use https")
    _check_path(url, (_SSH if name == "ssh" else _HTTP).fullmatch(url))


def _check_bare(url: str, local: bool) -> None:
    """An address without a scheme: ``user@host:path``, or a path."""
    if _PASSWORD.match(url):
        _refuse(url, "holds a password before its host", "leave it out: addresses are public")
    match = None if _DRIVE.match(url) else _SCP.fullmatch(url)
    if match:
        _check_path(url, match)
        return
    if not local:
        _refuse(
            url,
            "is not the address of a repository elsewhere",
            f"{_FORMS}; local paths only with --allow-local",
        )
    if not url.startswith("/"):
        _refuse(url, "is not an absolute path", "write a local path from the root: /srv/news/abc.git")
    _check_path(url, _FILE.fullmatch(url))


def _check_path(url: str, match: re.Match[str] | None) -> None:
    if match is None:
        _refuse(url, "is malformed", _FORMS)
    path = match["path"]
    if any(part in (".", "..") for part in path.split("/")):
        _refuse(url, "holds `.` or `..` in its path", "write the path out")
    if match.re is not _FILE and _ESCAPED_CONTROL.search(path):
        _refuse(url, "holds an escape for a control character", "write the address anew")
    if int(match.groupdict().get("port") or 1) > 65535:
        _refuse(url, "names a port over 65535", "see the address of the repository at its host")


def _refuse(url: str, fact: str, hint: str) -> NoReturn:
    raise AddressError(f'the address "{shown(url)}" {fact}', hint)
