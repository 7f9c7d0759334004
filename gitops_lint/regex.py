"""Regular expressions that are compiled when somebody asks them something: most runs ask few of them, and start the sooner."""

from __future__ import annotations

import re
from typing import cast

_METHODS = ("finditer", "findall", "flags", "fullmatch", "match", "pattern", "search", "split", "sub", "subn")


class _Pattern:
    """What becomes a compiled pattern in all but its type."""

    def __init__(self, text: str, flags: re.RegexFlag) -> None:
        self._given = (text, flags)

    def __getattr__(self, name: str) -> object:
        if name not in _METHODS:
            raise AttributeError(name)
        compiled = re.compile(*self._given)
        vars(self).update((method, getattr(compiled, method)) for method in _METHODS)
        return getattr(compiled, name)


def regex(text: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    """The pattern, not compiled yet: a wrong one raises re.error where it is used first."""
    return cast("re.Pattern[str]", _Pattern(text, flags))
