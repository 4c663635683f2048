"""Write the vectors anew: ``python tests/vectors/make.py``. The keys are fixed, so the bytes are too.

With ``--unpack DIR`` write the files of every case into DIR instead, for looking at them with other tools.
"""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
for folder in (HERE, HERE.parent, HERE.parent / "tally"):
    sys.path.insert(0, str(folder))

import cases_ballots  # noqa: E402 - found by the lines above
import cases_closings  # noqa: E402
from vectors import CASES, Case, read_all  # noqa: E402


def all_cases() -> Iterator[Case]:
    yield from cases_ballots.cases()
    yield from cases_closings.cases()


def write_all(folder: Path) -> int:
    """Write every case into ``folder``; gives their number."""
    count = 0
    for case in all_cases():
        case.write(folder)
        count += 1
    return count


def main() -> None:
    if sys.argv[1:2] == ["--unpack"]:
        for case in read_all():
            case.unpack(Path(sys.argv[2]))
        return
    if CASES.exists():
        shutil.rmtree(CASES)
    print(f"{write_all(CASES)} cases in {CASES}")


if __name__ == "__main__":
    main()
