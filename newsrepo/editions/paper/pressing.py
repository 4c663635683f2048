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
    _say({})
    for line in sys.stdin.buffer:
        question = json.loads(line)
        try:
            _say(_answer(question, typst, folder, fonts))
        except RuntimeError as error:  # TypstError is one, and `query` raises the plain kind
            _say({"error": str(error)[:2000], "hint": "; ".join(getattr(error, "hints", ()))})


def _answer(question: dict[str, Any], typst: Any, folder: Path, fonts: Any) -> dict[str, Any]:
    """What one question asks for: whether a picture can be set, how many pages there are, or a PDF."""
    nowhere = folder / "nowhere"
    compiler = typst.Compiler(
        input=folder / question["template"],
        root=folder,
        font_paths=fonts,
        ignore_system_fonts=True,
        sys_inputs={"data": question["data"]},
        package_path=nowhere,
        package_cache_path=nowhere,
    )
    if "moment" not in question:
        return {"found": json.loads(compiler.query("<end>", field="value", one=True))}
    pdf = compiler.compile(
        format="pdf",
        timestamp=question["moment"],
        pdf_standards="ua-1" if question["accessible"] else "1.7",
        pdf_tags=question["accessible"],
    )
    (folder / "out.pdf").write_bytes(pdf)
    return {}


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
