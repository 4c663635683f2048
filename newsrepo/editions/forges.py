"""Where a forge shows one exact file: only for well-known forges, and only over https."""

import re

from newsrepo.ids import Oid

_HOME = re.compile(
    r"https://(?P<host>github\.com|gitlab\.com|codeberg\.org)"
    r"/(?P<repo>[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}(?:/[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}){1,8})/?"
)
_VIEW = {"github.com": "blob", "gitlab.com": "-/blob", "codeberg.org": "src/commit"}
_PATH = re.compile(r"[a-z0-9./-]+")


def blob_view(home: str, commit: Oid, path: str) -> str:
    """The page of a repository at ``home`` that shows the file at ``path`` as ``commit`` has it.

    Empty where the home is at no forge that is known to have such pages, or has no commit to name.
    """
    match = _HOME.fullmatch(home)
    if match is None or not commit or _PATH.fullmatch(path) is None:
        return ""
    host, repository = match["host"], match["repo"].removesuffix(".git")
    if host != "gitlab.com" and repository.count("/") != 1:
        return ""
    return f"https://{host}/{repository}/{_VIEW[host]}/{commit}/{path}"
