"""An edited text read again: it must say what it said, but for the edit."""

from __future__ import annotations

from gitops_lint import reader
from gitops_lint.compare import identity
from gitops_lint.finding import Edit, Remove, Replace
from gitops_lint.fixes.nodes import UnfixableError
from gitops_lint.fixes.splice import edited
from gitops_lint.keypath import KeyPath
from gitops_lint.node import Map, Seq, Value


def apply(data: bytes, edits: tuple[Edit, ...], path: str) -> bytes:
    """The file after all edits. Raises UnfixableError if any of them fails or changes anything else: then none is made."""
    for edit in edits:
        changed = edited(data.decode("utf-8"), edit).encode("utf-8")
        _verify(data, changed, edit, path)
        data = changed
    return data


def _verify(old: bytes, new: bytes, edit: Edit, path: str) -> None:
    before, after = reader.read(old, path), reader.read(new, path)
    if after.error is not None or before.templated != after.templated:
        raise UnfixableError("the file could not be read afterwards")
    wanted = [root.value for root in before.roots]
    if isinstance(edit, Replace):
        if wanted != [root.value for root in after.roots] and edit.old.lstrip().startswith("#"):
            raise UnfixableError("more than a comment would change")
        return
    found = [root.value for root in after.roots]
    others = ([*values[: edit.document], *values[edit.document + 1 :]] for values in (found, wanted))
    if len(found) != len(wanted) or next(others) != next(others):
        raise UnfixableError("another document would change")
    target = None if isinstance(edit, Remove) else edit.value
    expected = _expected(wanted[edit.document], edit.key, target, removing=isinstance(edit, Remove))
    if found[edit.document] != expected:
        raise UnfixableError("more than the key would change")


def _expected(value: Value, key: KeyPath, target: Value, *, removing: bool) -> Value:
    """The tree with the edit made on it, the way that the text was edited: a map that loses its last key goes, too."""
    if not key:
        return target
    if isinstance(value, Seq):
        names = identity(value) or ()
        return [  # type: ignore[return-value]  # compared by value only
            _expected(item, key[1:], target, removing=removing) if index < len(names) and f"[{names[index]}]" == key[0] else item
            for index, item in enumerate(value)
        ]
    inside = dict(value) if isinstance(value, Map) else {}
    if removing and (len(key) == 1 or (isinstance(inside.get(key[0]), Map) and _vanishes(inside[key[0]], key[1:]))):
        inside.pop(key[0], None)
        return inside  # type: ignore[return-value]  # as above
    inside[key[0]] = _expected(inside.get(key[0]), key[1:], target, removing=removing)
    return inside  # type: ignore[return-value]  # as above


def _vanishes(value: Value, key: KeyPath) -> bool:
    """Whether nothing is left of a map when a key goes."""
    return isinstance(value, Map) and len(value) == 1 and key[0] in value and (len(key) == 1 or _vanishes(value[key[0]], key[1:]))
