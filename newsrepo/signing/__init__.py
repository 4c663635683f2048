"""OpenSSH keys and detached signatures: parsed and verified in process, strictly and offline. Pure.

``parse_key`` reads a public key line, ``verify`` says which key signed some bytes for a namespace. Both raise
RefusedError with a reason code, a line, the fact and the way out. Signing is ``ssh-keygen``'s business.
"""

from newsrepo.signing.allowed import allowed_signers
from newsrepo.signing.armour import MAX_ARMOURED, armour, unarmour
from newsrepo.signing.keys import WEAK_POINTS, Key, KeyKind, parse_key, read_key
from newsrepo.signing.namespaces import BALLOT, CLOSING, CONTINGENT, EDITION, NAMESPACES, OPENING
from newsrepo.signing.refusal import Reason, RefusedError
from newsrepo.signing.sshsig import signed_bytes, verify

__all__ = [
    "BALLOT",
    "CLOSING",
    "CONTINGENT",
    "EDITION",
    "MAX_ARMOURED",
    "NAMESPACES",
    "OPENING",
    "WEAK_POINTS",
    "Key",
    "KeyKind",
    "Reason",
    "RefusedError",
    "allowed_signers",
    "armour",
    "parse_key",
    "read_key",
    "signed_bytes",
    "unarmour",
    "verify",
]
