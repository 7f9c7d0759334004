from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_lint.reader import read, read_env

DEEP = "nested deeper than 100 levels"
BOMB = "\n".join(
    [
        "a: &a [x,x,x,x,x,x,x,x,x]",
        *(f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)),
    ]
)
SEEDS = (
    b"a: {{ b }}\n",
    b"- [\n",
    b"&a ",
    b"*a",
    b"<<: ",
    b"${X}",
    b"\"\\'",
    b"\xef\xbb\xbf",
    b"\xc2\x85",
    b"!!int ",
    b"---\n",
    b"? ",
    b"| \n",
    b"\\/",
)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(b"[" * 100_000, DEEP, id="flow lists"),
        pytest.param(b"{a: " * 50_000, DEEP, id="flow maps"),
        pytest.param(b"- " * 5000, DEEP, id="block lists"),
        pytest.param("\n".join(" " * n + "a:" for n in range(500)).encode(), DEEP, id="block maps"),
        pytest.param(BOMB.encode(), "alias", id="alias bomb"),
        pytest.param(b"a: &a [" + b"x," * 2000 + b"]\nb: [" + b"*a," * 2000 + b"]\n", "alias", id="quadratic aliases"),
        pytest.param(b"[" + b"a," * 2_400_000 + b"]", "values", id="a million values"),
        pytest.param(b"a: x\n" * 10_000_000, "larger than 5 MiB", id="50 MB"),
        pytest.param(b"---\n" * 1100, "more than 1000 documents", id="documents"),
        pytest.param(b"a: x\0y\n", "control characters are not allowed (U+0000)", id="NUL"),
        pytest.param(b"a: 1\nb: \x1b[0m\n", "control characters", id="escape"),
        pytest.param("a: caf\xe9\n".encode("latin-1"), "0xe9 is not UTF-8: save as UTF-8", id="latin-1"),
        pytest.param("a: 1\n".encode("utf-16"), "save as UTF-8", id="UTF-16"),
        pytest.param("a: 1\n".encode("utf-32-le"), "save as UTF-8", id="UTF-32"),
        pytest.param(b"a: &a [*a]\n", "contains itself", id="own alias"),
        pytest.param(b"a: &a {b: *a}\n", "contains itself", id="own alias in a map"),
        pytest.param(b"a: &a {<<: *a}\n", "contains itself", id="own merge"),
        pytest.param(b"a: 1\n---\n\xef\xbb\xbfb: 1\n", "byte order mark", id="late byte order mark"),
        pytest.param(b"\xef\xbb\xbf\xef\xbb\xbfb: 1\n", "byte order mark", id="two byte order marks"),
        pytest.param(b"a:\n  b: 1\n\xef\xbb\xbfc: 1\n", "byte order mark", id="byte order mark before a key"),
        pytest.param(b"a: 1\xc2\x85\xef\xbb\xbfc: 1\n", "byte order mark", id="byte order mark after a next line"),
        pytest.param(b"{{" * 1_000_000, "", id="braces"),
        pytest.param(b"{{ a\n" * 200_000, "", id="open braces"),
        pytest.param(b"{{ a }}\n" * 200_000, "", id="placeholders"),
        pytest.param(b"a: [" + b"${" * 500_000, "", id="dollars"),
        pytest.param(b'a: "' + b"\\'" * 100_000 + b'"\n' + b'b: "\\\'"\n' * 5000, "", id="quotes"),
        pytest.param(b"a: " + b"9" * 1_000_000, "", id="digits"),
        pytest.param(b"# gitops-lint:\n" * 100_000, "", id="comments"),
        pytest.param(b"x" * 5_000_000, "", id="one scalar"),
    ],
)
def test_hostile_bytes_are_answered_in_time(data: bytes, message: str) -> None:
    start = time.process_time()
    document = read(data, "x.yaml")
    assert time.process_time() - start < 5
    if message:
        assert document.error is not None
        assert message in document.error.message


def test_chained_merges() -> None:
    lines = ["m0: &m0 {a: 1}"] + [f"m{n}: &m{n} {{<<: *m{n - 1}, k{n}: 1}}" for n in range(1, 700)]
    document = read("\n".join(lines).encode(), "x")
    assert document.error is None or "alias" in document.error.message


@pytest.mark.parametrize(
    ("data", "message", "line", "column"),
    [
        (b"a:\n  b: 1\n c: 2\n", "did not find expected key", 3, 2),
        (b'a: "x\nb: 1\n', "unexpected end of stream", 1, 4),
        (b"a: 1\nb: .nan\n", "`.nan` is not a number that JSON can hold", 2, 4),
        (b"a: 1\n~: 2\n", "the key is null", 2, 1),
        (b"a:\n  - {b: 1}: 2\n", "a list or a map stands where a key should be", 2, 5),
        (b"a:\n  <<: 3\n", "a `<<` takes a map", 2, 7),
        (b"a:\n  <<: [{}, 3]\n", "a `<<` takes a map", 2, 3),
        (b"a: *b\n", "unknown anchor `b`", 1, 4),
        (b"*b\n", "unknown anchor `b`", 1, 1),
        (b"a: !!int x\n", "`x` cannot be a !!int", 1, 4),
        (b'a: "\\/"\n', "`\\/` is no escape", 1, 4),
        (b"%YAML 1.2\n---\na: 1\n", "%YAML", 1, 1),
        (b"a: 1\nb: \xe9\n", "byte 0xe9", 2, 4),
        ("é: 1\nb: \x07\n".encode(), "control characters are not allowed (U+0007)", 2, 4),
        (b"a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> x\n", "merge conflict markers", 2, 1),
        (b"<!DOCTYPE html>\n<html><a: b: c></html>\n", "an HTML page", 1, 1),
        (b"\xff\xfea\0", "UTF-16", 1, 1),
    ],
)
def test_errors_have_places(data: bytes, message: str, line: int, column: int) -> None:
    error = read(data, "x.yaml").error
    assert error is not None
    assert message in error.message
    assert (error.line, error.column) == (line, column)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\0GITCRYPT\0\x01\x02", "git-crypt"),
        (b"$ANSIBLE_VAULT;1.1;AES256\n3132\n", "ansible-vault"),
        (b"age-encryption.org/v1\n-> X25519\n", "age"),
    ],
)
def test_a_file_encrypted_as_a_whole_is_no_error(data: bytes, name: str) -> None:
    document = read(data, "x.yaml")
    assert (document.encrypted, document.error, document.roots) == (name, None, ())


def test_a_pointer_is_not_the_file() -> None:
    document = read(b"version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n", "x.yaml")
    assert document.unreadable
    assert document.error is not None
    assert "git-lfs" in document.error.message


@given(st.lists(st.binary(max_size=6) | st.sampled_from(SEEDS), max_size=12).map(b"".join))
def test_nothing_raises(data: bytes) -> None:
    for reader in (read, read_env):
        document = reader(data, str(Path("x.yaml")))
        assert document.roots or document.error or document.encrypted


def test_an_alias_as_a_key_that_is_a_boolean() -> None:
    document = read(b"a: &x yes\n*x : b\n", "x.yaml")
    assert document.error is None
    assert document.roots[0].value == {"a": True, "true": "b"}
