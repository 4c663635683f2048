"""Who brings a change: a forge account or a repository, held against the pins of the address book.

An author is matched only with what the branch that a change is meant for says; never with the change.
Matching is exact, except that letters A to Z are taken for a to z, as forges do with account names.
"""

import re
from collections.abc import Mapping

from msgspec import Struct

from newsrepo.checks.changes import Author
from newsrepo.errors import UsageError
from newsrepo.gitstore.addresses import same_place
from newsrepo.ids import ContingentId
from newsrepo.records import types as t

FORGES = {"github.com": "github", "gitlab.com": "gitlab", "codeberg.org": "codeberg"}
"""Short names under which accounts at well-known hosts are written; any other host is its own name."""

_ACCOUNT = r"[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9_-])?(?:\[bot\])?"
_NAMESPACE = rf"{_ACCOUNT}(?:/{_ACCOUNT}){{0,20}}"
_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?"
_PLAIN = re.compile(_ACCOUNT)
_PREFIXED = re.compile(rf"(?P<forge>{_HOST}):(?P<name>{_NAMESPACE})")
_PATH = re.compile(rf"(?P<space>{_NAMESPACE})/(?P<name>{_ACCOUNT})")
_URL = re.compile(rf"(?:https?|ssh)://(?:[^/@\s]*@)?(?P<host>{_HOST})(?::[0-9]{{1,5}})?/(?P<path>[^?#\s]+)")
_SCP = re.compile(rf"[A-Za-z0-9_][A-Za-z0-9._-]*@(?P<host>{_HOST}):(?P<path>[^?#\s]+)")

_FORMS = "give an account (github:ann, ann) or a repository (https://forge/abc/news, abc/news)"


class Named(Struct, frozen=True):
    """An author as given: an account at a forge, and the repository if it was one that was given.

    ``forge`` is a short name or a host, empty for the forge of the commons itself; all in lower case.
    """

    forge: str
    account: str
    repository: str = ""


def named(text: str) -> Named:
    """Read an author as given on the command line. Raises UsageError for what can be none.

    >>> named("GitHub:Ann")
    Named(forge='github', account='ann', repository='')
    >>> named("https://github.com/ann/news.git")
    Named(forge='github', account='ann', repository='news')
    """
    if not text:
        raise UsageError("--author is empty: nobody is named", _FORMS)
    match = _URL.fullmatch(text) or _SCP.fullmatch(text)
    if match is not None:
        found = _at(match["host"], _bare(match["path"]))
        if found is not None:
            return found
    elif (match := _PREFIXED.fullmatch(text)) is not None:
        return _lower(forge_of(match["forge"]), match["name"])
    elif _PLAIN.fullmatch(text):
        return _lower("", text)
    elif (match := _PATH.fullmatch(_bare(text))) is not None:
        return _lower("", match["space"], match["name"])
    raise UsageError(f"--author: {text[:120]!r} is neither an account nor a repository", _FORMS)


def forge_of(host: str) -> str:
    """The name under which accounts at a host are written."""
    return FORGES.get(host.lower(), host.lower())


def _bare(path: str) -> str:
    return path.strip("/").removesuffix(".git")


def _lower(forge: str, account: str, repository: str = "") -> Named:
    return Named(forge, account.lower(), repository.lower())


def place_of(url: str) -> Named | None:
    """The repository at an address; None where it names none on a forge."""
    match = _URL.fullmatch(url) or _SCP.fullmatch(url)
    found = _at(match["host"], _bare(match["path"])) if match is not None else None
    return found if found is not None and found.repository else None


def _at(host: str, path: str) -> Named | None:
    """What stands at a host: a repository, or the page of an account."""
    match = _PATH.fullmatch(path)
    if match is not None:
        return _lower(forge_of(host), match["space"], match["name"])
    return _lower(forge_of(host), path) if _PLAIN.fullmatch(path) else None


def author(
    text: str,
    contingents: Mapping[ContingentId, t.Contingent],
    charter: t.Charter | None,
    *,
    host: bool = False,
) -> Author:
    """Who ``text`` names, by the pins of an address book. Raises UsageError as ``named``.

    What names no forge is at that of the commons, which the charter's ``home`` tells, or else at that of
    the author given: a change is checked where it was asked for. A contingent is the author's when its
    ``home`` is the repository given, or when its ``writers`` name the account: the one given, or the one
    that the repository given belongs to.
    """
    given = named(text)
    home = place_of(charter.home) if charter is not None and charter.home else None
    here = home.forge if home is not None else given.forge
    given = Named(given.forge or here, given.account, given.repository)
    found = frozenset(c for c, record in contingents.items() if _is_pinned(given, record, here))
    return Author(text, found, host)


def _is_pinned(given: Named, record: t.Contingent, here: str) -> bool:
    if given.repository and record.home and given == place_of(record.home):
        return True
    for writer in record.writers:
        try:
            pin = named(writer)
        except UsageError:
            continue  # a line that names nobody admits nobody
        if not pin.repository and (pin.forge or here, pin.account) == (given.forge, given.account):
            return True
    return False


def hosted(
    contingents: Mapping[ContingentId, t.Contingent], charter: t.Charter | None, origin: str = ""
) -> frozenset[ContingentId]:
    """The contingents whom the host of the commons' repository may write for.

    They have no home, or the charter lists them as hosted, or their home is that of the commons or
    ``origin``, where this clone came from.
    """
    places = [origin, charter.home or "" if charter is not None else ""]
    listed = charter.hosted if charter is not None else ()
    return frozenset(
        c
        for c, record in contingents.items()
        if not record.home or c in listed or any(same_place(record.home, place) for place in places)
    )
