"""Everything found about one statement, from every ref that is known: what a judgement starts from."""

from collections.abc import Callable, Iterable

from msgspec import Struct

from newsrepo.tally.evidence import Signed
from newsrepo.tally.identity import sha256_hex


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

    @property
    def enacted(self) -> dict[str, bytes]:
        """The files under ``enacts/`` by SHA-256."""
        return {sha256_hex(data): data for data in self.enacts}
