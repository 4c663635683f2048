"""The page that the editor is: two scripts, unlisted by search engines, nothing from elsewhere."""

from typing import Any, Final

import yaml

TITLE: Final = "Editor"
INDEX: Final = b"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
<title>Editor</title>
<link rel="cms-config-url" type="text/yaml" href="config.yml">
</head>
<body>
<noscript>The editor is a script: allow it for this page, or write with `newsrepo new`.</noscript>
<script src="decap-cms.js"></script>
<script src="newsrepo.js"></script>
</body>
</html>
"""
OWN: Final = b"""\
// Leaves out of a saved text what nobody filled in: our files say nothing where there is nothing to say.
CMS.registerEventListener({
  name: "preSave",
  handler: ({ entry }) => {
    const empty = (value) =>
      value === null || value === undefined || value === "" || value.size === 0;
    const clean = (value) =>
      value && typeof value === "object" && typeof value.filterNot === "function"
        ? value.map(clean).filterNot(empty)
        : value;
    return clean(entry.get("data"));
  },
});
"""
POLICY: Final = (
    "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self' data:; connect-src 'self' blob:; "
    "frame-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
"""What the editor may do on this machine: its own script, its own server, and nobody else."""


def config(settings: dict[str, Any], collections: list[dict[str, Any]]) -> bytes:
    """``config.yml`` of Decap CMS: settings of the backend, and the forms."""
    whole = {
        **settings,
        "media_folder": "articles",
        "public_folder": "",
        "show_preview_links": False,
        "collections": collections,
    }
    told = "# Made from the record types by newsrepo; a change here is lost.\n"
    text = yaml.dump(whole, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=100)
    return (told + str(text)).encode()


class _Plain(yaml.SafeDumper):
    """Without anchors: equal parts are written twice."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the signature is the library's
        return True
