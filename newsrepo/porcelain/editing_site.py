"""``build --editor``: the editor at ``admin/`` of a site, for those who have a browser and no clone.

It is no part of any edition: no page leads to it, no manifest lists it, and it has a policy of its own. It
can be told from anything else: all its files but the configuration are the same everywhere.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from newsrepo.editor import page, vendor
from newsrepo.editor.forms import collections
from newsrepo.editor.hosts import settings
from newsrepo.errors import UsageError
from newsrepo.gitstore.files import read_plain, write_atomic
from newsrepo.gitstore.inside import look_inside
from newsrepo.porcelain.editing_forms import ground
from newsrepo.porcelain.requests import forge_of, spot
from newsrepo.porcelain.workspace import Workspace

FOLDER: Final = "admin"
_CONFIG: Final = "config.yml"
_MOST = 500


def site_config(work: Workspace, *, app: str = "", login: str = "") -> bytes:
    """``config.yml`` for the editor of a site: it writes for this clone's contingent, at the commons' home.

    Raises UsageError where the home is on no forge that we know, or needs what was not given.
    """
    charter = work.here.charter
    home = charter.home or work.repository.settings.get("remote.origin.url", "")
    there = spot(home)
    names = {name for name in (".forgejo", ".gitlab-ci.yml", ".github") if (work.root / name).exists()}
    forge = forge_of(there.host, names) if there is not None else None
    if there is None or forge is None:
        raise UsageError(
            f"--editor: the commons' home is on no forge that the editor knows: {home or 'it has none'}",
            "say `home:` in newsrepo.yaml; on this machine `newsrepo editor` needs no forge",
        )
    branch = work.repository.default_branch or "main"
    backend = settings(forge.value, there.host, there.path, branch, app=app, login=login)
    return page.config(backend, collections(ground(work, None, pinned=False)))


def put(out: Path, program: Mapping[str, bytes], config: bytes) -> int:
    """Put the editor into ``out``/admin; gives how many files were written. What is there already stays.

    Raises UsageError where something else stands there.
    """
    folder = out / FOLDER
    if os.path.lexists(folder) and not is_editor(folder, earlier=True):
        raise UsageError(f"{str(folder)!r} is there and is no editor of ours", "move it away")
    files = {**program, **page.FILES, _CONFIG: config}
    folder.mkdir(parents=True, exist_ok=True)
    written = 0
    for name, data in sorted(files.items()):
        if _read(folder / name) != data:
            write_atomic(folder / name, data)
            written += 1
    return written


def is_editor(folder: Path, *, earlier: bool = False) -> bool:
    """Whether a folder holds the editor and nothing else, byte for byte but for its configuration.

    With ``earlier`` one that an earlier newsrepo put there will do: its names are looked at, not its bytes.
    """
    try:
        there = look_inside(folder, _MOST)
    except OSError:
        return False
    names = set(there.files)
    if not there.whole or there.odd or _CONFIG not in names or any("/" in name for name in names):
        return False
    if earlier:
        return "newsrepo.js" in names and vendor.SCRIPT in names
    own = {name: _read(folder / name) for name in page.FILES}
    rest = {name: _read(folder / name) for name in names - own.keys() - {_CONFIG}}
    return own == dict(page.FILES) and vendor.print_of(rest) == vendor.SERVED


def _read(path: Path) -> bytes:
    try:
        return read_plain(path, vendor.LIMIT)
    except OSError:
        return b""
