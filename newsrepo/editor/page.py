"""The page that the editor is: its scripts, unlisted by search engines, nothing from elsewhere."""

from typing import Any, Final

import yaml

TITLE: Final = "Editor"
# Wherever it stands, only its own scripts run, and what is sent goes by https: to the forge in config.yml.
INDEX: Final = b"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self' 'unsafe-eval'; \
style-src 'self' 'unsafe-inline'; img-src 'self' data: blob: https:; media-src 'self' blob: https:; \
font-src 'self' data:; connect-src 'self' blob: https:; frame-src 'self' blob:; base-uri 'none'; \
form-action 'none'">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
<title>Editor</title>
<link rel="icon" href="data:,">
<link rel="cms-config-url" type="text/yaml" href="config.yml">
</head>
<body>
<noscript>The editor is a script: allow it for this page, or write with `newsrepo new`.</noscript>
<script src="start.js"></script>
<script src="decap-cms.js"></script>
<script src="newsrepo.js"></script>
</body>
</html>
"""
START: Final = b"""\
// The editor waits for newsrepo.js.
window.CMS_MANUAL_INIT = true;
"""
OWN: Final = b"""\
// Says what the buttons do on one's own machine: a save is a commit, and publishing is another matter.
const plainWords = () => {
  const english = CMS.getLocale("en");
  const toolbar = {
    ...english.editor.editorToolbar,
    publish: "Save",
    publishing: "Saving...",
    published: "Saved",
    publishNow: "Save now",
    publishAndCreateNew: "Save and begin another",
    publishAndDuplicate: "Save and copy",
    deployPreviewPendingButtonLabel: "Preview: newsrepo serve",
  };
  CMS.registerLocale("en", { ...english, editor: { ...english.editor, editorToolbar: toolbar } });
};
// Leaves out of a saved text what nobody filled in: our files say nothing where there is nothing to say.
// Where a choice carries a version, it is written beside the id.
CMS.registerEventListener({
  name: "preSave",
  handler: ({ entry }) => {
    const empty = (value) =>
      value === null || value === undefined || value === "" || value.size === 0;
    const clean = (value) =>
      value && typeof value === "object" && typeof value.filterNot === "function"
        ? value.map(clean).filterNot(empty)
        : value;
    const pin = (values, key) => {
      const [id, version] = String(values.get(key) ?? "").split("@");
      return version ? values.set(key, id).set("version", version) : values;
    };
    const data = pin(clean(entry.get("data")), "on");
    const sources = data.get("based_on");
    return sources ? data.set("based_on", sources.map((one) => pin(one, "article"))) : data;
  },
});
fetch("config.yml")
  .then((answer) => answer.text())
  .then((text) => {
    if (/^publish_mode: simple$/m.test(text)) plainWords();
    CMS.init();
  });
"""
FILES: Final = {"index.html": INDEX, "start.js": START, "newsrepo.js": OWN}
"""Our own files beside the editor's."""

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
