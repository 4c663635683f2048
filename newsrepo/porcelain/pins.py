"""Whose word counts on where a home is: the reader's address book, then what pinned keys signed, nobody else.

Pure. A *pin* is a contingent's file in the reader's own branch. What the contingent's home says of itself may
replace home, branch or keys only when a key in force has signed exactly those bytes and they never counted
before. So whoever captures a home, but no key, cannot lead a single reader elsewhere; and the reader who
changes the own file always has the last word.
"""

from collections.abc import Callable, Collection, Container, Iterable
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from newsrepo.gitstore.addresses import AddressError, parse_address, same_place, shown
from newsrepo.gitstore.ledger import Seen, Trouble
from newsrepo.gitstore.names import escape
from newsrepo.ids import ContingentId, Kind, Oid
from newsrepo.records import parse
from newsrepo.records import types as t
from newsrepo.signing import CONTINGENT, RefusedError, verify

MAX_HOPS: Final = 3
"""Signed moves followed in one sync: more than anybody needs, few enough to end."""

Verify = Callable[[bytes, bytes, tuple[str, ...]], str]
"""Whether a detached signature over the bytes holds by one of the keys: empty, or why it does not."""


def holds(data: bytes, signature: bytes, keys: tuple[str, ...]) -> str:
    """The verification that counts: by OpenSSH signatures, in the namespace of contingents' files."""
    try:
        key = verify(data, signature, CONTINGENT)
    except RefusedError as error:
        return error.message
    return "" if key.line in bare(keys) else f"it is by a key that is not pinned, {key.fingerprint}"


class Terms(Struct, frozen=True):
    """Where a contingent's home is, and the keys that may change that. An empty ``branch`` is HEAD's."""

    url: str
    branch: str = ""
    keys: tuple[str, ...] = ()

    def at_home(self, other: "Terms") -> bool:
        """Whether both name one branch of one repository, however it is reached."""
        return (self.url == other.url or same_place(self.url, other.url)) and self.branch == other.branch

    def agrees(self, other: "Terms") -> bool:
        """Whether both say the same; the order of keys and their comments do not count."""
        return self.at_home(other) and bare(self.keys) == bare(other.keys)


class Pin(Struct, frozen=True):
    """A contingent's file in the reader's own address book: its blob id, and what it says."""

    blob: Oid
    terms: Terms


class Said(Struct, frozen=True):
    """The contingent's file at the tip of its home. ``data`` is None for one too large to be read."""

    blob: Oid
    data: bytes | None
    signature: bytes | None = None


class Force(Struct, frozen=True):
    """What is in force: the terms, the pin they go back to, and the signed file that replaced it (or empty).

    ``accepted`` are the blobs whose terms were ever in force, oldest first; from the last ``pinned`` on, they
    are that pin and its own successors.
    """

    terms: Terms
    pinned: Oid
    signed: Oid | None
    accepted: tuple[Oid, ...]


class Heard(Struct, frozen=True):
    """What listening to a home came to. ``moved``: a signed change leads to another home."""

    force: Force
    moved: bool = False
    trouble: Trouble | None = None


def bare(keys: Collection[str]) -> frozenset[str]:
    """Public keys without their comments."""
    return frozenset(" ".join(key.split(" ")[:2]) for key in keys)


def in_force(pin: Pin, seen: Seen | None) -> Force:
    """What counts before the home is heard.

    A pin that this clone knows already, or that merely caught up with what its keys had signed since, leaves
    things as they are. Any other is a decision of the reader's and replaces whatever stood before.
    """
    before = tuple(map(Oid, seen.accepted)) if seen else ()
    if seen is None or seen.pinned is None or pin.blob not in _successors(before, seen.pinned):
        accepted = before if before[-1:] == (pin.blob,) else (*before, pin.blob)
        return Force(pin.terms, pin.blob, None, accepted)
    if seen.signed is None:
        return Force(pin.terms, seen.pinned, None, before)
    return Force(Terms(seen.url, seen.branch, seen.keys), seen.pinned, seen.signed, before)


def _successors(accepted: tuple[Oid, ...], pinned: Oid) -> tuple[Oid, ...]:
    """What was accepted since the pin was, itself included; nothing if it never was."""
    for start in range(len(accepted) - 1, -1, -1):
        if accepted[start] == pinned:
            return accepted[start:]
    return ()


def hear(
    who: ContingentId,
    force: Force,
    said: Said | None,
    verified: Verify = holds,
    *,
    earlier: Container[str] = (),
    local: bool = False,
) -> Heard:
    """What is in force after the home has spoken, and what is wrong with what it said.

    What the file leaves out (home, keys) it does not speak of. ``earlier`` are blobs that its home once
    showed and has replaced since, besides those accepted. ``local`` allows homes on this machine.
    """
    if said is None or said.blob == force.accepted[-1]:
        return Heard(force)
    if said.data is None:
        return Heard(force, trouble=_unreadable(who, "it is too large"))
    parsed = parse(Kind.CONTINGENT, said.data, f"contingents/{who}.yaml")
    if not isinstance(parsed.record, t.Contingent):
        fault = parsed.findings[0] if parsed.findings else None
        reason = f"line {fault.location.line}: {fault.message}" if fault else "it holds no record"
        return Heard(force, trouble=_unreadable(who, reason))
    claim = claimed(parsed.record, force.terms)
    if claim.agrees(force.terms):
        return Heard(_accept(force, said.blob))
    changes = differences(force.terms, claim)
    if said.blob in force.accepted or said.blob in earlier:
        return Heard(force, trouble=_replayed(who, changes))
    if said.signature is None or not force.terms.keys:
        return Heard(force, trouble=_unsigned(who, changes, keys=bool(force.terms.keys)))
    wrong = verified(said.data, said.signature, force.terms.keys)
    if wrong:
        return Heard(force, trouble=_bad_signature(who, changes, wrong))
    moved = not claim.at_home(force.terms)
    if moved:
        try:
            parse_address(claim.url, claim.branch, local=local)
        except AddressError as error:
            return Heard(force, trouble=_refused(who, error))
    return Heard(replace(_accept(force, said.blob), terms=claim, signed=said.blob), moved)


def catch_up(
    who: ContingentId,
    force: Force,
    between: Iterable[Said],
    said: Said,
    verified: Verify = holds,
    *,
    earlier: Container[str] = (),
    local: bool = False,
) -> Heard | None:
    """What is in force after a home has spoken through all that it said since it was heard last.

    For a reader who missed a signed change, so that the last word is signed by a key not known yet, or rests
    on that change: each word in ``between``, oldest first, counts as if it had been heard in its time. None
    when that does not help.
    """
    step = force
    for one in between:
        step = hear(who, step, one, verified, earlier=earlier, local=local).force
    heard = hear(who, step, said, verified, earlier=earlier, local=local)
    if heard.trouble is not None:
        return None
    return replace(heard, moved=not heard.force.terms.at_home(force.terms))


def _accept(force: Force, blob: Oid) -> Force:
    if blob in _successors(force.accepted, force.pinned):
        return force
    return replace(force, accepted=(*force.accepted, blob))


def claimed(record: t.Contingent, terms: Terms) -> Terms:
    """The terms that a contingent's own file claims, given those in force for what it leaves out."""
    keys = record.keys or terms.keys
    return Terms(record.home, record.branch or "", keys) if record.home else replace(terms, keys=keys)


def differences(old: Terms, new: Terms) -> str:
    """What changes from one to the other, in words; addresses without what may be a secret in them."""
    parts = []
    if not old.at_home(new):
        parts.append(f"the home {place_of(new)} instead of {place_of(old)}")
    gone, come = bare(old.keys) - bare(new.keys), bare(new.keys) - bare(old.keys)
    if gone or come:
        parts.append(f"other keys (+{len(come)} -{len(gone)})")
    return " and ".join(parts)


def place_of(terms: Terms) -> str:
    """The home in words: its address, and the branch where one is named."""
    if not terms.url:
        return "none"
    return shown(terms.url) + (f" (branch {escape(terms.branch)})" if terms.branch else "")


def _pin_it(who: ContingentId) -> str:
    return f"if {who} confirms it by another way: newsrepo contingents pin {who}"


def _unsigned(who: ContingentId, changes: str, *, keys: bool) -> Trouble:
    why = "without a signature" if keys else "and no key of it is pinned that could have signed it"
    return Trouble("unsigned-move", f"it now claims {changes}, {why}; what is pinned stands", _pin_it(who))


def _bad_signature(who: ContingentId, changes: str, why: str) -> Trouble:
    return Trouble(
        "bad-signature",
        f"it now claims {changes}, with a signature that does not hold: {why}; what is pinned stands",
        _pin_it(who),
    )


def _replayed(who: ContingentId, changes: str) -> Trouble:
    return Trouble(
        "replayed-contingent",
        f"its home shows an older text of contingents/{who}.yaml again, which would mean {changes}; "
        "what came after it stands",
        f"tell {who}: its home was set back, by itself or by somebody else",
    )


def _unreadable(who: ContingentId, why: str) -> Trouble:
    return Trouble(
        "unreadable-contingent",
        f"contingents/{who}.yaml in its home cannot be read ({why}); what is pinned stands",
        f"it is for {who} to mend; all else of its home is read as ever",
    )


def _refused(who: ContingentId, error: AddressError) -> Trouble:
    return Trouble(
        "bad-address",
        f"it moved, as signed by its key, to where nobody is followed: {error.message}",
        f"tell {who}; {error.hint}",
    )
