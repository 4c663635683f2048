"""Manifests signed by who publishes, and whether such a signature holds by a key that is pinned here."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from newsrepo.errors import UnableError, UsageError

if TYPE_CHECKING:
    from newsrepo.ids import ContingentId
    from newsrepo.porcelain.statements.keygen import KeyFile
    from newsrepo.porcelain.workspace import Workspace
    from newsrepo.records import types as t
    from newsrepo.signing import Key


class Sign(NamedTuple):
    """That manifests are to be signed: with the key that is given, else git config's, else the agent's."""

    key: str = ""


class State(StrEnum):
    VALID = "valid"
    UNKNOWN_KEY = "unknown-key"
    BAD = "bad"
    NONE = "none"


class Seal(NamedTuple):
    """What the signature of a manifest is worth here.

    ``by`` are the contingents whose pinned key made it, in order; empty unless it is valid. ``key`` is the
    fingerprint where a key was found at all, ``fact`` says in words what is wrong.
    """

    state: State
    by: tuple[str, ...] = ()
    key: str = ""
    fact: str = ""


def inspect(
    manifest: bytes, signature: bytes | None, contingents: "Mapping[ContingentId, t.Contingent]"
) -> Seal:
    """Whether the publisher's signature over these exact bytes holds, and whose it is by the address book."""
    from newsrepo.signing import EDITION, RefusedError, verify

    if signature is None:
        return Seal(State.NONE)
    try:
        key = verify(manifest, signature, EDITION)
    except RefusedError as error:
        return Seal(State.BAD, fact=error.message)
    by = tuple(who for who, record in sorted(contingents.items()) if key in _keys(record))
    if not by:
        return Seal(State.UNKNOWN_KEY, (), key.fingerprint, "no contingent in the address book has this key")
    return Seal(State.VALID, by, key.fingerprint)


class Signer(NamedTuple):
    """Who signs manifests here: the contingent whose clone it is, all its keys, and those to try in turn."""

    who: str
    keys: "frozenset[Key]"
    chosen: "tuple[KeyFile, ...]"

    @classmethod
    def of(cls, work: "Workspace", how: Sign, start: Path) -> "Signer":
        """Raises UsageError where nobody can sign here so that others could tell."""
        who = work.contingent()
        record = work.here.contingents.get(who)
        keys = _keys(record) if record is not None else frozenset()
        if not keys:
            raise UsageError(
                f"nobody could tell whether a signature is {who}'s: the address book has no key of it",
                f"add a public key to contingents/{who}.yaml first",
            )
        return cls(who, keys, tuple(_chosen(work, keys, how.key, start)))

    def seal(self, folders: Iterable[Path]) -> None:
        """Sign the manifest of each edition.

        A signature that holds already by a key that would be taken now is left as it is, so that an unchanged
        edition stays unchanged. Raises UnableError where ssh-keygen makes no signature.
        """
        from newsrepo.editions.manifest import NAME, SIGNATURE
        from newsrepo.gitstore.files import read_plain, write_atomic
        from newsrepo.signing import MAX_ARMOURED

        for folder in folders:
            manifest = read_plain(folder / NAME)
            try:
                before = read_plain(folder / SIGNATURE, MAX_ARMOURED)
            except OSError:
                before = None
            if not _holds(manifest, before, self.chosen):
                write_atomic(folder / SIGNATURE, _signed(manifest, self))


def _keys(record: "t.Contingent") -> "frozenset[Key]":
    from newsrepo.signing import RefusedError, parse_key

    found = set()
    for line in record.keys:
        try:
            found.add(parse_key(line))
        except RefusedError:  # `check` names it; it can have signed nothing
            continue
    return frozenset(found)


def _chosen(work: "Workspace", keys: "frozenset[Key]", given: str, start: Path) -> "Sequence[KeyFile]":
    from newsrepo.porcelain.statements.keygen import KeyFile, key_file
    from newsrepo.porcelain.statements.signatures import KEY_KEY

    told = given or work.repository.settings.get(KEY_KEY, "")
    if not told:
        return [KeyFile(None, key) for key in sorted(keys, key=lambda key: key.line)]
    found = key_file(told, start if given else work.root)
    if found.public is not None and found.public not in keys:
        raise UsageError(
            f"the key {found.public.fingerprint} is none that the address book has of this contingent",
            f"sign with one of {', '.join(sorted(key.fingerprint for key in keys))}",
        )
    return [found]


def _holds(manifest: bytes, signature: bytes | None, chosen: "Sequence[KeyFile]") -> bool:
    """Whether a signature is there, holds, and is by a key that would be taken now."""
    from newsrepo.signing import EDITION, RefusedError, verify

    try:
        key = verify(manifest, signature, EDITION) if signature is not None else None
    except RefusedError:
        return False
    return key is not None and any(one.public == key for one in chosen)


def _signed(manifest: bytes, signer: Signer) -> bytes:
    """A signature by the first of the keys that can be used, verified as everybody else will."""
    from newsrepo.porcelain.statements.keygen import sign
    from newsrepo.signing import EDITION, RefusedError, verify

    failed: UnableError | None = None
    for one in signer.chosen:
        try:
            armoured = sign(manifest, EDITION, one)
        except UnableError as error:
            failed = error
            continue
        try:
            by = verify(manifest, armoured, EDITION)
        except RefusedError as error:
            raise UnableError(f"ssh-keygen's signature is refused: {error.message}", error.hint) from None
        if by not in signer.keys:
            raise UnableError(
                f"the key {by.fingerprint} is none that the address book has of '{signer.who}'",
                f"sign with one of {', '.join(sorted(key.fingerprint for key in signer.keys))}",
            )
        return armoured
    if failed is None or len(signer.chosen) > 1:
        raise UnableError(
            f"none of the keys of '{signer.who}' is in your agent",
            "give it: --key FILE; the edition is unsigned",
        )
    raise failed
