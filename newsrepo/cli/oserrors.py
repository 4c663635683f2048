"""What the operating system refused, in words: the path, the fact and the way out."""

import errno
import os

from newsrepo.cli.present.encode import quote

_HINTS = {
    errno.ENOSPC: "free some space and run it again: what was there before is intact",
    errno.EDQUOT: "your quota is used up; free some space and run it again: what was there before is intact",
    errno.EFBIG: "the file would be larger than this system allows: what was there before is intact",
    errno.EROFS: "the file system is read-only: write somewhere else, or mount it writable",
    errno.EACCES: "check who owns it and its permissions",
    errno.EPERM: "check who owns it and its permissions",
    errno.EMFILE: "too many files are open: raise the limit (`ulimit -n`)",
    errno.ENAMETOOLONG: "use a shorter path",
    errno.EADDRINUSE: "choose another port with --port",
}


def explain(error: OSError) -> tuple[str, str]:
    """Message and hint for an error of the operating system."""
    fact = os.strerror(error.errno) if error.errno else str(error)
    names = [quote(os.fsdecode(name)) for name in (error.filename, error.filename2) if _is_path(name)]
    where = " -> ".join(names)
    return (f"{where}: {fact}" if where else fact), _HINTS.get(error.errno or 0, "")


def _is_path(name: object) -> bool:
    return isinstance(name, (str, bytes)) and bool(name)
