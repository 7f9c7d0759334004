"""Values that are addresses, and the environments that the words in them name."""

from __future__ import annotations

import re

from gitops_lint.model import Environment, Setting
from gitops_lint.node import Opaque
from gitops_lint.regex import regex

_ADDRESS = regex(r"(?:[a-z][a-z0-9+.-]*://\S+|arn:\S+|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?::\d+)?(?:/\S*)?|[a-z0-9]+(?:[-_][a-z0-9]+)+)")
_FILE = regex(r"[^/:]*\.(?:json|ya?ml|xml|xsd|conf|config|properties|js|toml|ini|txt|sh|csv|pem|crt|key)", re.IGNORECASE)
_WORDS = regex(r"[a-z0-9]+")
# `.dev` as the top-level domain of a project or a registry, not as the namespace of a service: `redis.dev`
_TOP = regex(r"(?:https://[^/:]*|[^/:]*\.pkg(?=\.dev)|(?:oci://)?[^/:]*(?=\.dev/))(\.dev)(?=[:/]|$)")
_NON = regex(r"\bno[nt]?[-_.]?$")
_COMMON = frozenset({"live", "load", "pre", "int", "demo", "rec", "acc", "test", "testing", "local", "localhost", "latest", "stable"})
_LONGEST = 500  # code points; what is longer is no address


def _text(setting: Setting) -> str:
    value = setting.value
    if not isinstance(value, str) or isinstance(value, Opaque) or len(value) > _LONGEST:
        return ""
    return value.lower() if _ADDRESS.fullmatch(value) and not _FILE.fullmatch(value) else ""


def names_itself(setting: Setting) -> bool:
    """Whether an address names the environment that it is set in."""
    return not _words(_text(setting)).isdisjoint(_own_words(setting.environment))


def _words(text: str) -> set[str]:
    """The words of an address, but for those behind a `non-` and the top-level domain `dev`."""
    top = _TOP.match(text)
    kept = text[: top.start(1)] + text[top.end(1) :] if top else text
    return {found[0] for found in _WORDS.finditer(kept) if not _NON.search(kept[: found.start()])}


def _own_words(env: Environment) -> set[str]:
    return {*env.words, *_WORDS.findall(env.name.lower())}


def named(setting: Setting, peers: tuple[Environment, ...]) -> Environment | None:
    """The one sibling in another stage that an address names, if it does not name its own environment, too."""
    env = setting.environment
    words, mine = _words(_text(setting)) - _COMMON, _own_words(setting.environment)
    if not words or not words.isdisjoint(mine) or any(word.rstrip("0123456789") in mine for word in words):
        return None
    named = [peer for peer in peers if peer.stage != env.stage and words & (peer.words - mine)]
    return named[0] if len({peer.stage for peer in named}) == 1 else None
