"""Bring an index that Pagefind made into the one order that the same articles always have.

Pagefind writes the values of a filter in an order that differs from run to run, and names files by a hash of
their bytes. Here values are sorted and names made anew; nothing is added or left out. Files of an index are
gzip streams of twelve bytes, ``pagefind_dcd``, and a value in CBOR (RFC 8949).
"""

import gzip
import hashlib
import json
import re
import zlib
from collections.abc import Mapping
from typing import Any

import cbor2

from newsrepo.errors import UnableError

_MARK = b"pagefind_dcd"
_FILTER = re.compile(r"filter/(?P<hash>[A-Za-z0-9_-]+)\.pf_filter")
_META = re.compile(r"pagefind\.(?P<hash>[A-Za-z0-9_-]+)\.pf_meta")
_ENTRY = "pagefind-entry.json"


def tool() -> str:
    """What writes the files that are made anew, with its version: other versions may pack alike or not."""
    return f"zlib {zlib.ZLIB_RUNTIME_VERSION}"


def ordered(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of one index, by path, in the one order. Raises UnableError for what is no such index."""
    try:
        return _ordered(files)
    except (OSError, EOFError, zlib.error, cbor2.CBORError, KeyError, TypeError, ValueError) as error:
        raise UnableError(
            f"the index that pagefind made is of another form than expected: {error}",
            "build without the search, or with the version of pagefind that newsrepo's lock names",
        ) from error


def _ordered(files: Mapping[str, bytes]) -> dict[str, bytes]:
    made = {
        path: data for path, data in files.items() if not (_FILTER.fullmatch(path) or _META.fullmatch(path))
    }
    hashes: dict[str, str] = {}
    for path, data in files.items():
        if match := _FILTER.fullmatch(path):
            name, values = _value(data)
            value = [name, sorted(values)]
            hashes[match["hash"]] = _written(value, match["hash"], "filter/{}.pf_filter", made)
    entry: dict[str, Any] = json.loads(files[_ENTRY])
    for path, data in files.items():
        if match := _META.fullmatch(path):
            version, pages, chunks, filters, sorts, fields = _value(data)
            filters = sorted([name, hashes[old]] for name, old in filters)
            value = [version, pages, chunks, filters, sorted(sorts), fields]
            hashes[match["hash"]] = _written(value, match["hash"], "pagefind.{}.pf_meta", made)
    for language in entry["languages"].values():
        language["hash"] = hashes[language["hash"]]
    made[_ENTRY] = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return made


def _value(data: bytes) -> Any:
    plain = gzip.decompress(data)
    if not plain.startswith(_MARK):
        raise ValueError("a file does not begin as Pagefind's do")
    return cbor2.loads(plain[len(_MARK) :])


def _written(value: Any, old: str, name: str, into: dict[str, bytes]) -> str:
    """Put a value into a file called by its own hash; that hash, with the language before it."""
    plain = _MARK + cbor2.dumps(value)
    language = old.rpartition("_")[0]
    new = f"{language}_{hashlib.sha256(plain).hexdigest()[: len(old) - len(language) - 1]}"
    into[name.format(new)] = gzip.compress(plain, mtime=0)
    return new
