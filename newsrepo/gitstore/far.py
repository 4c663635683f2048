"""What git may see and spend when it speaks with somebody else's machine: values that the runner applies."""

import re
import shlex
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct


class Limits(Struct, frozen=True):
    """What one home may cost: seconds on the wall, bytes of one pack, bytes of memory and seconds of CPU
    of each process."""

    seconds: float = 300
    pack_bytes: int = 1 << 30
    memory_bytes: int = 4 << 30
    cpu_seconds: int = 300


_PASSED: Final = re.compile(
    r"(?:https?|all|no)_proxy|(?:HTTPS|ALL|NO)_PROXY"
    r"|GIT_SSL_CA(?:INFO|PATH)|SSL_CERT_(?:FILE|DIR)|CURL_CA_BUNDLE|SSH_AUTH_SOCK|USER|LOGNAME"
)
"""Of the user's environment: proxies, certificates, the ssh agent. To curl, too, ``HTTP_PROXY`` is none."""

_SSH: Final = (
    "-oBatchMode=yes",  # no question is asked, so none can wait for an answer
    "-oForwardAgent=no",
    "-oForwardX11=no",
    "-oClearAllForwardings=yes",
    "-oPermitLocalCommand=no",
    "-oControlMaster=no",  # none stays behind that would hold our pipes
    "-oConnectTimeout=30",
    "-oServerAliveInterval=15",
    "-oServerAliveCountMax=2",
)
"""Whether a host key is known is for the user's own known_hosts to say: an unknown one is refused."""

_SETTINGS: Final = (
    "protocol.version=2",
    "fetch.fsckObjects=true",
    "transfer.fsckObjects=true",
    # Old tools left these in honest histories; nothing here reads a mode's digits or trusts a date.
    "fetch.fsck.zeroPaddedFilemode=ignore",
    "fetch.fsck.badTimezone=ignore",
    "fetch.fsck.missingSpaceBeforeDate=ignore",
    "fetch.unpackLimit=1",  # always a pack: one file, which the limit on files bounds
    "transfer.unpackLimit=1",
    "transfer.bundleURI=false",
    "transfer.credentialsInUrl=die",
    "fetch.uriProtocols=",
    "fetch.recurseSubmodules=false",
    "fetch.writeCommitGraph=false",
    "fetch.parallel=1",
    "pack.threads=1",
    "core.packedGitWindowSize=64m",  # maps little at a time, so that a large store fits the limit on memory
    "core.packedGitLimit=512m",
    "http.followRedirects=initial",
    "http.lowSpeedLimit=1024",
    "http.lowSpeedTime=30",
    "http.sslVerify=true",
    "http.delegation=none",
)

_LIMITED: Final = 'ulimit -f "$1"; ulimit -v "$2"; ulimit -t "$3"; shift 3; exec "$@"'
"""A fixed text; what it runs comes as arguments. A limit that it may not set is already stricter.

Not ``preexec_fn``, which runs Python between fork and exec: with threads about, it may wait for a lock that
nobody will ever let go. ``prlimit`` is on Linux only, and another process's limits can be set only after it
has started.
"""


def options(*, checked: bool) -> tuple[str, ...]:
    """The settings, as options before the subcommand. Only the user's own objects need not be ``checked``."""
    settings = _SETTINGS if checked else (*_SETTINGS, "fetch.fsckObjects=false")
    return tuple(part for setting in settings for part in ("-c", setting))


def environment(user: Mapping[str, str], ssh: str, *, local: bool) -> dict[str, str]:
    """What to add to the runner's environment. ``ssh`` is the program's path; ``local`` as for addresses."""
    env = {name: value for name, value in user.items() if _PASSED.fullmatch(name)}
    env["GIT_ALLOW_PROTOCOL"] = "https:ssh:file:http" if local else "https:ssh"
    env["GIT_SSH_COMMAND"] = shlex.join([ssh, *_SSH])
    env["GIT_SSH_VARIANT"] = "ssh"
    return env


_OWN: Final = re.compile(
    r"GIT_SSH(?:_COMMAND|_VARIANT)?|(?:GIT|SSH)_ASKPASS|SSH_ASKPASS_REQUIRE|TERM|DISPLAY|WAYLAND_DISPLAY"
    r"|DBUS_SESSION_BUS_ADDRESS|XDG_RUNTIME_DIR|GNUPGHOME|GPG_TTY"
)
"""What the user's own way of proving who they are may need."""


def own(user: Mapping[str, str], *, local: bool, ask: bool) -> dict[str, str]:
    """What to add to the runner's environment where the user hands over what is theirs."""
    env = {name: value for name, value in user.items() if _PASSED.fullmatch(name) or _OWN.fullmatch(name)}
    env["GIT_ALLOW_PROTOCOL"] = "https:ssh:file:http" if local else "https:ssh"
    env["GIT_TERMINAL_PROMPT"] = "1" if ask else "0"
    if not ask:
        env.setdefault("GIT_SSH_COMMAND", "ssh -oBatchMode=yes")
    return env


def limited(command: Sequence[str], limits: Limits) -> list[str]:
    """The command, started under limits that it and its children cannot lift."""
    numbers = (limits.pack_bytes >> 9, limits.memory_bytes >> 10, limits.cpu_seconds)
    return ["/bin/sh", "-c", _LIMITED, "sh", *(str(max(1, n)) for n in numbers), *command]
