"""How much of a tree is looked at, and how much of that is left on the way."""

from msgspec import Struct

from newsrepo.location import Finding, Location


class Caps(Struct, frozen=True):
    """Folders deep, entries in all, seconds, bytes of one tree object.

    What lies under ``ratings/`` counts apart: a hundred thousand raters have two hundred thousand folders and
    files there in their first month, and must not be taken for a bomb, nor hide what is no rating.
    """

    depth: int = 12
    entries: int = 200_000
    ratings: int = 1_500_000
    seconds: float = 60
    tree_bytes: int = 32 << 20


CAPS = Caps()


class Budget:
    """The entries that one walk may still take, for ratings and for everything else."""

    def __init__(self, caps: Caps) -> None:
        self._limits = (caps.entries, caps.ratings)
        self._taken = [0, 0]
        self._spent = [False, False]

    def allows(self, path: str) -> bool:
        """Whether the part of the tree that ``path`` lies in has room left."""
        return not self._spent[_part(path)]

    def take(self, path: str, count: int) -> bool:
        """Take room for so many entries of the folder ``path``; False when that was more than there was."""
        part = _part(path)
        self._taken[part] += count
        self._spent[part] = self._taken[part] > self._limits[part]
        return not self._spent[part]

    def told(self, path: str, shown: str, source: str = "") -> Finding:
        """What is said where the room ran out."""
        part = _part(path)
        fact = f"more than {self._limits[part]} entries: those from here on are not read"
        where = "under ratings/, " if part else ""
        hint = "split the commons, or remove what is not news"
        return Finding("too-many-entries", Location(shown, source=source), where + fact, hint)


def _part(path: str) -> int:
    return int(path == "ratings" or path.startswith("ratings/"))
