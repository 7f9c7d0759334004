"""The functions that templates of paths and names call: Go's own, and those of sprig that are pure.

Names and order of arguments are sprig's (v3) and text/template's; `normalize` is Argo CD's own. What is not here leaves a template
unresolved.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from gitops_lint.discovery.templating_values import Known, UnresolvedError, look_up, printed, truthy

Function = Callable[..., Known]


def _default(fallback: Known, value: Known = None) -> Known:
    return value if truthy(value) else fallback


def _index(value: Known, *keys: Known) -> Known:
    for key in keys:
        if isinstance(value, list) and isinstance(key, int) and 0 <= key < len(value):
            value = value[key]
        elif isinstance(value, dict) and isinstance(key, str):
            value = _get(value, key)
        else:
            raise UnresolvedError("index")
    return value


def _get(value: Known, key: Known) -> Known:
    return look_up(value, [printed(key)])


def _slice(value: Known, start: Known = 0, end: Known = None) -> Known:
    if isinstance(value, str | list) and isinstance(start, int) and isinstance(end, int | None):
        return value[start:end]
    raise UnresolvedError("slice")


def _printf(form: Known, *values: Known) -> str:
    rest = iter(values)
    return re.sub(r"%[sdvq]", lambda found: _verb(found[0], next(rest, None)), printed(form)).replace("%%", "%")


def _verb(verb: str, value: Known) -> str:
    return json.dumps(printed(value)) if verb == "%q" else printed(value)


def _dig(*given: Known) -> Known:
    *keys, fallback, value = given
    for key in keys:
        if not isinstance(value, dict) or printed(key) not in value:
            return fallback
        value = value[printed(key)]
    return value


def _compared(first: Known, *others: Known) -> bool:
    return any(type(first) is type(other) and first == other for other in others)


def _listed(value: Known) -> list[Known]:
    if not isinstance(value, list):
        raise UnresolvedError("a list")
    return value


def _has_key(value: Known, key: Known) -> bool:
    try:
        return isinstance(value, dict) and (printed(key) in value or _get(value, key) is not None)
    except UnresolvedError:
        raise UnresolvedError("hasKey") from None


def _normalized(value: Known) -> str:
    """A name made fit for DNS (applicationset/utils/utils.go SanitizeName)."""
    return re.sub(r"[^-a-z0-9.]", "-", printed(value).lower())[:253].strip("-.")


def _length(value: Known) -> int:
    return 0 if value is None else len(value if isinstance(value, list | dict) else printed(value))


FUNCTIONS: dict[str, Function] = {
    "and": lambda *v: next((x for x in v if not truthy(x)), v[-1]),
    "or": lambda *v: next((x for x in v if truthy(x)), v[-1]),
    "not": lambda v: not truthy(v),
    "eq": _compared,
    "ne": lambda a, b: not _compared(a, b),
    "len": _length,
    "index": _index,
    "slice": _slice,
    "print": lambda *v: "".join(map(printed, v)),
    "printf": _printf,
    "default": _default,
    "coalesce": lambda *v: next((x for x in v if truthy(x)), None),
    "empty": lambda v: not truthy(v),
    "ternary": lambda a, b, test: a if truthy(test) else b,
    "get": _get,
    "dig": _dig,
    "hasKey": _has_key,
    "list": lambda *v: list(v),
    "first": lambda v: _listed(v)[0] if _listed(v) else None,
    "last": lambda v: _listed(v)[-1] if _listed(v) else None,
    "rest": lambda v: _listed(v)[1:],
    "initial": lambda v: _listed(v)[:-1],
    "has": lambda item, v: item in _listed(v),
    "join": lambda by, v: printed(by).join(map(printed, _listed(v))),
    "splitList": lambda by, v: list(printed(v).split(printed(by))),
    "split": lambda by, v: {f"_{number}": part for number, part in enumerate(printed(v).split(printed(by)))},
    "lower": lambda v: printed(v).lower(),
    "upper": lambda v: printed(v).upper(),
    "title": lambda v: printed(v).title(),
    "trim": lambda v: printed(v).strip(),
    "trimAll": lambda cut, v: printed(v).strip(printed(cut)),
    "trimPrefix": lambda cut, v: printed(v).removeprefix(printed(cut)),
    "trimSuffix": lambda cut, v: printed(v).removesuffix(printed(cut)),
    "hasPrefix": lambda cut, v: printed(v).startswith(printed(cut)),
    "hasSuffix": lambda cut, v: printed(v).endswith(printed(cut)),
    "contains": lambda cut, v: printed(cut) in printed(v),
    "replace": lambda old, new, v: printed(v).replace(printed(old), printed(new)),
    "trunc": lambda n, v: printed(v)[:n] if n >= 0 else printed(v)[n:],
    "substr": lambda a, b, v: printed(v)[a : b if b >= 0 else None],
    "cat": lambda *v: " ".join(map(printed, v)),
    "quote": lambda *v: " ".join(json.dumps(printed(x)) for x in v),
    "squote": lambda *v: " ".join(f"'{printed(x)}'" for x in v),
    "toString": printed,
    "int": lambda v: int(printed(v)),
    "add": lambda *v: sum(int(printed(x)) for x in v),
    "base": lambda v: printed(v).rstrip("/").rpartition("/")[2],
    "dir": lambda v: printed(v).rpartition("/")[0] or ".",
    "normalize": _normalized,
    "toJson": lambda v: json.dumps(v, separators=(",", ":")),
    "toYaml": json.dumps,  # JSON is YAML
}
