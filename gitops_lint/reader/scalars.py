"""Scalars as Kubernetes sees them: the text of a YAML scalar, resolved as go-yaml v2 does and then made JSON by sigs.k8s.io/yaml.

The rules are those of `resolve.go` in go.yaml.in/yaml v2.4, the key rules those of `convertToJSONableObject` in sigs.k8s.io/yaml v1.6.
"""

from __future__ import annotations

import math
import re
import struct

from gitops_lint.node import Scalar
from gitops_lint.reader.refusal import RefusedError
from gitops_lint.reader.tagged import tagged

_NUMERIC = frozenset("+-0123456789")
_TABLE: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}
_INTEGER = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[oO]([0-7]+)|0[bB]([01]+)|0([0-7]*)|([1-9][0-9]{0,19}))")
_BASES = (16, 8, 2, 8, 10)
_BINARY = re.compile(r"0b([-+][01]+)")  # `0b-1` is -1: go-yaml hands what follows the prefix to ParseInt, sign and all
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_DOTTED = re.compile(r"\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?")  # Go's ParseFloat lets `_` stand between digits

_BIGGEST_SIGNED = 2**63 - 1
_BIGGEST_UNSIGNED = 2**64 - 1
_SHORT = 18  # digits that fit into 63 bits whatever they are
_FIXED = range(-4, 6)  # decimal exponents that Go's shortest %g prints without an exponent
_PLAINLY = range(-999_999, 1_000_000)  # whole numbers that Go prints without an exponent
MERGE = "<<"
TRUE, FALSE = "true", "false"  # what boolean keys become; known by identity, so that a quoted `"true"` is none
_BOUND = 65536  # texts that a memo holds before it starts afresh


def resolve(text: str, plain: bool, tag: str | None = None) -> Scalar:  # noqa: FBT001  the fact that the parser states first
    """The value of a scalar: `plain` is the parser's `plain_implicit`, `tag` an explicit tag in its long form or with one `!`.

    Infinities and NaN are returned as floats although JSON has none. Raises RefusedError for a tag that the text does not fit.
    """
    if tag is not None:
        return tagged(text, tag, resolve_plain)
    return resolve_plain(text) if plain else text


def resolve_plain(text: str) -> Scalar:
    """The value of a plain scalar without a tag."""
    if text in _TABLE:
        return _TABLE[text]
    if text[0] in _NUMERIC:
        return int(text) if len(text) <= _SHORT and text.isdigit() and text.isascii() and text[0] != "0" else _number(text)
    if text[0] == "." and _DOTTED.fullmatch(text):
        return _finite(text.replace("_", ""), text)
    return text


def _number(text: str) -> Scalar:
    digits = text.replace("_", "")
    found = _INTEGER.fullmatch(digits)
    if found is not None:
        whole = _whole(found)
        if -_BIGGEST_SIGNED - 1 <= whole <= _BIGGEST_SIGNED or (not found[1] and whole <= _BIGGEST_UNSIGNED):
            return whole
    if _FLOAT.fullmatch(digits):
        return _finite(digits, text)
    binary = _BINARY.fullmatch(digits)
    if binary is not None and abs(int(binary[1], 2)) <= _BIGGEST_SIGNED:
        return int(binary[1], 2)
    return text


def _whole(found: re.Match[str]) -> int:
    for base, digits in zip(_BASES, found.groups()[1:], strict=True):
        if digits is not None:
            return int(found[1] + (digits or "0"), base)
    return 0


def _finite(digits: str, text: str) -> float | str:
    value = float(digits)
    return text if math.isinf(value) else value  # Go's ParseFloat fails on what is too big


def key_text(value: Scalar) -> str:
    """A resolved key as the JSON object has it: `y` is "true", `010` is "8", `1.10` is "1.1" (floats are printed as 32-bit ones).

    Raises RefusedError for null and for whole numbers past int64, for which sigs.k8s.io/yaml has no text.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return TRUE if value else FALSE
    if isinstance(value, float):
        return _short_float(value)
    if value is None or value > _BIGGEST_SIGNED:
        raise RefusedError(f"the key is {'null' if value is None else 'a number past 64 bits'}, which no JSON object can have")
    return str(value)


def _short_float(value: float) -> str:
    if math.isnan(value):
        return ".nan"
    try:
        single: float = struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        single = math.copysign(math.inf, value)
    if math.isinf(single):
        return ".inf" if single > 0 else "-.inf"
    for precision in range(10):
        text = f"{single:.{precision}e}"
        if struct.pack("f", float(text)) == struct.pack("f", single):
            break
    return _general(text)


def go_format(value: Scalar) -> str:
    """How Go's text/template prints a value after Helm has made every number a float64: 1234567 is `1.234567e+06`, 1.10 is `1.1`."""
    if isinstance(value, str):
        return value
    if value is None:
        return "<no value>"
    if isinstance(value, bool):
        return "true" if value else "false"
    number = float(value)
    if math.isinf(number) or math.isnan(number):
        return {math.inf: "+Inf", -math.inf: "-Inf"}.get(number, "NaN")
    return _general(f"{number!r}" if "e" in repr(number) else _scientific(repr(number)))


def _scientific(text: str) -> str:
    """A decimal without an exponent, in the form of `%e`."""
    sign, digits = ("-", text[1:]) if text[0] == "-" else ("", text)
    whole, _, fraction = digits.partition(".")
    significant = (whole + fraction).lstrip("0")
    exponent = len(whole) - 1 - (len(whole + fraction) - len(significant))
    return f"{sign}{significant[:1] or '0'}.{significant[1:]}e{exponent if significant else 0}"


def _general(text: str) -> str:
    """`%e` digits as Go's shortest `%g` prints them: an exponent only below -4 and from 6 on."""
    mantissa, _, power = text.partition("e")
    sign = "-" if mantissa[0] == "-" else ""
    digits = mantissa.lstrip("-").replace(".", "").rstrip("0") or "0"
    exponent = int(power)
    if exponent not in _FIXED:
        fraction = "." + digits[1:] if digits[1:] else ""
        return f"{sign}{digits[0]}{fraction}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
    if exponent < 0:
        return f"{sign}0.{'0' * (-exponent - 1)}{digits}"
    whole, fraction = digits[: exponent + 1].ljust(exponent + 1, "0"), digits[exponent + 1 :]
    return f"{sign}{whole}.{fraction}" if fraction else sign + whole


class Values(dict[str, Scalar]):
    """What plain texts mean, remembered: three in four scalars of a repository are repeats."""

    def __missing__(self, text: str) -> Scalar:
        """Resolve a new text; raises RefusedError for what JSON cannot hold."""
        if len(self) >= _BOUND:
            self.clear()
        value = resolve_plain(text)
        if isinstance(value, float) and not math.isfinite(value):
            raise RefusedError(f"`{text}` is not a number that JSON can hold")
        self[text] = value
        return value


class Keys(dict[str, str]):
    """The keys that plain texts become, remembered; a plain `<<` is the object `MERGE`, to be known by identity."""

    def __missing__(self, text: str) -> str:
        """Convert a new text; raises RefusedError for what cannot be a key."""
        if text == MERGE:
            return MERGE
        if len(self) >= _BOUND:
            self.clear()
        self[text] = key = key_text(resolve_plain(text))
        return key


class Rewritten(dict[str, bool]):
    """Whether Go prints a plain number or boolean otherwise than it is written, remembered."""

    def __missing__(self, text: str) -> bool:
        """Compare for a new text; null counts as printing as written, since nothing is printed for it at all."""
        if len(self) >= _BOUND:
            self.clear()
        value = resolve_plain(text)
        if value.__class__ is int and value in _PLAINLY:
            self[text] = differs = str(value) != text
            return differs
        self[text] = differs = value is not None and go_format(value) != text
        return differs
