"""A planted value is in no format, wherever in a file it stands."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace

import pytest

from gitops_lint.finding import Fix, Related, Replace
from gitops_lint.model import Unverified
from gitops_lint.node import Location
from gitops_lint.redact import MASK, masked, redact, secret_name
from gitops_lint.report import Report
from gitops_lint.reporters import FORMATS
from gitops_lint.reporters.options import Options
from tests.reporters.example import MISSING
from tests.reporters.test_golden import rendered

CANARY = "Zq7canary9Xw2Kd4"
BASE64 = b64encode(CANARY.encode()).decode()
TOKEN = "ghp_" + "Zq7canary9Xw2Kd4" * 2
LINES = {
    "a password": f"db:\n  password: {CANARY}",
    "quoted": f"db:\n  'db-password': \"{CANARY}\"",
    "another word for it": f"clientSecret: {CANARY}",
    "flow style": f"db: {{user: x, password: {CANARY}, host: y}}",
    "minified JSON": f'{{"a":1,"apiKey":"{CANARY}"}}',
    "an environment variable": f"env:\n  - name: DB_PASSWORD\n    value: {CANARY}",
    "value before name": f"env:\n  - value: {CANARY}\n    name: API_TOKEN",
    "below a secret's name": f"credentials:\n  user:\n    main: {CANARY}",
    "a list below a secret's name": f"tokens:\n- {CANARY}",
    "a block scalar": f"privateKey: |\n  first\n  {CANARY}",
    "a Secret": f"kind: Secret\nmetadata:\n  name: x\ndata:\n  anything: {BASE64}",
    "a Secret, kind last": f"data:\n  anything: {BASE64}\nkind: Secret",
    "a Secret in a List": f"kind: List\nitems:\n- kind: Secret\n  stringData:\n    a: {CANARY}",
    "userinfo": f"url: postgres://shop:{CANARY}@db.example/shop",
    "a token": f"harmless: {TOKEN}",
    "a token in a comment": f"a: 1 # was {TOKEN}",
    "a password in a comment": f"# password: {CANARY}",
    "a broken line": f'password: "{CANARY}',
    "no YAML at all": f"DB_PASSWORD={CANARY}",
    "a literal": f"literals:\n  - DB_PASSWORD={CANARY}",
    "a PEM line": f"x: |\n  -----BEGIN RSA PRIVATE KEY----- {CANARY}",
    "inside a key block": f"tls.key: |\n  -----BEGIN RSA PRIVATE KEY-----\n  {BASE64}{BASE64}{BASE64}",
    "a key block with slashes": f"x: |\n  -----BEGIN RSA PRIVATE KEY-----\n  abc/def\n  {CANARY}/a\n",
    "a JWT": f"x: eyJhbGciOiJIUzI1NiJ9.{CANARY}.{CANARY}",
    "a cloud key": "x: AKIAZQ7CANARY9XW2KD4",
}


@pytest.mark.parametrize("text", LINES.values(), ids=LINES)
def test_no_format_prints_it(text: str) -> None:
    lines = text.rstrip("\n").split("\n")
    places = [Location("a.yaml", number, 1, number, 4) for number in range(1, len(lines) + 1)]
    finding = replace(MISSING, at=places[-1], related=tuple(Related(at, f"place {at.line}") for at in places))
    report = Report((finding,), "0", source=lambda _path: text.encode())
    for name in FORMATS:
        out = rendered(name, report, Options(all=True, verbose=True))
        for secret in (CANARY, BASE64, CANARY[:8], "AKIAZQ7"):
            assert secret not in out, name


def test_what_a_rule_says_is_redacted_at_the_door() -> None:
    at = Location("a.yaml")
    said = replace(
        MISSING,
        message=f"`{TOKEN}`",
        label=TOKEN,
        help=TOKEN,
        notes=(TOKEN,),
        related=(Related(at, TOKEN),),
        fix=Fix(TOKEN, (Replace("a.yaml", at, "x", TOKEN),)),
    )
    report = Report((said,), "0", unverified=(Unverified("a.yaml", 1, TOKEN),))
    for name in FORMATS:
        assert TOKEN not in rendered(name, report, Options(all=True))


@pytest.mark.parametrize(
    "line",
    [
        "tag: 1.2.3",
        "existingSecret: shop-db",
        "secretName: shop-tls",
        "imagePullSecrets: regcred",
        "tokenTTL: 60",
        "passwordPolicy: strict",
        "password: ${DB_PASSWORD}",
        "password: ENC[AES256_GCM,data:x]",
        "password: ''",
        "token: null",
        "automountServiceAccountToken: false",
        "image: ghcr.io/acme/shop@sha256:8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4",
        "revision: 8f434346648f6b96df89dda901c5176b10a6d839",
        "url: https://example.org/a@b",
        "path: Apps/Shop1/Production/WestEurope/Clusters/Something/Else",
    ],
)
def test_what_is_no_secret_is_shown(line: str) -> None:
    assert masked([line], 0) == []


@pytest.mark.parametrize(
    "lines",
    [
        ["- {op: add, path: /data/password, value: hunter2}"],
        ["- {name: DB_PASSWORD, value: hunter2}"],
        ["- op: add", "  path: /stringData/x", "  value: hunter2"],
        ["- op: replace", "  path: /spec/dbPassword", "  value: hunter2"],
    ],
)
def test_values_beside_a_name_or_a_path_of_a_secret_are_hidden(lines: list[str]) -> None:
    start = lines[-1].index("hunter2")
    assert any(begin <= start and start + len("hunter2") <= end for begin, end in masked(lines, len(lines) - 1))


@pytest.mark.parametrize("name", ["password", "DB_PASSWORD", "clientSecret", "apiKey", "api_key", "SLACK_TOKEN", "privateKey", "dsn"])
def test_names_of_secrets(name: str) -> None:
    assert secret_name(name)


@pytest.mark.parametrize(
    "name", ["existingSecret", "secretName", "secretRef", "imagePullSecrets", "tokenTTL", "passwordPolicy", "host", "passwordFile"]
)
def test_names_of_other_things(name: str) -> None:
    assert not secret_name(name)


def test_redacted_text_says_so() -> None:
    assert redact(f"see {TOKEN}!") == f"see {MASK}!"
