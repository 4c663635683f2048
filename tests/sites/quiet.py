"""A server of built editions on this machine."""

import http.server
import json
from pathlib import Path
from urllib.parse import urlsplit


def editions(site: Path) -> list[Path]:
    return sorted(path.parent for path in site.rglob("feed.json"))


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files and says nothing; an edition is also there where its address says it will be."""

    def translate_path(self, path: str) -> str:
        """The file for an address."""
        top = Path(self.directory)
        for edition in editions(top):
            home = json.loads((edition / "feed.json").read_text())["home_page_url"].removesuffix("index.html")
            place = urlsplit(home).path
            direct = f"/{edition.relative_to(top)}/"
            if path.startswith(place) and not path.startswith(direct):
                return super().translate_path(direct + path.removeprefix(place))
        return super().translate_path(path)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Say nothing."""
