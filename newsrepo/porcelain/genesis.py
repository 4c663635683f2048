"""The genesis: what makes a commons itself, the SHA-256 over its first charter and roll."""

import hashlib

DOMAIN = b"newsrepo-genesis v1\n"
"""What the hash begins with, so that it is the hash of nothing else."""


def genesis(charter: bytes, roll: bytes) -> str:
    r"""The identity of a commons, 64 hex digits.

    It is the SHA-256 over ``newsrepo-genesis v1\n`` and then, for ``newsrepo.yaml`` and for
    ``statements/roll.yaml`` in this order, the file's length in bytes in decimal, a line feed, and the
    file's exact bytes.

    >>> genesis(b"", b"")
    '355b9b27d7e12a653292ccfc61c997fe6caa55832719ad8c336f5ec0c78d8715'
    """
    digest = hashlib.sha256(DOMAIN)
    for data in (charter, roll):
        digest.update(b"%d\n" % len(data))
        digest.update(data)
    return digest.hexdigest()
