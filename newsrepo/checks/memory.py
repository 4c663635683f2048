"""What all rules found in a view, remembered for the next run over the very same one.

The answer of the rules rests on the files of the view, on this program, on what the repository has of objects
that are named and not in view, and on history. The first two, and the tip of history, are in the name under
which an answer is kept; the third is asked again, question by question, before it is believed.
"""

from collections.abc import Collection, Sequence
from functools import cache
from hashlib import blake2b
from pathlib import Path

import msgspec

import newsrepo
from newsrepo.checks.model import Commons, Known
from newsrepo.ids import Oid
from newsrepo.location import Finding

MOST = 2000
"""How many findings, and how many questions, are remembered; whoever has more will soon change something."""


class _Kept(msgspec.Struct, array_like=True):
    findings: tuple[Finding, ...]
    asked: tuple[tuple[tuple[Oid, ...], tuple[Oid, ...]], ...]


_kept = msgspec.msgpack.Decoder(_Kept)


class Memory:
    """The memory of one run: ``recall``, or else let the rules ask through ``known`` and ``keep``.

    ``history`` names the state of history that ``past`` tells of.
    """

    def __init__(self, commons: Commons, known: Known | None, history: str) -> None:
        self._commons = commons
        self._known = known
        self._asked: list[tuple[tuple[Oid, ...], tuple[Oid, ...]]] = []
        self._name = f"checked {program()} {commons.snapshot.label} {history} {known is None}"

    def recall(self) -> tuple[Finding, ...] | None:
        """What was found the last time, if every question still has the answer that it had then."""
        data = self._commons.recall(self._name)
        if data is None:
            return None
        kept = _kept.decode(data)
        if any(self._answer(asked) != answered for asked, answered in kept.asked):
            return None
        return kept.findings

    def known(self, oids: Collection[Oid]) -> Collection[Oid]:
        """Ask, and remember having asked."""
        asked = tuple(sorted(oids))
        answered = self._answer(asked)
        self._asked.append((asked, answered))
        return answered

    def _answer(self, oids: Sequence[Oid]) -> tuple[Oid, ...]:
        return () if self._known is None else tuple(sorted(self._known(oids)))

    def keep(self, findings: Sequence[Finding]) -> None:
        """Remember what was found."""
        if len(findings) + sum(len(asked) for asked, _ in self._asked) <= MOST:
            kept = _Kept(tuple(findings), tuple(self._asked))
            self._commons.keep(self._name, msgspec.msgpack.encode(kept))


@cache
def program() -> str:
    """A digest of all code that an answer may rest on beyond what the index itself looks after."""
    digest = blake2b(digest_size=12)
    root = Path(newsrepo.__file__).parent
    for folder in ("checks", "credit", "filters"):
        for path in sorted((root / folder).rglob("*.py")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
