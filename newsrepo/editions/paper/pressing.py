"""The other side of ``press``: the process that holds Typst and answers one question a line."""

import json
import sys
from pathlib import Path
from typing import Any


def serve() -> None:
    """Answer until the input ends. The first question sets up, every other one measures or prints."""
    import typst

    setup = json.loads(sys.stdin.buffer.readline())
    _bound(setup["memory"])
    folder = Path(setup["root"])
    fonts = typst.Fonts(include_system_fonts=False, font_paths=setup["fonts"])
    nowhere = folder / "nowhere"
    _say({})
    for line in sys.stdin.buffer:
        question = json.loads(line)
        try:
            compiler = typst.Compiler(
                input=folder / question.get("template", "paper.typ"), root=folder, font_paths=fonts,
                ignore_system_fonts=True, sys_inputs={"data": question["data"]},
                package_path=nowhere, package_cache_path=nowhere,
            )  # fmt: skip
            if "moment" in question:
                pdf = compiler.compile(
                    format="pdf", timestamp=question["moment"],
                    pdf_standards="ua-1" if question["accessible"] else "1.7",
                    pdf_tags=question["accessible"],
                )  # fmt: skip
                (folder / "out.pdf").write_bytes(pdf)
                _say({})
            else:
                found = json.loads(compiler.query("<end>", field="value", one=True))
                _say({"pages": found["pages"]})
        except typst.TypstError as error:
            hints = "; ".join(error.hints)
            _say({"error": str(error.message)[:2000], "hint": hints, "trace": error.diagnostic[:4000]})


def _bound(memory: int) -> None:
    """Where the system can, hold this process to so many bytes of data."""
    try:
        import resource
    except ImportError:  # Windows
        return
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    resource.setrlimit(resource.RLIMIT_DATA, (memory, hard))


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
    sys.stdout.buffer.flush()
