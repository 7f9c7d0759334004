"""JSON with comments, as .NET's `appsettings.json`, VS Code and many a small tool read it: the comments blanked, so that positions hold."""

from __future__ import annotations

import re

_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|//[^\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL)


def without_comments(text: str) -> str:
    """The text with `// …` and `/* … */` outside strings turned into blanks; line breaks stay."""
    return _TOKEN.sub(lambda found: found[0] if found[0].startswith('"') else re.sub(r"[^\n]", " ", found[0]), text)
