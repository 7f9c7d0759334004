"""Flux's post-build substitution: every `${VAR}` of built objects filled in, and the ones that nothing defines.

Follows github.com/fluxcd/pkg kustomize/kustomize_varsub.go and github.com/drone/envsubst: only the form with braces counts, `$${` is an
escape, a variable that nobody sets is an empty text unless a default is written behind `:-`, `:=`, `-` or `=`. The text is substituted
in YAML that is read again, so that a value may come out as a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from gitops_lint.blueprint import Substitution
from gitops_lint.keypath import KeyPath, of_kustomization
from gitops_lint.merge.evaluated import Evaluated
from gitops_lint.merge.kustomize.edit import copied, with_items
from gitops_lint.model import Undefined, Unverified
from gitops_lint.node import Map, Opaque, Scalar, Seq, Value, home, item_location, value_location
from gitops_lint.reader.refusal import BYTES
from gitops_lint.reader.scalars import go_format, resolve_plain

_VARIABLE = re.compile(r"\$\$\{|\$\{([A-Za-z_]\w*+)(?:(:?[-=])([^{}]*)|([^{}]*))\}")
_SWITCH = "kustomize.toolkit.fluxcd.io/substitute"


class _Work(NamedTuple):
    """What one environment's texts are filled in with, what of it nothing defines, and the letters that may still be added."""

    given: Substitution
    missing: list[Undefined]
    left: list[int]


class Expanded(NamedTuple):
    """A text with its variables filled in, and the names among them that nothing defines; `known` unless one is set elsewhere."""

    text: str
    undefined: tuple[str, ...] = ()
    known: bool = True


def apply(evaluated: Evaluated, substitution: Substitution) -> Evaluated:
    """The environment with its objects' variables filled in; what is only known in the cluster becomes opaque."""
    work = _Work(substitution, [], [BYTES])
    values = evaluated.values
    for subject, node in evaluated.values.items():
        if of_kustomization(subject) or not isinstance(node, Map) or _opted_out(node):
            continue
        new = _filled(node, (subject,), work)
        if new is not node:
            values = copied(values) if values is evaluated.values else values
            values[subject] = new
    hazy = evaluated.hazy
    if work.left[0] < 0:
        at = substitution.at
        hazy = (*hazy, Unverified(at.path, at.line, "its variables make the objects too long to be looked at"))
    return evaluated._replace(values=values, undefined=(*evaluated.undefined, *work.missing), hazy=hazy)


def filled(node: Map, substitution: Substitution) -> Map:
    """One object with its variables filled in."""
    done = node if _opted_out(node) else _filled(node, (), _Work(substitution, [], [BYTES]))
    return done if isinstance(done, Map) else node


def expand(text: str, substitution: Substitution, left: list[int] | None = None) -> Expanded:
    """A text with every variable replaced by its value or default; unknown once it takes more letters than are `left`."""
    letters = [BYTES] if left is None else left
    undefined: list[str] = []
    known = True

    def replacement(found: re.Match[str]) -> str:
        nonlocal known
        name, operator, default, other = found.groups()
        if name is None:
            return "${"
        if letters[0] < 0:
            known = False
            return ""
        value = substitution.variables.get(name)
        if isinstance(value, Opaque) or (name not in substitution.variables and not substitution.complete):
            known = False
            return found.group()
        if name not in substitution.variables and operator is None:
            undefined.append(name)
        given = _text(substitution.variables, name)
        letters[0] -= len(given)
        known = known and letters[0] >= 0
        if other:  # a function of the value, such as `${VAR/a/b}`: it is not computed
            known = known and not given
        return default if operator and not given and (operator.startswith(":") or name not in substitution.variables) else given

    out = _VARIABLE.sub(replacement, text)
    return Expanded(out, tuple(undefined), known)


def _text(variables: Map, name: str) -> str:
    value: Scalar = variables.get(name)
    if value is None:
        return ""
    written = (home(variables, name).written or {}).get(name)
    return (written or (value if isinstance(value, str) else go_format(value))).replace("\n", "")


def _opted_out(node: Map) -> bool:
    """Whether a label or an annotation turns substitution off; a definition's descriptions matter to nobody."""
    if node.get("kind") == "CustomResourceDefinition":
        return True
    about = node.get("metadata")
    marks = [about.get(field) for field in ("labels", "annotations")] if isinstance(about, Map) else []
    return any(isinstance(mark, Map) and mark.get(_SWITCH) == "disabled" for mark in marks)


def _filled(value: Value, path: KeyPath, work: _Work) -> Value:
    if isinstance(value, Map):
        return _map(value, path, work)
    if isinstance(value, Seq):
        items = [_item(value, index, path, work) for index in range(len(value))]
        return value if all(new is old for new, old in zip(items, value, strict=True)) else with_items(value, items)
    return value


def _map(node: Map, path: KeyPath, work: _Work) -> Map:
    out = node
    for key, value in node.items():
        here = (*path, key)
        if isinstance(value, str):
            new = _scalar(value, work)
            work.missing.extend(Undefined(name, here, value_location(node, key), work.given.at, "\n" in value) for name in new.undefined)
            changed: Value = new.value
        else:
            changed = _filled(value, here, work)
        if changed is not value:
            out = copied(out) if out is node else out
            out[key] = changed
    return out


def _item(node: Seq, index: int, path: KeyPath, work: _Work) -> Value:
    value: Value = node[index]
    here = (*path, f"[{_name(value, index)}]")
    if not isinstance(value, str):
        return _filled(value, here, work)
    new = _scalar(value, work)
    work.missing.extend(Undefined(name, here, item_location(node, index), work.given.at, "\n" in value) for name in new.undefined)
    return new.value


class _Scalar(NamedTuple):
    value: Value
    undefined: tuple[str, ...] = ()


def _scalar(text: str, work: _Work) -> _Scalar:
    if "${" not in text or isinstance(text, Opaque):
        return _Scalar(text)
    done = expand(text, work.given, work.left)
    if not done.known:
        return _Scalar(Opaque(text), done.undefined)
    if done.text == text:
        return _Scalar(text, done.undefined)
    return _Scalar(_read_again(done.text) if _plain(text) else done.text, done.undefined)


def _plain(text: str) -> bool:
    """Whether YAML writes the text without quotes, so that what it becomes is read anew."""
    return not any(char.isspace() for char in text) and text[0] not in "\"'[]{}&*!|>%@`#,"


def _read_again(text: str) -> Value:
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1]
    value: Value = resolve_plain(text) if text else None
    return value


def _name(value: Value, index: int) -> str:
    name = value.get("name") if isinstance(value, Map) else None
    return name if isinstance(name, str) and name else str(index)


def names(text: str) -> Iterator[str]:
    """The variables that a text uses."""
    for found in _VARIABLE.finditer(text):
        if found.group(1):
            yield found.group(1)
