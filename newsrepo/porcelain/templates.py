"""The templates of one's own clone, which lay out the editions of one's own contingent and no others."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from newsrepo.editions.stamp import directory_stamp
from newsrepo.errors import UsageError
from newsrepo.location import Finding, Location, Severity
from newsrepo.porcelain.workspace import Workspace

if TYPE_CHECKING:
    from newsrepo.editions.theme import Theme

FOLDER = "templates"


class Look(StrEnum):
    """Which templates lay out an edition."""

    OWN = "own"
    DEFAULT = "default"


def folder_of(work: Workspace, look: Look) -> Path | None:
    """The clone's own templates, if it has any and they are asked for.

    In a checkout of the program itself, which may also hold a commons, they are the program's.
    """
    folder = work.root / FOLDER
    if look is not Look.OWN or folder.is_symlink() or not folder.is_dir():
        return None
    return None if (work.root / "newsrepo" / "editions" / "theme.py").is_file() else folder


def stamp_of(work: Workspace, look: Look) -> str:
    """Equal as long as nobody touched the clone's own templates or gave it to another; reads none of them."""
    folder = folder_of(work, look)
    return f"{speaks_for(work)} {directory_stamp(str(folder))}" if folder is not None else ""


def own_theme(work: Workspace, look: Look) -> "Theme | None":
    """The theme with the clone's own templates in it; None where it has none.

    Raises UnableError for a template with a fault.
    """
    folder = folder_of(work, look)
    if folder is None:
        return None
    from newsrepo.editions.theme import Theme, find_templates

    theme = Theme(find_templates(), folder)
    return theme if theme.own else None


def speaks_for(work: Workspace) -> str:
    """The contingent whose editions these templates lay out; empty where nothing says which it is."""
    try:
        return work.contingent()
    except UsageError:
        return ""


def unused(work: Workspace, look: Look) -> tuple[Finding, ...]:
    """What a publisher should know whose templates lay out nothing, for want of a name."""
    if folder_of(work, look) is None or speaks_for(work):
        return ()
    return (
        Finding(
            "unused-templates",
            Location(FOLDER),
            "no edition is laid out by these templates: nothing says which contingent this clone speaks for",
            "say it with --as or git config newsrepo.contingent, or build with --theme default",
            Severity.WARNING,
        ),
    )
