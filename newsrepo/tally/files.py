"""Everything found about one statement, from every ref that is known: what a judgement starts from."""

from collections.abc import Callable, Iterable

from msgspec import Struct, structs

from newsrepo.tally.evidence import Signed
from newsrepo.tally.identity import sha256_hex

_HEAD = 200
"""The two names of 64 digits, with their keys, with which an opening begins, end well before this byte."""


def _none() -> Iterable[Signed]:
    return ()


class Files(Struct, frozen=True):
    """The files of one statement, of all refs together; order and copies do not matter.

    ``statement`` is its id with the prefix. ``ballots`` gives a fresh stream each time it is called, so that
    nobody has to hold all ballots at once. ``enacts`` are the new charters and rolls that lie under
    ``enacts/``, ``texts`` the copies of ``statement.md``.
    """

    statement: str
    openings: tuple[Signed, ...] = ()
    ballots: Callable[[], Iterable[Signed]] = _none
    closings: tuple[Signed, ...] = ()
    enacts: tuple[bytes, ...] = ()
    texts: tuple[bytes, ...] = ()

    def under(self, epoch: str) -> "Files":
        """The same with those openings only that may name this epoch, told by a glance."""
        name = epoch.encode()
        openings = (one for one in self.openings if one.data is not None and name in one.data[:_HEAD])
        return structs.replace(self, openings=tuple(openings))

    @property
    def enacted(self) -> dict[str, bytes]:
        """The files under ``enacts/`` by SHA-256."""
        return {sha256_hex(data): data for data in self.enacts}
