from __future__ import annotations

import ast
import base64
import json
from pathlib import Path
from typing import Any

import pytest

from gitops_lint.reader import go_format, read, read_unmasked
from gitops_lint.reader.refusal import RefusedError
from gitops_lint.reader.scalars import resolve

REFERENCE = Path(__file__).parents[1] / ".." / "shared" / "reference"
REFUSED_ON_PURPOSE = {
    "UTF-16LE BOM": "save as UTF-8",
    "deep nest 200": "nested deeper than 100 levels",
}


def rows(name: str) -> list[dict[str, Any]]:
    file = REFERENCE / name
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else []


SCALARS, DOCUMENTS = rows("yaml-scalars.json"), rows("yaml-documents.json")


def test_the_vectors_are_there() -> None:
    if not REFERENCE.is_dir():
        pytest.skip("the shared reference is not there")
    assert len(SCALARS) == 143
    assert len(DOCUMENTS) == 102


@pytest.mark.parametrize("row", SCALARS, ids=lambda row: row["plain"])
def test_scalar(row: dict[str, str]) -> None:
    text = "" if row["plain"] == "<empty>" else row["plain"]
    document = read(f"a: {text}\n".encode(), "x.yaml")
    if row["json"].startswith("ERR"):
        assert document.error is not None
        assert not document.roots
        return
    value = document.roots[0].value["a"]  # type: ignore[index, call-overload]
    wanted = ast.literal_eval(row["json"])
    assert isinstance(value, bool) == isinstance(wanted, bool)
    assert value == (float(wanted) if isinstance(value, float) else wanted)
    assert go_format(value) == row["helm"]


@pytest.mark.parametrize("row", DOCUMENTS, ids=lambda row: row["name"])
def test_document(row: dict[str, str]) -> None:
    data = base64.b64decode(row["input_base64"]) if "input_base64" in row else row["input"].encode()
    document, wanted = read_unmasked(data, "x.yaml"), row["sigs.k8s.io/yaml"]
    if row["name"] in REFUSED_ON_PURPOSE:
        assert document.error is not None
        assert REFUSED_ON_PURPOSE[row["name"]] in document.error.message
    elif wanted.startswith("ERR"):
        assert document.error is not None
        assert not document.roots
    else:
        assert document.roots[0].value == json.loads(wanted)


@pytest.mark.parametrize(
    ("text", "tag", "value"),
    [
        ("12", "int", 12),
        ("1", "float", 1.0),
        ("yes", "bool", True),
        ("~", "null", None),
        ("010", "str", "010"),
        ("aGk=", "binary", "hi"),
        ("/w==", "binary", "\ufffd"),
        ("2024-1-1", "timestamp", "2024-1-1"),
        ("2024-01-01T10:00:00.5+01:00", "timestamp", "2024-01-01T10:00:00.5+01:00"),
        ("x", "unknown", "x"),
    ],
)
def test_tag(text: str, tag: str, value: object) -> None:
    assert resolve(text, plain=False, tag=f"tag:yaml.org,2002:{tag}") == value


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        *(("x", "int"), ("1.5", "int"), ("", "int"), ("yes", "float"), ("9223372036854775808", "float"), ("1", "bool"), ("x", "null")),
        *(("2024-13-45", "timestamp"), ("x", "timestamp"), ("5", "timestamp"), ("a", "binary")),
    ],
)
def test_tag_that_does_not_fit(text: str, tag: str) -> None:
    with pytest.raises(RefusedError):
        resolve(text, plain=False, tag=f"tag:yaml.org,2002:{tag}")


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        *(
            (1234567, "1.234567e+06"),
            (999999, "999999"),
            (1.10, "1.1"),
            (1.0, "1"),
            (-0.0, "-0"),
            (0, "0"),
            (1e-5, "1e-05"),
            (1e100, "1e+100"),
        ),
        *(
            (0.0001, "0.0001"),
            (123456.789, "123456.789"),
            (1e21, "1e+21"),
            (-1500000, "-1.5e+06"),
            (float("inf"), "+Inf"),
            (float("nan"), "NaN"),
        ),
        *((True, "true"), (None, "<no value>"), ("007", "007")),
    ],
)
def test_go_format(value: float | str | None, printed: str) -> None:
    assert go_format(value) == printed
