"""What a wheel holds that no source file is: the manual pages, made from the command reference."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ManualPages(BuildHookInterface):  # type: ignore[type-arg] # generic in hatchling's stubs alone
    """Puts ``share/man/man1/*.1`` into the wheel, and an installer puts them where ``man`` looks."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the pages into ``build/man`` and name them; an editable install has none."""
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root / "tools"))
        from man_pages import main

        main(str(root / "docs/cli.md"), str(root / "build/man"))
        for page in sorted((root / "build/man").iterdir()):
            build_data["shared_data"][str(page)] = f"share/man/man1/{page.name}"
