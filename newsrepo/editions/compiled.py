"""Compiled templates, kept beside their sources as Python keeps its own modules.

Only whoever may write the program's own files may write here, so that what is found is no less to be trusted
than the program. Templates of a publisher's own are compiled each time: no clone brings compiled code along.
"""

import hashlib
import os
import sys
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket, BytecodeCache

_SIZE = 20
"""Bytes of the digest that each file begins with: a torn one counts as none."""


class Compiled(BytecodeCache):
    """The compiled templates of one folder. Where it cannot be written, each run compiles anew.

    A template is known by its text, by the version of the library and by how this package asks it to compile.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        how = Path(__file__).with_name("theme.py").read_bytes()
        self._how = hashlib.blake2b(jinja2.__version__.encode() + b"\0" + how, digest_size=8).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        """What was kept of this very text; anything else counts as nothing."""
        try:
            data = self._path(bucket).read_bytes()
        except OSError:
            return
        if _digest(data[_SIZE:]) == data[:_SIZE]:
            bucket.bytecode_from_string(data[_SIZE:])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it; losing this costs the next run time and nothing else."""
        if sys.dont_write_bytecode:
            return
        path = self._path(bucket)
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        try:
            self._folder.mkdir(exist_ok=True)
            code = bucket.bytecode_to_string()
            fresh.write_bytes(_digest(code) + code)
            os.replace(fresh, path)
        except OSError:
            fresh.unlink(missing_ok=True)

    def _path(self, bucket: Bucket) -> Path:
        return self._folder / f"{bucket.key}.{sys.implementation.cache_tag}.{self._how}"


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=_SIZE).digest()
