from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import gitops_lint

PACKAGE = Path(gitops_lint.__file__).parent


def named(file: Path) -> str:
    return ".".join(("gitops_lint", *file.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")


FILES = {named(file): file for file in PACKAGE.rglob("*.py")}


def lengths(file: Path) -> Iterator[str]:
    text = file.read_text()
    tree = ast.parse(text)
    lines = text.count("\n") - (ast.get_docstring(tree) or "").count("\n")  # the docstring of a rule is its page
    if lines > 300:
        yield f"{file.name}: {lines} lines"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (node.end_lineno or 0) - node.lineno + 1 > 60:
            yield f"{file.name}: {node.name} has more than 60 lines"


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{file}: imports are absolute"
            yield str(node.module)  # importing a module from its package imports the package, too
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_modules_and_functions_are_short() -> None:
    assert not [said for file in FILES.values() for said in lengths(file)]


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph = {module: {name for name in imported(file) if name in FILES and name != module} for module, file in FILES.items()}
    TopologicalSorter(graph).prepare()
