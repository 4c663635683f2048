"""Fetching many homes at once into a store of ours, so that none can hurt us or keep the rest waiting.

Each home is asked first what its branch names (`ls-remote`), then for that object by id: so no name that a
fork chose ever becomes a ref here, and nothing at all moves when a fetch fails. Refs are for the caller.
"""

from __future__ import annotations

import re
import threading
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from newsrepo.gitstore.addresses import Address, AddressError, parse_address
from newsrepo.gitstore.children import SlowError, TooMuchError
from newsrepo.gitstore.far import Limits
from newsrepo.gitstore.ledger import Trouble
from newsrepo.gitstore.outcomes import Answer, Outcome
from newsrepo.gitstore.reasons import (
    judge,
    lacking,
    nothing_there,
    other_hash,
    plain_files,
    time_out,
    too_much,
)
from newsrepo.ids import Oid, is_oid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from newsrepo.gitstore.runner import Git

_ASK_SECONDS: Final = 60
_ASK_BYTES: Final = 64 << 20
_HAVES: Final = 16
_OID: Final = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_TRACE: Final = ("GIT_TRACE", "GIT_TRACE_PACKET")
_HELPER: Final = re.compile(rb"^[0-9:.]+ [^\n]*trace: run_command: [^\n]*\bremote-https? ", re.MULTILINE)
_PACKETS: Final = re.compile(rb"^[0-9:.]+ [^\n]* packet: ", re.MULTILINE)
"""What git's own trace shows of a web server. Of one that hands out plain files git takes objects unchecked.

There is no setting against that, so it is looked for that packets were spoken. What a server says cannot pass
for a trace: it stands on lines of its own, which begin with `remote:`.
"""

_NOT_OURS: Final = re.compile(rb"not our ref ([0-9a-f]{40,64})")
FETCH: Final = (
    "fetch",
    "--quiet",
    "--no-progress",
    "--no-tags",
    "--no-recurse-submodules",
    "--no-write-fetch-head",
    "--no-auto-maintenance",
)
"""A fetch that leaves objects and nothing else. Addresses and ids come after a `--`."""


class Call(Struct, frozen=True):
    """How homes are fetched: what each may cost, whether places on this machine count, how many at a time."""

    limits: Limits
    local: bool = False
    jobs: int = 8


def fetch_addresses(
    git: Git,
    addresses: Mapping[Address, Sequence[Oid]],
    here: frozenset[Oid],
    call: Call,
    *,
    width: int,
    progress: Callable[[Address, Answer], None] | None = None,
) -> dict[Address, Answer]:
    """Fetch what each address names now, several at a time, none waiting for another; in the order given.

    With each address come the commits to tell its server that we have, best first. What is in ``here`` needs
    no fetching. ``width`` is the number of digits of an id. Whatever happens at one address is its own
    answer. When it is interrupted, all that it started is ended.
    """
    answers: dict[Address, Answer] = {}
    stop = threading.Event()
    with ThreadPoolExecutor(max(1, call.jobs), "newsrepo-fetch") as pool:
        try:
            running = {
                pool.submit(_fetch, git, address, haves, here, call, width, stop): address
                for address, haves in addresses.items()
            }
            left = set(running)
            while left:
                done, left = wait(left, return_when=FIRST_COMPLETED)
                for future in done:
                    address = running[future]
                    answers[address] = future.result()
                    if progress is not None:
                        progress(address, answers[address])
        except BaseException:
            stop.set()
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return {address: answers[address] for address in addresses}


def _fetch(
    git: Git,
    address: Address,
    haves: Sequence[Oid],
    here: frozenset[Oid],
    call: Call,
    width: int,
    stop: threading.Event,
) -> Answer:
    """One home: what its branch names, then that object with all that belongs to it."""
    refused = _refused(address, call)
    if refused is not None:
        return refused
    end = time.monotonic() + call.limits.seconds
    try:
        found = _ask(git, address, call, stop)
        if isinstance(found, Answer):
            return found
        if found in here:
            return Answer(found)
        if len(found) != width:
            return other_hash(address)
        return _take(git, address, found, haves, call, end, stop)
    except SlowError:
        return time_out(address, call.limits.seconds)
    except TooMuchError:
        return too_much(address)


def _take(
    git: Git,
    address: Address,
    oid: Oid,
    haves: Sequence[Oid],
    call: Call,
    end: float,
    stop: threading.Event,
) -> Answer:
    """Fetch one object with all that belongs to it, and see that it has come past git's checks."""
    tips = [f"--negotiation-tip={have}" for have in haves[:_HAVES]]
    code, _, said = git.reach(
        *FETCH, *tips, "--", address.url, oid,
        limits=_rest(call, end), local=call.local, trace=_TRACE, stop=stop,
    )  # fmt: skip
    if _by_files(said):
        return _past_checks(address, code, said)
    answer = Answer(oid) if code == 0 else judge(address, code, said)
    if code == 0:
        # Git takes a history that its server cut off, and would then stumble over it for every other home.
        code, _, _ = git.reach(
            "rev-list", "--objects", "--quiet", oid, "--not", "--all", limits=_rest(call, end), stop=stop
        )
        if code:
            return replace(lacking(address), unchecked=True)
    return answer


def _rest(call: Call, end: float) -> Limits:
    return replace(call.limits, seconds=max(0.1, end - time.monotonic()))


def _ask(git: Git, address: Address, call: Call, stop: threading.Event) -> Oid | Answer:
    """The id that the home's branch names, by its server's word."""
    limits = replace(call.limits, seconds=min(_ASK_SECONDS, call.limits.seconds))
    name = f"refs/heads/{address.branch}" if address.branch else "HEAD"
    how = ("--heads",) if address.branch else ("--symref",)
    code, out, said = git.reach(
        "ls-remote", "--quiet", *how, "--", address.url, name,
        limits=limits, local=call.local, trace=_TRACE, limit=_ASK_BYTES, stop=stop,
    )  # fmt: skip
    if code:
        return judge(address, code, said)
    if _by_files(said):
        return plain_files(address)
    wanted = name.encode("ascii")
    for line in out.split(b"\n"):  # git lists all refs that end like this: only the very name counts
        oid, _, ref = line.partition(b"\t")
        if ref == wanted and _OID.fullmatch(oid):
            return Oid(oid.decode("ascii"))
    return nothing_there(address)


def _by_files(said: bytes) -> bool:
    return _HELPER.search(said) is not None and _PACKETS.search(said) is None


def _past_checks(address: Address, code: int, said: bytes) -> Answer:
    """The answer of a server of plain files: whatever came of it, all or a part, is to be thrown out."""
    return replace(plain_files(address) if code == 0 else judge(address, code, said), unchecked=True)


def _refused(address: Address, call: Call) -> Answer | None:
    try:
        parse_address(address.url, address.branch, local=call.local)
    except AddressError as error:
        return Answer(None, Outcome.REFUSED, Trouble("bad-address", error.message, error.hint))
    return None


def fetch_objects(
    git: Git, address: Address, oids: Sequence[Oid], call: Call
) -> tuple[tuple[Oid, ...], Answer]:
    """Fetch single objects by id, without history: those that the server had, and what went wrong, if so.

    Servers of git's second protocol hand out any object that they have. One that lacks an object refuses the
    whole request and names it; then the others are asked for again.
    """
    refused = _refused(address, call)
    if refused is not None:
        return (), refused
    left = list(dict.fromkeys(oid for oid in oids if is_oid(oid)))
    end = time.monotonic() + call.limits.seconds
    try:
        while left:
            code, _, said = git.reach(
                *FETCH, "--", address.url, *left, limits=_rest(call, end), local=call.local, trace=_TRACE
            )
            if _by_files(said):
                return (), _past_checks(address, code, said)
            if code == 0:
                return tuple(left), Answer()
            lacking_here = {Oid(m.decode("ascii")) for m in _NOT_OURS.findall(said)} & set(left)
            if not lacking_here:
                return (), judge(address, code, said)
            left = [oid for oid in left if oid not in lacking_here]
    except SlowError:
        return (), time_out(address, call.limits.seconds)
    except TooMuchError:
        return (), too_much(address)
    return (), Answer()
