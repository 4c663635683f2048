"""What a contributor is told once in a clone, before what they wrote is public: git does not forget."""

from contextlib import suppress

from newsrepo.errors import UnableError, UsageError
from newsrepo.porcelain.workspace import Workspace

WORD = (
    "What you commit and push stays: git does not forget, nor does anybody who fetched it.\n"
    "Leave out what somebody may want back: a text can be withdrawn, and never unsaid."
)


def first_word(work: Workspace) -> str:
    """The word for a contributor who writes in this clone for the first time; empty for all others.

    Who was told is kept beside the index; where that is lost, or cannot be written, they are told again.
    """
    from newsrepo.gitstore.files import write_atomic

    try:
        who: str = work.contingent()
    except UsageError:  # told by whatever needs to know it
        who = ""
    path = work.repository.state_dir / "told"
    try:
        told = path.read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError):
        told = []
    if (who or "?") in told:
        return ""
    with suppress(OSError, UnableError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, "".join(f"{one}\n" for one in sorted({*told, who or "?"})).encode(), durable=False)
    return WORD
