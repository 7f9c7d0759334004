"""The table of our rules, by which they are known before they are imported."""

from __future__ import annotations

from gitops_lint.rules import written

_HEAD = '''"""What is known of our rules before they are imported; made from them by `make generate`.

A line for each: name, category, what it looks at, severity, and what it says.
"""

from __future__ import annotations

TABLE = """\\
'''


def render() -> str:
    """The module, a line for each rule."""
    rows = ((r.name, r.category, r.about, r.severity.name, r.summary) for r in written())
    return _HEAD + "".join(f"{' '.join(row)}\n" for row in rows) + '"""\n'
