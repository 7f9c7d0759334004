"""Write the files that are made from the code, or say which of them are stale.

usage: python -m tools.generate [--check]
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from tools import config_page, config_schema, hooks, pages, rule_table

ROOT = Path(__file__).resolve().parent.parent
OWNED = "docs/rules"  # a directory in which nothing else may be


def outputs() -> dict[str, str]:
    """Every generated file, by its path below the project's root."""
    return {
        "schemas/config.schema.json": config_schema.render(),
        ".pre-commit-hooks.yaml": hooks.render(),
        "gitops_lint/rules/_table.py": rule_table.render(),
        **config_page.render(),
        **pages.render(),
    }


def stale(root: Path = ROOT) -> Iterator[str]:
    """The paths whose file is not what would be written now, and those that would not be written at all."""
    wanted = outputs()
    for path, text in wanted.items():
        file = root / path
        if not file.exists() or file.read_text() != text:
            yield path
    for file in sorted((root / OWNED).glob("*")):
        path = file.relative_to(root).as_posix()
        if path not in wanted:
            yield path


def write(root: Path = ROOT) -> None:
    """Bring every generated file up to date."""
    wanted = outputs()
    for path in list(stale(root)):
        file = root / path
        if path in wanted:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(wanted[path])
        else:
            file.unlink()
        print(path)


def main(arguments: list[str]) -> int:
    """Generate, or check; the exit status."""
    if arguments == ["--check"]:
        found = list(stale())
        print("\n".join(f"stale: {path} (make generate)" for path in found) or "generated files are fresh")
        return bool(found)
    if arguments:
        print(__doc__, file=sys.stderr)
        return 2
    write()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
