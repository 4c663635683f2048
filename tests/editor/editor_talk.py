"""One editor over a small commons of two contingents, and a browser's part of the talk with it."""

import http.client
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from support import CHARTER, article

from newsrepo.editor.protocol import RefusedError
from newsrepo.porcelain.editing import Desk
from newsrepo.porcelain.editing_server import EditorServer
from newsrepo.porcelain.workspace import Workspace

FREE = "license: CC0-1.0\n"
QUESTION = "---\ntitle: Who paid?\nto:\n  - abc\ndate: 2026-05-03\nlang: en\n---\n\nWho paid for it?\n"
FILES = {
    "newsrepo.yaml": CHARTER,
    "contingents/abc.yaml": "name: ABC\nlang: en\n",
    "contingents/lmn.yaml": "name: LMN\n",
    "articles/abc/2026/first/index.md": article(
        "First light", "Some *words*.", more=f"{FREE}extra:\n  desk: 7\n"
    ),
    "articles/lmn/2026/harbour/index.md": article(
        "The harbour", "Ships came.", more=f"authors:\n  - Bo\n{FREE}"
    ),
    "challenges/lmn/who-paid/challenge.md": QUESTION,
}
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


class Talk:
    """What a test says to a desk: an action by name with its parameters."""

    def __init__(self, root: Path, contingent: str = "abc") -> None:
        self.root = root
        self.contingent = contingent
        self.log: list[str] = []
        self.desk = Desk(self.work, lambda: NOW, self.log.append)

    def work(self) -> Workspace:
        return Workspace.discover(self.root, contingent=self.contingent, rater="ann")

    def ask(self, action: str, **params: Any) -> Any:
        return self.desk.answer(json.dumps({"branch": "main", "action": action, "params": params}).encode())

    def save(self, path: str, raw: str, assets: Any = ()) -> Any:
        return self.ask(
            "persistEntry",
            dataFiles=[{"slug": "x", "path": path, "raw": raw, "newPath": None}],
            assets=list(assets),
            options={"commitMessage": "not ours", "useWorkflow": False, "status": "draft"},
        )

    def refused(self, path: str, raw: str, assets: Any = ()) -> str:
        with pytest.raises(RefusedError) as error:
            self.save(path, raw, assets)
        return error.value.message

    def read(self, path: str) -> str:
        return (self.root / path).read_text()


class Browser:
    """Plain requests, each header said, so that any of them can be wrong."""

    def __init__(self, server: EditorServer) -> None:
        self.server = server
        self.cookie = f"{server.cookie}={server.key}"
        self.host = f"127.0.0.1:{server.port}"

    def go(self, method: str, path: str, body: bytes = b"", **headers: str | None) -> tuple[int, bytes, Any]:
        said = {
            "Host": self.host,
            "Cookie": self.cookie,
            **(
                {"Origin": f"http://{self.host}", "Content-Type": "application/json"}
                if method == "POST"
                else {}
            ),
            "Content-Length": str(len(body)) if method == "POST" else None,
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        line = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        try:
            line.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in said.items():
                if value is not None:
                    line.putheader(name, value)
            line.endheaders(body or None)
            answer = line.getresponse()
            return answer.status, answer.read(), answer.headers
        finally:
            line.close()
