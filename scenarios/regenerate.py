"""Write every shipped scenario and the catalogue anew: ``python scenarios/regenerate.py``."""
# ruff: noqa: INP001 -- a script beside the files it writes, not a package

from __future__ import annotations

import json
from pathlib import Path

from optimizer.formats import write_scenario
from optimizer.generate import RECIPES, generate_scenario, summary


def regenerate(folder: Path) -> None:
    """Write all scenarios and ``catalogue.json`` into a folder."""
    rows = []
    for recipe in RECIPES.values():
        scenario = generate_scenario(recipe, recipe.seed)
        write_scenario(scenario, folder / recipe.file_name)
        rows.append(summary(recipe, scenario))
    text = json.dumps(rows, indent=2) + "\n"
    (folder / "catalogue.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    regenerate(Path(__file__).resolve().parent)
