"""A record signed and written whole: the payload first, then its signature, so that a kill leaves no doubt.

A payload without signature is unfinished. It never counts, and the same command signs it.
"""

import os
from collections.abc import Collection, Sequence
from pathlib import Path

from msgspec import Struct

from newsrepo.errors import UnableError, UsageError
from newsrepo.gitstore.files import Lock, read_plain, sweep, write_atomic, write_new
from newsrepo.porcelain.init import valid
from newsrepo.porcelain.statements.keygen import KeyFile, key_file, sign
from newsrepo.porcelain.workspace import Workspace, write_files
from newsrepo.records import Place, place
from newsrepo.records import types as t
from newsrepo.signing import Key, RefusedError, verify

KEY_KEY = "newsrepo.key"
"""Git config: the key to sign with where none is given."""


class Prepared(Struct, frozen=True):
    """A record ready to be signed: its exact bytes, where it will lie, for what and by whose keys.

    ``unfinished`` says that a payload lies there already, without signature, and will be replaced or signed.
    """

    record: t.Record
    data: bytes
    path: str
    namespace: str
    signer: str
    keys: frozenset[Key]
    unfinished: bool = False


class Signed(Struct, frozen=True):
    """A record and its signature, written: their paths, and the fingerprint of the key that signed."""

    paths: tuple[str, str]
    key: str


def prepare(
    work: Workspace, record: t.Record, path: str, namespace: str, signer: str, keys: frozenset[Key]
) -> Prepared:
    """What will be signed at ``path``.

    Raises UsageError where a signed record lies there, and for a record that nobody would accept.
    """
    if os.path.lexists(work.root / f"{path}.sig"):
        raise UsageError(
            f"{path} is signed already, and a signed record is never replaced",
            "if it counts for nothing, remove it and its signature first: newsrepo check says so",
        )
    unfinished = os.path.lexists(work.root / path)
    where = place(path)
    assert isinstance(where, Place)  # noqa: S101 - paths are made from ids
    return Prepared(record, valid(where.kind, record, path), path, namespace, signer, keys, unfinished)


def keys_for(work: Workspace, prepared: Prepared, given: str, start: Path) -> Sequence[KeyFile]:
    """The keys to try: the one that was given, else git config's, else the signer's own, from the agent.

    Raises UsageError for a key that the signer does not have here.
    """
    told = given or work.repository.settings.get(KEY_KEY, "")
    if not told:
        return [KeyFile(None, key) for key in sorted(prepared.keys, key=lambda key: key.line)]
    found = key_file(told, start if given else work.root)
    if found.public is not None and found.public not in prepared.keys:
        raise UsageError(
            f"the key {found.public.fingerprint} is none of '{prepared.signer}' on the roll of this vote",
            f"sign with one of {_shown(prepared.keys)}",
        )
    return [found]


def sign_and_write(work: Workspace, prepared: Prepared, keys: Sequence[KeyFile]) -> Signed:
    """Write the payload, have it signed, write the signature beside it.

    When signing fails, what lay there before lies there again. Raises UnableError; LockedError when another
    run writes.
    """
    target = work.root / prepared.path
    with Lock(work.repository.state_dir / "write.lock"):
        if os.path.lexists(f"{target}.sig"):
            raise UnableError(f"{prepared.path} was signed meanwhile", "nothing was written")
        before = _plain(target) if os.path.lexists(target) else None
        write_files(work.root, {prepared.path: prepared.data}, new=before is None)
        sweep(target.parent)
        try:
            armoured, key = _signature(prepared, keys)
        except BaseException:
            _put_back(target, before, prepared.data)
            raise
        write_new(f"{target}.sig", armoured)
    return Signed((prepared.path, f"{prepared.path}.sig"), key.fingerprint)


def _plain(target: Path) -> bytes:
    try:
        return read_plain(target)
    except OSError as error:
        raise UsageError(f"{str(target)!r}: {error.strerror}", "records live in plain files") from None


def _put_back(target: Path, before: bytes | None, data: bytes) -> None:
    """What lay there before; nothing, where nothing did."""
    if before is None:
        target.unlink(missing_ok=True)
    elif before != data:
        write_atomic(target, before)


def _signature(prepared: Prepared, keys: Sequence[KeyFile]) -> tuple[bytes, Key]:
    """A signature by one of the signer's keys, verified as everybody else will. Raises UnableError."""
    failed: UnableError | None = None
    for key in keys:
        try:
            armoured = sign(prepared.data, prepared.namespace, key)
        except UnableError as error:
            failed = error
            continue
        try:
            by = verify(prepared.data, armoured, prepared.namespace)
        except RefusedError as error:
            raise UnableError(f"ssh-keygen's signature is refused: {error.message}", error.hint) from None
        if by not in prepared.keys:
            raise UnableError(
                f"the key {by.fingerprint} is none of '{prepared.signer}' on the roll of this vote",
                f"sign with one of {_shown(prepared.keys)}",
            )
        return armoured, by
    if failed is None:
        raise UnableError(f"'{prepared.signer}' has no key to sign with", "")
    if len(keys) > 1:
        raise UnableError(f"none of the keys of '{prepared.signer}' is in your agent", "give it: --key FILE")
    raise failed


def _shown(keys: Collection[Key]) -> str:
    return ", ".join(sorted(key.fingerprint for key in keys))
