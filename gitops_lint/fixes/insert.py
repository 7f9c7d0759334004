"""A new block of YAML, rendered: the only thing that ruamel.yaml is for."""

from __future__ import annotations

import io

from gitops_lint.keypath import KeyPath
from gitops_lint.node import Scalar


def block(keys: KeyPath, value: Scalar, column: int, *, newline: str) -> str:
    """The lines that set a value below nested keys, indented to a column (counted from 0), each ended."""
    from ruamel.yaml import YAML  # noqa: PLC0415  slow to import, and only fixes that insert need it

    nested: object = value
    for key in reversed(keys):
        nested = {key: nested}
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = False
    writer.width = 1 << 20
    out = io.StringIO()
    writer.dump(nested, out)
    return "".join(" " * column + line + newline for line in out.getvalue().splitlines())
