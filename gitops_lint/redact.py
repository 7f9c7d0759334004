"""What must not be shown: values under a secret's name, values that look like a credential, and what a Secret holds.

It errs on the side of masking: a frame that hides a harmless value costs a look into the file, one that shows a password costs a rotation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

MASK = "•••"

_SECRET_KEY = re.compile(
    r"passw(?:or)?d|passphrase|pwd|secret|token|(?:api|private|access)[_-]?key|credential|connection[_-]?string|dsn|bearer", re.IGNORECASE
)
# Names of things that a secret is kept in or ruled by; their values are safe to show.
_REFERENCE = re.compile(
    r"(?:(?:existing|external|sealed|image[_-]?pull)[_-]?secrets?|secret[_-]?(?:name|ref|store|class|provider)|secret[_-]?key[_-]?ref|ttl$|policy$|expir"
    r"|lifetime|rotation|enabled?$|automount|(?:file|path|url|name|type|header|length|issuer|audience)$)",
    re.IGNORECASE,
)
_STRONG = re.compile(r"(?:passw(?:or)?d|passphrase|pwd|token|credential|dsn|bearer|(?:api|private|access)[_-]?key)$", re.IGNORECASE)
_SHAPES = re.compile(
    r"""-----BEGIN[ ](?:[A-Z0-9 ]*[ ])?PRIVATE[ ]KEY(?:[ ]BLOCK)?-----.*
    | \b(?:AKIA|ASIA)[0-9A-Z]{16}\b
    | \bgh[pousr]_[A-Za-z0-9]{16,}
    | \bgithub_pat_[A-Za-z0-9_]{20,}
    | \bglpat-[A-Za-z0-9_-]{16,}
    | \bxox[abeoprs]-[A-Za-z0-9-]{8,}
    | \bsk_(?:live|test)_[A-Za-z0-9]{8,}
    | \bAIza[0-9A-Za-z_-]{30,}
    | \bAGE-SECRET-KEY-1[0-9A-Za-z]+
    | \beyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?
    | (?<=://)[^\s/@"'`]+(?=@)
    """,
    re.VERBOSE,
)
_RANDOM = re.compile(
    r"""(?<![A-Za-z0-9+/])(?=[A-Za-z0-9+/]*[a-z])(?=[A-Za-z0-9+/]*[A-Z])(?=[A-Za-z0-9+/]*[0-9])
    (?:[A-Za-z0-9+]{40,}|[A-Za-z0-9+/]{40,}=)={0,2}""",
    re.VERBOSE,
)
# For speed: what each of the shapes has in it, and what is long enough to be random letters
_MARKS = (
    *("-----BEGIN", "AKIA", "ASIA", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_", "glpat-"),
    *("xox", "sk_", "AIza", "AGE-", "eyJ", "@"),
)
_RUN = 40
_LONG = re.compile(r"[A-Za-z0-9+/]{40}")
_PAIR = re.compile(r"(?<![\w.-])[\"']?(?P<key>[\w.-]+)[\"']?[ \t]*(?:[:=][ \t]+|=|:(?=[\"'{\[|>]))(?P<value>\S.*)")
_KEY = re.compile(
    r"""(?P<indent>[ ]*(?:-[ ]+)*)
    (?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<plain>[^\s#"'\[\]{},&*!|>%@`-][^:#]*?))[ \t]*:(?=\s|$)[ \t]*""",
    re.VERBOSE,
)
_HARMLESS = re.compile(
    r"""["']?(?:\$\{|\$\(|\{\{|<path:|ref\+|ENC\[|vault:|arn:aws:secretsmanager:)
    | (?:null|~|true|false|""|''|[{\[][}\]])\s*(?:\#|$)""",
    re.VERBOSE,
)
LONGEST = 2000
_CONTEXT = 400  # lines looked at upwards: a longer block scalar is masked by its shape or not at all


@lru_cache(maxsize=8192)  # the same few names stand above everything
def secret_name(key: str) -> bool:
    """Whether a key's name says that its value is a secret, and not the name or the lifetime of one."""
    return _SECRET_KEY.search(key) is not None and (_REFERENCE.search(key) is None or _STRONG.search(key) is not None)


@lru_cache(maxsize=8192)  # most of what a report says is said of many findings
def redact(text: str) -> str:
    """The text with everything that has the shape of a credential masked, whatever it stands beside."""
    if any(mark in text for mark in _MARKS):
        text = _SHAPES.sub(MASK, text)
    return _RANDOM.sub(MASK, text) if len(text) >= _RUN and _LONG.search(text) else text


def _shapes(line: str) -> Iterator[tuple[int, int]]:
    """The spans of a line that have the shape of a credential."""
    if any(mark in line for mark in _MARKS):
        yield from (match.span() for match in _SHAPES.finditer(line))
    if len(line) >= _RUN and _LONG.search(line):
        yield from (match.span() for match in _RANDOM.finditer(line))


def masked(lines: Sequence[str], index: int) -> list[tuple[int, int]]:
    """The spans of a file's line (counted from 0) that must not be shown, sorted and apart; columns from 0, the end exclusive.

    Of a long line, only the first `LONGEST` code points are looked at: show no more of it.
    """
    line = lines[index][:LONGEST]
    spans = list(_shapes(line))
    start = _value_start(line)
    if start < len(line) and not _HARMLESS.match(line[start:]) and _sensitive(lines, index):
        spans.append((start, len(line)))
    spans.extend(_pairs(line))
    return _joined(spans)


def _pairs(line: str) -> Iterator[tuple[int, int]]:
    """The values of `key: value` and `key=value` anywhere in a line, also in a comment or in a line that is no YAML."""
    position = 0
    while (match := _PAIR.search(line, position)) is not None:
        secret = secret_name(match["key"]) or (match["key"] == "value" and _SECRET_KEY.search(line) is not None)
        if secret and not _HARMLESS.match(match["value"]):
            yield match.span("value")
            return
        position = match.start("value")


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


def _key(line: str) -> re.Match[str] | None:
    """The key that a line sets, as far as the line is looked at."""
    return _matched(line[:LONGEST])


@lru_cache(maxsize=32_768)  # every finding asks about the lines above it
def _matched(line: str) -> re.Match[str] | None:
    return _KEY.match(line)


def _value_start(line: str) -> int:
    match = _key(line)
    return match.end() if match else len(line) - len(line.lstrip(" -"))


def _name(match: re.Match[str]) -> str:
    return match["double"] or match["single"] or match["plain"] or ""


def _sensitive(lines: Sequence[str], index: int) -> bool:
    """Whether the value on this line stands under a secret's name, beside one (`name: DB_PASSWORD`), or in the data of a Secret."""
    own = _key(lines[index])
    if own is not None and _name(own) == "value" and _beside_secret(lines, index, len(own["indent"])):
        return True
    if own is None and _in_key_block(lines, index):
        return True
    return any(secret_name(name) or (name in ("data", "stringData") and _in_secret(lines, index)) for name in _ancestors(lines, index))


def _ancestors(lines: Sequence[str], index: int) -> Iterator[str]:
    """The names of the keys that a line stands under, its own first."""
    own = _key(lines[index])
    depth = len(own["indent"]) if own else len(lines[index]) - len(lines[index].lstrip(" "))
    if own is not None:
        yield _name(own)
    beside = own is None and lines[index].lstrip().startswith("-")  # an item may stand as far to the left as its key
    for line in reversed(lines[max(0, index - _CONTEXT) : index]):
        blanks = len(line) - len(line.lstrip(" "))
        if blanks > depth or (blanks == depth and not beside):
            continue  # for speed
        match = _key(line)
        if match is None or line.startswith("#", blanks):
            continue
        indent = len(match["indent"])
        if indent < depth or (beside and indent == depth):
            depth = indent
            yield _name(match)
        if depth == 0:
            return


def _in_key_block(lines: Sequence[str], index: int) -> bool:
    """Whether a line stands between the first and the last line of a private key."""
    for line in reversed(lines[max(0, index - _CONTEXT) : index]):
        if "-----END" in line or _key(line):
            return "PRIVATE KEY" in line and "-----BEGIN" in line
        if "-----BEGIN" in line:
            return "PRIVATE KEY" in line
    return False


def _beside_secret(lines: Sequence[str], index: int, depth: int) -> bool:
    for step in (-1, 1):
        for number in range(index + step, index + step * 4, step):
            match = _key(lines[number]) if 0 <= number < len(lines) else None
            if match is None or len(match["indent"]) != depth:
                break
            said = lines[number][match.end() : LONGEST]
            if _name(match) in ("name", "key", "id", "path") and (secret_name(said) or "/stringData/" in said):
                return True
    return False


def _in_secret(lines: Sequence[str], index: int) -> bool:
    """Whether the document around a line says `kind: Secret`, at whatever depth (lists of objects and patches nest them)."""
    start = next((n for n in range(index, max(0, index - _CONTEXT) - 1, -1) if lines[n].startswith("---")), max(0, index - _CONTEXT))
    for number in range(start, min(len(lines), index + _CONTEXT)):
        if number > index and lines[number].startswith("---"):
            return False
        if re.match(r"[ -]*kind:[ \t]*[\"']?Secret\b", lines[number]):
            return True
    return False
