"""The site's settings: the written ones, with what is known only when the tree is written."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from cpplan_docs.navigation import navigation

SOURCE_ROOTS = ("kernel", "simulation")


def write_settings(written: Path, tree: Path, place: Path, site: Path) -> None:
    """Write the settings that a builder is given.

    Args:
        written: the file of written settings.
        tree: the pages.
        place: where the settings are written; paths in them are seen from its folder.
        site: the folder that the builder makes.
    """
    yaml = YAML()
    settings: dict[str, Any] = yaml.load(written.read_text(encoding="utf-8"))

    def seen(path: Path) -> str:
        return Path(os.path.relpath(path.resolve(), place.parent.resolve())).as_posix()

    settings["docs_dir"], settings["site_dir"] = seen(tree), seen(site)
    top = written.resolve().parent.parent
    python = settings["plugins"]["mkdocstrings"]["handlers"]["python"]
    python["paths"] = [seen(top / root) for root in SOURCE_ROOTS]
    settings["nav"] = navigation(tree)
    with place.open("w", encoding="utf-8") as file:
        yaml.dump(settings, file)
