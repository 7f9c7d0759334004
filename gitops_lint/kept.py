"""Where a secret's value is kept: in the text itself, or elsewhere, with the text only leading there."""

from __future__ import annotations

import re
from functools import lru_cache

from gitops_lint.node import Opaque, Value
from gitops_lint.pointers.placeholder import to_do
from gitops_lint.redact import secret_name
from gitops_lint.regex import regex

_ELSEWHERE = regex(
    r"ENC\[|<path:|(?:secret)?ref\+|vault:|op://|ssm://|secrets?(?:\+[\w-]+)?://|gcpsm:|arn:aws:|projects/|sm://|kv/|\$|%\(|\{\{|@Microsoft|/"
    r"|[\w./-]+\.(?:json|pem|key|crt|p12|jks|txt|ya?ml)$|https?://[^@]*$|(?:true|false|none|null|disabled|enabled|optional|required)$",
    re.IGNORECASE,
)
_NAME = regex(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*|[a-z][a-z0-9]*(?:[-._/][a-z0-9]+)+(?::[\w./-]+)?|(?:[a-z]+[A-Z])[A-Za-z]+")
_WEAK = regex(
    r"x+|\*+|\.+|-+|dummy|fake|example|sample|your.*|insert.*|(?:enter|paste|put)[-_ ].*|.*here|(?-i:[A-Z]{4,})"
    r"|redacted|secret|pass(?:word|wd)?|test|foo|bar|todo",
    re.IGNORECASE,
)
# Users with the hashes of their passwords, as htpasswd writes them: what has to be kept is not there
_HASHED = regex(r"(?:[\w.@+-]{1,99}:(?:\$(?:2[abxy]|apr1|5|6|argon2\w{0,2})\$|\{SHA\})\S+(?:\s+|$))+")
_KEY = regex(
    r"(?:passw(?:or)?d|passphrase|pwd|secret|token|credentials?|(?:api|private|access|secret|account|encryption|signing)[_-]?key"
    r"|connection[_-]?string)$",
    re.IGNORECASE,
)
_PUBLIC = regex(r"public|site[_-]?key|checksum", re.IGNORECASE)
_GENERATED = regex(r"(?=.*[0-9])(?=.*[A-Za-z])[A-Za-z0-9+/=_~.!@#%^&*-]{12,}")
_BEGINNING = regex(r"-----BEGIN|AKIA|ASIA|gh[pousr]_|github_pat_|glpat-|xox|sk_live|AIza|AGE-")
_CREDENTIAL = regex(
    r"""-----BEGIN[ ](?:[A-Z0-9 ]*[ ])?PRIVATE[ ]KEY
    | \b(?:AKIA|ASIA)[0-9A-Z]{16}\b
    | \bgh[pousr]_[A-Za-z0-9]{30,} | \bgithub_pat_[A-Za-z0-9_]{30,} | \bglpat-[A-Za-z0-9_-]{20}
    | \bxox[abeoprs]-[0-9]{6,}-[A-Za-z0-9-]{12,} | \bsk_live_[A-Za-z0-9]{16,} | \bAIza[0-9A-Za-z_-]{35}\b | \bAGE-SECRET-KEY-1[0-9A-Z]{30,}
    | \b[a-z][a-z0-9+.-]*://(?P<user>(?![\w.-]+\.(?:com|net|org):)[^\s/:@"'`$<{]+):(?P<password>[^\s/@"'`$<{%]{4,})@(?!localhost|127\.)
    """,
    re.VERBOSE,
)


def elsewhere(value: Value) -> bool:
    """Whether a value is no secret itself: empty, a reference, a placeholder, a name of something."""
    if not isinstance(value, str) or isinstance(value, Opaque):
        return True
    text = value.strip()
    if not text or _ELSEWHERE.match(text) or _WEAK.fullmatch(text) or _HASHED.fullmatch(text):
        return True
    return to_do(text)


@lru_cache(maxsize=50_000)  # files have most of their texts in common
def credential(text: str) -> bool:
    """Whether a text holds something that has the shape of a credential and can be nothing else."""
    if not ("@" in text and "://" in text) and not _BEGINNING.search(text):
        return False
    found = _CREDENTIAL.search(text)
    return found is not None and not (found["password"] and (found["password"] == found["user"] or _WEAK.fullmatch(found["password"])))


@lru_cache(maxsize=20000)
def secretive(key: str) -> bool:
    """Whether a key's name says that a secret stands there, and none that everybody may see."""
    return _KEY.search(key) is not None and secret_name(key) and _PUBLIC.search(key) is None


def plain(key: str, value: Value) -> bool:
    """Whether a key that is named like a secret has one for its value: a text that looks generated and is no name or reference."""
    if not secretive(key) or elsewhere(value) or not isinstance(value, str):
        return False
    text = value.strip()
    return _GENERATED.fullmatch(text) is not None and _NAME.fullmatch(text) is None and "." not in text[-5:]
