"""Why a home could not be fetched, in our words: what git says of it may quote the home itself."""

import re
import signal
from typing import Final

from newsrepo.gitstore.addresses import Address, shown
from newsrepo.gitstore.ledger import Trouble
from newsrepo.gitstore.names import escape
from newsrepo.gitstore.outcomes import Answer, Outcome
from newsrepo.ids import Oid

_LATER: Final = "sync again later; what was published before is kept"
_UNSOUND: Final = re.compile(r"error: object ([0-9a-f]{40,64}): ([A-Za-z]{3,40}): ")
_LACKING: Final = re.compile(
    r"did not send all necessary objects|bad object|unresolved deltas|bad pack header|protocol error"
    r"|fatal: (?:pack|[a-z]+ in pack|premature end)"
)
_MOVED: Final = re.compile(r"not our ref|unadvertised object")
_GONE: Final = re.compile(
    r"repository '[^\n]*' not found|does not appear to be a git repository|[Rr]epository not found"
    r"|project you were looking for could not be found|returned error: (?:404|410)"
)
_OVER: Final = re.compile(
    r"File too large|died of signal 2[45]|[Oo]ut of memory|memory allocation failed|mmap failed"
    r"|unable to (?:mmap|create thread)|Cannot allocate memory|failed to map|exceeds maximum allowed size"
)
_BROKEN: Final = (
    r"Connection (?:timed out|reset|closed)|timed out|unexpected disconnect|early EOF|RPC failed"
    r"|hung up unexpectedly|Empty reply|bytes remaining to read"
)
_ELSEWHERE: Final = r"transport '[a-z]+' not allowed|Protocol \"[a-z]+\" (?:not supported|disabled)"
_NAME: Final = "see whether the network is up and the address right"
_REASONS: Final = (
    (r"Could not resolve host", "its host is not known", _NAME),
    (r"Connection refused|Failed to connect|Couldn't connect", "its host takes no connection", _LATER),
    (r"Operation too slow", "it sends almost nothing", _LATER),
    (_BROKEN, "the connection broke off", _LATER),
    (
        r"Host key verification failed",
        "ssh does not know its host's key",
        "connect once by hand to look at the key and keep it: `ssh -T` and the host",
    ),
    (
        r"Permission denied \(",
        "ssh keys were not accepted",
        "pin a public address, or load a key that may read it",
    ),
    (
        r"could not read (?:Username|Password)|Authentication failed|returned error: 40[13]",
        "it asks for a password",
        "no password is ever asked for: pin a public address, or one by ssh",
    ),
    (
        r"SSL|TLS|certificate",
        "its certificate is not good",
        "see the clock and the certificates of this machine, then ask who keeps the home",
    ),
    (r"returned error: (?:429|5[0-9][0-9])", "its server is not able to answer", _LATER),
    (_ELSEWHERE, "it leads on to an address that is not taken", "pin that address"),
    (
        r"No space left|Disk quota|Read-only file system|Permission denied$",
        "this disk does not take it",
        "free some space, or see who owns .git/newsrepo",
    ),
)


def time_out(address: Address, seconds: float) -> Answer:
    """The home took too long."""
    return _no(
        "fetch-timeout",
        Outcome.TIMEOUT,
        f"{_home(address)} was not fetched within {seconds:g} s",
        _LATER,
    )


def nothing_there(address: Address) -> Answer:
    """The repository answers, and its branch is not there."""
    what = f'no branch "{address.branch}"' if address.branch else "no commit that its HEAD names"
    return _no(
        "withheld-home",
        Outcome.WITHHELD,
        f'there is {what} at "{shown(address.url)}"',
        "what was published before is kept; ask its contingent where it is now, then pin that",
    )


def too_much(address: Address) -> Answer:
    """The home sends more than the limits allow."""
    return _no(
        "fetch-too-large",
        Outcome.OVER_LIMIT,
        f"{_home(address)} sends more than the limits allow",
        "nothing of it was kept; if you trust it, raise the limits",
    )


def other_hash(address: Address) -> Answer:
    """The home names its objects by another hash."""
    return _no(
        "unsound-home",
        Outcome.UNSOUND,
        f"{_home(address)} names its objects by another hash than this repository",
        "ask its contingent to convert it",
    )


def plain_files(address: Address) -> Answer:
    """The server hands out files and no packets: what it sends would come in unchecked."""
    return _no(
        "unsound-home",
        Outcome.UNSOUND,
        f"{_home(address)} is served as plain files, which git takes without looking at them",
        "ask its contingent to serve it by `git http-backend`, a forge, or ssh",
    )


def lacking(address: Address) -> Answer:
    """The home names objects and does not send them: it lies, or its history is cut off."""
    return _no(
        "unsound-home",
        Outcome.UNSOUND,
        f"{_home(address)} does not send all objects that its history names",
        "ask its contingent to push from a whole clone, not a shallow one",
    )


def not_a_commit(address: Address, why: str) -> Answer:
    """The branch names something that is no commit, or none that can be read."""
    return _no(
        "unsound-home",
        Outcome.UNSOUND,
        f"the tip of {_home(address)} cannot be used: {why}",
        "ask its contingent to mend the branch; what was published before is kept",
    )


def rewritten(address: Address, old: Oid, new: Oid) -> Trouble:
    """The home no longer holds what it had published."""
    return Trouble(
        "rewritten-home",
        f"{_home(address)} rewrote its history: {old[:12]}..{new[:12]}",
        "nothing is lost: the earlier tip and all that it holds are kept here; ask its contingent why",
    )


def judge(address: Address, code: int, said: bytes) -> Answer:
    """The answer for a git call that failed with this exit code, having said this."""
    whole = said.decode("utf-8", "replace")
    text = "\n".join(line for line in whole.splitlines() if not line.startswith("remote:"))
    refused = _UNSOUND.search(text)
    if refused:
        return _no(
            "unsound-home",
            Outcome.UNSOUND,
            f"{_home(address)} holds an object that git refuses: {refused[2]} in {refused[1]}",
            "ask its contingent to take it out of the branch's history; what was published before is kept",
        )
    if code in (-signal.SIGXFSZ, -signal.SIGXCPU) or _OVER.search(text) or _died(text):
        return too_much(address)
    if _GONE.search(whole):
        return _no(
            "withheld-home",
            Outcome.WITHHELD,
            f'there is no repository at "{shown(address.url)}", or none for everybody',
            "what was published before is kept; ask its contingent where it is now, then pin that",
        )
    if _LACKING.search(text):
        return lacking(address)
    why, hint = _reason(text)
    return _no("unreachable-home", Outcome.UNREACHABLE, f"{_home(address)} cannot be reached: {why}", hint)


def _died(text: str) -> bool:
    """Whether what unpacks was ended by a limit: it then says nothing, and git says only that."""
    said = [line for line in text.splitlines() if line.startswith(("fatal:", "error:"))]
    return said == ["fatal: fetch-pack: invalid index-pack output"]


def _reason(text: str) -> tuple[str, str]:
    if _MOVED.search(text):
        return "its branch moved on at that moment", "sync again"
    for pattern, why, hint in _REASONS:
        if re.search(pattern, text, re.MULTILINE):
            return why, hint
    lines = [line for line in text.splitlines() if line.startswith(("fatal:", "error:", "ssh:"))]
    return (f'git said "{escape(lines[0])}"' if lines else "git did not say why"), _LATER


def _home(address: Address) -> str:
    return f'the home at "{shown(address.url)}"'


def _no(rule: str, outcome: Outcome, message: str, hint: str) -> Answer:
    return Answer(None, outcome, Trouble(rule, message, hint))
