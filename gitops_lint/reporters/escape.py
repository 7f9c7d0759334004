"""Every byte of a report that came from a repository passes here: one `show` for the eyes, one escaper for each format."""

from __future__ import annotations

import re

from gitops_lint.node import Location
from gitops_lint.regex import regex

LONGEST = 120  # characters shown of one name or value

# Controls, separators, bidirectional and zero-width marks, tags, halves of surrogate pairs: what is not seen, or changes what is.
_HIDDEN = regex(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
_SURROGATE = regex("[\ud800-\udfff]")
_NO_BYTE = regex("[\ud800-\udc7f\udd00-\udfff]")  # what no byte of a file name decodes to
_XML_ILLEGAL = regex("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_COMMAND = regex(r"##(?=\[|vso\[|teamcity\[)")  # Azure, GitHub and TeamCity read these anywhere in a line
_SPAN = regex(r"`([^`]*)`")
# A hyphen inside a word and the dots of a version do nothing.
_MARKUP = regex(r"[\\*_{}\[\]()#+!|~@:/$]|(?<!\d)\.|\.(?!\d)|(?<![^\W_])-|-(?![^\W_])")
_OBJECT = regex(r"[A-Z]\w*/.*:")  # the key of a whole Kubernetes object


def _code(match: re.Match[str]) -> str:
    point = ord(match[0])
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"  # noqa: PLR2004  the last plane that four digits name


def show(text: str, limit: int | None = None) -> str:
    """The text on one line with nothing in it that acts; with a limit, cut there with `…`."""
    harmless = text.isascii() and text.isprintable() and "##" not in text
    clean = text if harmless else _COMMAND.sub(r"\\u0023#", _HIDDEN.sub(_code, text))
    return clean if limit is None or len(clean) <= limit else clean[: limit - 1] + "…"


def message(text: str) -> str:
    """A message with each backquoted name in it cut to `LONGEST`."""
    return _SPAN.sub(lambda match: f"`{show(named(match[1]), LONGEST)}`", show(text))


def named(key: str) -> str:
    """A key for the eyes: that of a whole object without the colon that other keys of the object go on behind."""
    return key[:-1] if key.endswith(":") and _OBJECT.fullmatch(key) else key


def place(at: Location, limit: int | None = None) -> str:
    """`path:line:column`; with a limit, a longer path begins with `…`."""
    path = show(at.path)
    short = path if limit is None or len(path) <= limit else "…" + path[1 - limit :]
    return f"{short}:{at.line}:{at.column}"


def start(text: str) -> str:
    """A text that begins a line: never read as a workflow command (`::error::`)."""
    clean = show(text)
    return f"./{clean}" if clean.lstrip().startswith("::") else clean


def json_text(value: object, *, indent: int | None = None) -> str:
    """JSON in ASCII, with no half of a surrogate pair and no text that a build log would take for a command."""
    import json  # noqa: PLC0415  text for a terminal needs none

    text = json.dumps(_paired(value), ensure_ascii=True, allow_nan=False, indent=indent)
    return _COMMAND.sub(r"\\u0023#", text)


def _paired(value: object) -> object:
    if isinstance(value, str):
        return _SURROGATE.sub(_code, value)
    if isinstance(value, dict):
        return {str(_paired(key)): _paired(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_paired(item) for item in value]
    return value


def uri(path: str) -> str:
    """A path as a URI reference, by its bytes in the file system; a leading part with a colon cannot be taken for a scheme."""
    from urllib.parse import quote  # noqa: PLC0415  as above

    return quote(_NO_BYTE.sub("\ufffd", path).encode("utf-8", "surrogateescape"), safe="/")


def github_data(text: str) -> str:
    """The message of a workflow command (actions/toolkit, packages/core/src/command.ts)."""
    return show(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def github_property(text: str) -> str:
    """A property of a workflow command."""
    return github_data(text).replace(":", "%3A").replace(",", "%2C")


def html(text: str) -> str:
    """Text for HTML, in an element or in a quoted attribute."""
    clean = show(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;").replace("'", "&#39;")
    return clean.replace("`", "&#96;")


def xml(text: str) -> str:
    """Text without the characters that XML cannot hold; an XML writer escapes the rest."""
    return _XML_ILLEGAL.sub("", show(text))


def fence(body: str) -> str:
    """A fence for a code block that no run of backquotes in the body closes."""
    return "`" * max(3, 1 + max((len(run) for run in re.findall("`+", body)), default=0))


def markdown(text: str) -> str:
    """Text for GitHub's and GitLab's Markdown: no link, mention, reference, emphasis, heading or HTML comes of it."""
    clean = html(text)
    return _MARKUP.sub(lambda match: f"&#{ord(match[0])};", clean)


def markdown_code(text: str) -> str:
    """A code span, also inside a table: its fence is longer than any run of backquotes in it."""
    clean = show(text, LONGEST).replace("|", "\\|") or " "
    longest = max((len(run) for run in re.findall("`+", clean)), default=0)
    pad = " " if clean.startswith("`") or clean.endswith("`") else ""
    return f"{'`' * (longest + 1)}{pad}{clean}{pad}{'`' * (longest + 1)}"


def markdown_message(text: str) -> str:
    """A message for a Markdown table: what it backquotes as code, the rest as text."""
    parts = _SPAN.split(text)
    return "".join(markdown_code(named(part)) if number % 2 else markdown(part) for number, part in enumerate(parts))
