"""What a commons and its epochs are called: hashes over charter and roll."""

import hashlib

DOMAIN = b"newsrepo-genesis v1\n"
"""What the hash of a genesis begins with, so that it is the hash of nothing else."""

EPOCH_DOMAIN = b"newsrepo-epoch v1\n"
"""The same for every later epoch."""


def genesis(charter: bytes, roll: bytes) -> str:
    r"""The identity of a commons and of its first epoch, 64 hex digits.

    It is the SHA-256 over ``newsrepo-genesis v1\n`` and then, for ``newsrepo.yaml`` and for
    ``statements/roll.yaml`` in this order, the file's length in bytes in decimal, a line feed, and the
    file's exact bytes.

    >>> genesis(b"", b"")
    '355b9b27d7e12a653292ccfc61c997fe6caa55832719ad8c336f5ec0c78d8715'
    """
    return _over(DOMAIN, charter, roll)


def epoch_id(before: str, opening: str, charter: bytes, roll: bytes) -> str:
    r"""The name of an epoch that the vote of ``opening`` began after the epoch ``before``, 64 hex digits.

    It is the SHA-256 over ``newsrepo-epoch v1\n``, the two 64-digit names with a line feed after each, and
    charter and roll as in ``genesis``. Who signed the closing, and with which ballots, is not part of it.
    """
    return _over(EPOCH_DOMAIN + f"{before}\n{opening}\n".encode(), charter, roll)


def _over(start: bytes, charter: bytes, roll: bytes) -> str:
    digest = hashlib.sha256(start)
    for data in (charter, roll):
        digest.update(b"%d\n" % len(data))
        digest.update(data)
    return digest.hexdigest()


def sha256_hex(data: bytes) -> str:
    """The SHA-256 of some bytes as records write it."""
    return hashlib.sha256(data).hexdigest()
