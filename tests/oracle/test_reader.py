"""The reader against sigs.k8s.io/yaml itself, over every YAML and JSON file of the shared corpus."""

from __future__ import annotations

import json
import os
import random
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from gitops_lint.model import Document
from gitops_lint.reader import read_unmasked

CORPUS = Path(__file__).parents[2] / ".." / "shared" / "corpus"
REFUSED_ON_PURPOSE = (
    "a git-lfs pointer",
    "UTF-16",
    "nested deeper than",
    "larger than",
    "values, aliases expanded",
    "a byte order mark inside",  # the library makes it a part of the key, where nobody sees it
)

pytestmark = pytest.mark.oracle


def oracle(contents: Iterable[bytes]) -> Iterator[str]:
    folder = os.environ.get("GITOPS_LINT_ORACLES")
    if not folder:
        pytest.skip("GITOPS_LINT_ORACLES is not set: see tests/oracle/build.sh")
    sent = b"".join(b"%d\n%b" % (len(content), content) for content in contents)
    answer = subprocess.run([Path(folder) / "yamljson"], input=sent, capture_output=True, check=True).stdout
    at = 0
    while at < len(answer):
        end = answer.index(b"\n", at)
        size = int(answer[at:end])
        yield answer[end + 1 : end + 1 + size].decode()
        at = end + 1 + size


def same(ours: object, theirs: object) -> bool:
    """Equal as JSON: 1 and 1.0 are one number, 1 and true are not, and big numbers agree as floats where they are floats."""
    waiting = [(ours, theirs)]
    while waiting:
        left, right = waiting.pop()
        if isinstance(left, dict) and isinstance(right, dict) and left.keys() == right.keys():
            waiting += [(left[key], right[key]) for key in left]
        elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
            waiting += zip(left, right, strict=True)
        elif isinstance(left, float) and isinstance(right, int) and not isinstance(right, bool):
            if left != float(right):
                return False
        elif isinstance(left, bool) != isinstance(right, bool) or left != right:
            return False
    return True


def difference(document: Document, answer: str) -> str:
    """What is not as the library has it; nothing where they agree on the first document, or where we refuse on purpose."""
    if document.error is not None and document.error.message.startswith(REFUSED_ON_PURPOSE):
        return ""
    if answer.startswith("ERR "):
        return f"accepted, not: {answer}" if document.roots else ""
    if not document.roots:
        return f"refused: {document.error}"
    return "" if same(document.roots[0].value, json.loads(answer)) else "another value"


def differences(contents: dict[str, bytes]) -> dict[str, str]:
    answers = list(oracle(contents.values()))
    assert len(answers) == len(contents)
    found = {name: difference(read_unmasked(data, name), answer) for (name, data), answer in zip(contents.items(), answers, strict=True)}
    return {name: what for name, what in found.items() if what}


def test_every_file_of_the_corpus() -> None:
    if not CORPUS.is_dir():
        pytest.skip("the shared corpus is not there")
    files = {
        str(path.relative_to(CORPUS)): path.read_bytes()
        for path in sorted(CORPUS.rglob("*"))
        if path.suffix in (".yaml", ".yml", ".json") and path.is_file()
    }
    assert len(files) > 5000
    assert differences(files) == {}


ALPHABET = "yYnNoOftrueNUL~.0123456789+-_eExXbBoOaAfFiInN:Tz <=@,"  # no `!`: libyaml ends a tag at a comma, go-yaml does not


@pytest.mark.parametrize("seed", range(3))
def test_random_scalars(seed: int) -> None:
    source = random.Random(seed)  # noqa: S311
    texts = {"".join(source.choices(ALPHABET, k=source.randint(1, 9))) for _ in range(20_000)}
    near_limits = [2**power + step for power in range(60, 67) for step in range(-2, 3)]
    texts |= {
        sign + form.format(number)
        for sign in ("", "+", "-")
        for form in ("{}", "{:#x}", "{:#o}", "{:#b}", "0{:o}")
        for number in near_limits
    }
    for form in ("a: {}\n", "{}: a\n", "- !!int {}\n", "- !!float {}\n", "- !!bool {}\n", "- !!timestamp {}\n", "- !!null {}\n"):
        assert differences({text: form.format(text).encode() for text in sorted(texts)[:: 1 if form == "a: {}\n" else 4]}) == {}


@pytest.mark.parametrize("seed", range(3))
def test_mutated_documents(seed: int) -> None:
    source = random.Random(seed)  # noqa: S311
    # left out, as go-yaml silently drops what follows or differs in the wording of nonsense: `[]: x` and `{}: x` at the top, `? ` in flow
    pieces = [
        "a: ",
        "b: ",
        "- ",
        "\n",
        "  ",
        "&x ",
        "*x",
        "<<: ",
        "{z: 1, ",
        "}",
        "[1, ",
        "]",
        ", ",
        '"q"',
        "'s'",
        "|\n",
        "# c\n",
        "---\n",
        "y",
        "1",
    ]
    pieces += [": ", "!!str ", "!t ", "...\n", "\t", "~", "\n  ", "\n    ", "c:\n", "&y ", "*y", "<<", "\u2028", "1.10", "é"]
    texts = {"".join(source.choices(pieces, k=source.randint(1, 14))) for _ in range(30_000)}
    assert differences({text: text.encode() for text in sorted(texts)}) == {}


@pytest.mark.parametrize(("keys", "aliases"), [(900, 99), (900, 150), (10, 200), (50, 3000), (3000, 200)])
@pytest.mark.parametrize("width", [1, 10, 100])
def test_alias_ratio(keys: int, aliases: int, width: int) -> None:
    shared = "x: &x [" + ", ".join("1" for _ in range(width)) + "]\n"
    text = shared + "".join(f"k{n}: v\n" for n in range(keys)) + "".join(f"a{n}: *x\n" for n in range(aliases))
    merges = "m: &m {" + ", ".join(f"p{n}: 1" for n in range(width)) + "}\n" + "".join(f"b{n}: {{<<: *m}}\n" for n in range(aliases))
    assert differences({"aliases": text.encode(), "merges": merges.encode()}) == {}
