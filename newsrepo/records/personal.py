"""Mail addresses in the bytes of a record: what somebody may want back, and git gives to nobody.

What only looks like one is passed over: the address of a repository (``git@host:path``), a name before a host
in a web address, a handle with two ``@``, a picture for dense screens (``quay@2x.png``), domains that are set
aside for examples (RFC 2606), and senders that take no mail. Each ``@`` is looked at with a bounded piece on
either side, so the work is proportional to the bytes.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

MOST = 20
"""How many addresses of one file are told of."""

_BEFORE = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}\Z")
_AFTER = re.compile(rb"((?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\.){1,8})([A-Za-z]{2,24})(?![A-Za-z0-9@-])")
_NO_DOMAIN = frozenset(["png", "jpg", "jpeg", "gif", "webp", "svg", "css", "js", "pdf"])
_RESERVED = re.compile(r"(?:^|\.)(?:example(?:\.(?:com|net|org))?|test|invalid|localhost)$")


class Address(NamedTuple):
    """Where a mail address begins, line and column from 1, and how to speak of it: ``a…@example.org``."""

    line: int
    col: int
    hint: str


def mail_addresses(data: bytes) -> Iterator[Address]:
    """The first ``MOST`` addresses in a file, in order."""
    at = -1
    told = 0
    while told < MOST and (at := data.find(b"@", at + 1)) >= 0:
        found = _address(data, at)
        if found is not None:
            told += 1
            yield found


def _address(data: bytes, at: int) -> Address | None:
    low = max(0, at - 65)
    local = _BEFORE.search(data[low:at])
    domain = _AFTER.match(data, at + 1, at + 300)
    if local is None or domain is None:
        return None
    start = low + local.start()
    before, after = data[start - 1 : start], data[domain.end() : domain.end() + 2]
    if before in (b"/", b"@", b"!") or after[:1] == b"/" or re.match(rb":\S", after):
        return None
    host = domain[0].decode("ascii").lower()
    if domain[2].lower().decode() in _NO_DOMAIN or _RESERVED.search(host):
        return None
    if b"noreply" in local[0].lower().replace(b"-", b"") or "noreply" in host:
        return None
    line = data.count(b"\n", 0, start) + 1
    first = data.rfind(b"\n", 0, start) + 1
    col = len(data[first:start].decode("utf-8", "replace")) + 1
    return Address(line, col, f"{local[0][:1].decode()}…@{host}")
