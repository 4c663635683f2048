"""Where a request to take in a branch is opened: the address on a forge, or the text to send by mail."""

import re
from collections.abc import Collection
from typing import Final
from urllib.parse import quote

from msgspec import Struct

from newsrepo.gitstore.addresses import same_place
from newsrepo.porcelain.forge import Forge

_HTTPS: Final = re.compile(r"https://(?:[^/@]*@)?(?P<host>[^/@:]+(?::\d+)?)/(?P<path>[^?#]+)")
_SSH: Final = re.compile(r"ssh://(?:[^/@]*@)?(?P<host>[^/@:]+)(?::\d+)?/(?P<path>.+)")
_SCP: Final = re.compile(r"(?:[^/@:]*@)?(?P<host>[^/@:]+):(?P<path>[^/].*|/[^/].*)")
_KNOWN: Final = {
    "github.com": Forge.GITHUB,
    "gitlab.com": Forge.GITLAB,
    "codeberg.org": Forge.FORGEJO,
}
_PREFIX: Final = {"gitlab.": Forge.GITLAB, "forgejo.": Forge.FORGEJO, "gitea.": Forge.FORGEJO}
_FOLDER: Final = {".forgejo": Forge.FORGEJO, ".gitlab-ci.yml": Forge.GITLAB, ".github": Forge.GITHUB}


class Spot(Struct, frozen=True):
    """A repository on a forge: its host, and its path there without ``.git``."""

    host: str
    path: str

    @property
    def owner(self) -> str:
        return self.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


def spot(url: str) -> Spot | None:
    """Where a remote's address leads on the web; None for a folder or what is no address."""
    match = _HTTPS.fullmatch(url) or _SSH.fullmatch(url) or _SCP.fullmatch(url)
    if match is None:
        return None
    path = match["path"].strip("/").removesuffix(".git")
    return Spot(match["host"].lower(), path) if "/" in path else None


def forge_of(host: str, files: Collection[str]) -> Forge | None:
    """Which forge a host runs: by its name, else by the forge's own ``files`` in the commons."""
    known = _KNOWN.get(host) or next((f for start, f in _PREFIX.items() if host.startswith(start)), None)
    return known or next((forge for name, forge in _FOLDER.items() if name in files), None)


def address(forge: Forge, upstream: str, base: str, fork: str, branch: str) -> str | None:
    """The page that opens a request to bring ``branch`` of ``fork`` into ``base`` of ``upstream``.

    Addresses as the forges document them; None when one of the two is on no forge, or they are on two.
    """
    to, of = spot(upstream), spot(fork)
    if to is None or of is None or to.host != of.host:
        return None
    head, into = quote(branch), quote(base)
    if forge is Forge.GITLAB:
        wanted = f"merge_request%5Bsource_branch%5D={quote(branch, safe='')}"
        target = f"merge_request%5Btarget_branch%5D={quote(base, safe='')}"
        return f"https://{of.host}/{quote(of.path)}/-/merge_requests/new?{wanted}&{target}"
    if not same_place(upstream, fork):
        renamed = forge is Forge.GITHUB and of.name != to.name
        head = f"{quote(of.owner)}:{quote(of.name)}:{head}" if renamed else f"{quote(of.owner)}:{head}"
    found = f"https://{to.host}/{quote(to.path)}/compare/{into}...{head}"
    return f"{found}?expand=1" if forge is Forge.GITHUB else found


def request_text(base: str, url: str, branch: str, commit: str, message: str, files: Collection[str]) -> str:
    """What to mail to whoever keeps the commons, in the form that ``git request-pull`` gives it."""
    start = f"The following changes since commit {base}:\n\n" if base else "The following changes:\n\n"
    listed = "".join(f"  {path}\n" for path in sorted(files))
    return (
        f"{start}are available in the git repository at:\n\n  {url} {branch}\n\n"
        f"for you to fetch changes up to {commit}:\n\n  {message.splitlines()[0]}\n\n"
        f"{'-' * 64}\n{listed}"
    )
