from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Mapping

import pytest

from gitops_lint.blueprint import Source
from gitops_lint.merge import archive
from gitops_lint.merge.archive import ArchiveError, members
from gitops_lint.merge.chart import Dependency, load
from gitops_lint.merge.helm import evaluate
from gitops_lint.model import Role
from gitops_lint.node import key_location

from .written import blueprint, tree, values


def packed(files: Mapping[str, bytes | None], link: str = "") -> bytes:
    """A gzipped tar; None is a directory, and `link` a symbolic link that leads out."""
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb") as zipped, tarfile.open(fileobj=zipped, mode="w") as whole:
        for path, data in files.items():
            member = tarfile.TarInfo(path)
            member.type = tarfile.DIRTYPE if data is None else tarfile.REGTYPE
            member.size = len(data or b"")
            whole.addfile(member, io.BytesIO(data or b""))
        if link:
            member = tarfile.TarInfo(link)
            member.type, member.linkname = tarfile.SYMTYPE, "../../secret"
            whole.addfile(member)
    return out.getvalue()


def test_an_archive_gives_only_what_values_are_made_of() -> None:
    files = {
        "c": None,
        "c/Chart.yaml": b"\xef\xbb\xbfname: c",
        "c/values.yaml": b"a: 1",
        "c/templates/x.yaml": b"",
        "c/charts/d/values.yaml": b"b: 1",
    }
    assert members(packed(files)) == {"Chart.yaml": b"name: c", "values.yaml": b"a: 1", "charts/d/values.yaml": b"b: 1"}
    assert members(packed({"c\\values.yaml": b"a: 1"})) == {"values.yaml": b"a: 1"}
    assert members(packed({"c/Chart.yaml": b"name: c"}, link="c/values.yaml")) == {"Chart.yaml": b"name: c"}


@pytest.mark.parametrize("path", ["Chart.yaml", "c/../../x", "c//x", "x", "c/..", "c/c:/x", "c/../x"])
def test_an_archive_may_not_lead_elsewhere(path: str) -> None:
    with pytest.raises(ArchiveError, match="outside"):
        members(packed({path: b""}))


def test_a_header_as_helm_writes_it() -> None:
    plain = packed({"c/values.yaml": b"a: 1"})
    flags, extra = 4 | 16, b"+aHR0cHM6Ly95b3V0dS5iZQo="  # a field of its own, and a comment; there is a name where Python wrote one
    body = plain[10:] if not plain[3] & 8 else plain[plain.index(b"\0", 10) + 1 :]
    written = plain[:3] + bytes([flags]) + plain[4:10] + len(extra).to_bytes(2, "little") + extra + b"Helm\0" + body
    assert gzip.decompress(written) == gzip.decompress(plain)
    assert members(written) == {"values.yaml": b"a: 1"}


def test_a_header_inside_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "_MAX_STREAM", 100_000)
    with pytest.raises(ArchiveError, match="once it is unpacked"):
        members(packed({"c/" + "x" * 200_000: b""}))


def test_an_archive_has_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_FILE", 10)
    monkeypatch.setattr(archive, "MAX_CHART", 25)
    assert members(packed({"c/a": b"x" * 10, "c/b": b"x" * 10})) == {}
    with pytest.raises(ArchiveError, match="a member is larger than 10 bytes"):
        members(packed({"c/a": b"x" * 11}))
    with pytest.raises(ArchiveError, match="larger than 25 bytes once it is unpacked"):
        members(packed({f"c/{name}": b"x" * 10 for name in "abc"}))


@pytest.mark.parametrize(
    "damage",
    [b"", b"x", packed({"c/values.yaml": b"a: 1" * 99})[:40], gzip.compress(b"no tar" * 200)],
    ids=["empty", "no archive", "cut off", "no tar"],  # gzip writes the time, and every worker has to find the same names
)
def test_a_damaged_archive(damage: bytes) -> None:
    with pytest.raises(ArchiveError, match="no gzipped tar archive, or a damaged one"):
        members(damage)


def test_charts_of_version_one_list_their_dependencies_apart() -> None:
    files = {
        "Chart.yaml": "{name: top, version: 0.1.0, dependencies: [{name: x}]}",
        "requirements.yaml": "dependencies: [{name: sub, version: 1.10}]",
    }
    chart = load(tree(files), "")
    assert chart is not None
    assert chart.dependencies == (Dependency("sub", "1.10"),)


def test_sub_charts_inside_a_packed_one() -> None:
    inner = packed({"leaf/Chart.yaml": b"{name: leaf, version: 1.0.0}", "leaf/values.yaml": b"c: 1"})
    outer = packed(
        {
            "sub/Chart.yaml": b"{name: sub, version: 1.0.0, dependencies: [{name: away, version: 1.0.0, repository: 'file://../away'}]}",
            "sub/charts/leaf-1.0.0.tgz": inner,
            "sub/charts/dir/Chart.yaml": b"{name: dir, version: 1.0.0}",
            "sub/charts/dir/values.yaml": b"d: 1",
        }
    )
    files: dict[str, bytes | str] = {
        "top/Chart.yaml": "{name: top, version: 1.0.0}",
        "top/charts/sub-1.0.0.tgz": outer,
        "away/Chart.yaml": "{name: away, version: 1.0.0}",
    }
    done = evaluate(blueprint(root="top"), tree(files))
    assert done.values["sub"] == values("{leaf: {c: 1, global: {}}, dir: {d: 1, global: {}}, global: {}}")
    path = "top/charts/sub-1.0.0.tgz/charts/leaf-1.0.0.tgz/values.yaml"
    assert key_location(done.values["sub"]["leaf"], "c").path == path


@pytest.mark.parametrize(
    ("repository", "version", "files", "known"),
    [
        ("file://../sub", "1.x", {"charts/sub/Chart.yaml": "{name: sub, version: 1.0.0}"}, True),
        ("file://../sub", "2.x", {"charts/sub/Chart.yaml": "{name: sub, version: 1.0.0}"}, True),  # Helm will say so when it is built
        ("file://../sub", "1.x", {"charts/sub/Chart.yaml": "{name: other, version: 1.0.0}"}, False),
        ("file://../../../sub", "1.x", {"sub/Chart.yaml": "{name: sub, version: 1.0.0}"}, False),
        ("file://.", "1.x", {}, False),  # a chart that depends on itself
        ("https://charts.example.com", "1.x", {}, False),
    ],
)
def test_charts_beside_the_chart(repository: str, version: str, files: dict[str, str], *, known: bool) -> None:
    meta = f"{{name: top, version: 1.0.0, dependencies: [{{name: sub, version: {version}, repository: '{repository}'}}]}}"
    chart = load(tree({"charts/top/Chart.yaml": meta, **files}), "charts/top")
    assert chart is not None
    assert [(part.name, part.known) for part in chart.charts] == [("sub", known)]


def test_charts_that_depend_on_each_other_end() -> None:
    one = "{name: one, version: 1.0.0, dependencies: [{name: two, version: 1.x, repository: 'file://../two'}]}"
    two = "{name: two, version: 1.0.0, dependencies: [{name: one, version: 1.x, repository: 'file://../one'}]}"
    files = tree({"one/Chart.yaml": one, "two/Chart.yaml": two, "one/values.yaml": "a: 1"})
    assert evaluate(blueprint(root="one"), files).values == values("{a: 1, two: {global: {}}}")


def test_a_chart_at_the_top_of_the_tree() -> None:
    files = tree({"Chart.yaml": "{name: top, version: 1.0.0}", "values.yaml": "a: 1\n---\nb: 2\n"})
    assert evaluate(blueprint(root="."), files).values == values("{a: 1, b: 2}")


TEXTS = """---
kind: ConfigMap
data:
  plain: 'a: 1'
  kept: |-
    a:
      b: 1

      c: |
        text
  many: |
    a: 1
    ---
    b: 2
  number: 3
"""


@pytest.mark.parametrize(
    ("within", "expected", "places"),
    [
        (("data", "plain"), "a: 1", {"a": (4, 1)}),  # the line is right, and that is all one can say
        (("data", "kept"), 'a: {b: 1, c: "text\\n"}', {"a": (6, 5)}),  # Helm ends the last line
        (("data", "many"), "{a: 1, b: 2}", {"a": (12, 1), "b": (14, 1)}),
    ],
)
def test_text_that_is_yaml_keeps_its_lines(within: tuple[str, ...], expected: str, places: dict[str, tuple[int, int]]) -> None:
    out = evaluate(blueprint(Source("map.yaml", Role.INLINE, within)), tree({"map.yaml": TEXTS})).values
    assert out == values(expected)
    assert {key: key_location(out, key)[1:3] for key in out} == places


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (Source("map.yaml", Role.INLINE, ("data", "number")), "Helm values have to be a mapping"),
        (Source("map.yaml", Role.INLINE, ("data", "number", "x")), "`data.number.x` is not in it"),
        (Source("map.yaml", Role.INLINE, ("data",), document=3), "there is no document number 4 in it"),
    ],
)
def test_blocks_that_are_not_there(source: Source, reason: str) -> None:
    assert [entry.reason for entry in evaluate(blueprint(source), tree({"map.yaml": TEXTS})).hazy] == [reason]


def test_a_block_inside_a_list() -> None:
    done = evaluate(
        blueprint(Source("x.yaml", Role.INLINE, ("sources", "[1]", "helm"))), tree({"x.yaml": "sources:\n- {}\n- helm: {a: 1}\n"})
    )
    assert done.values == values("a: 1")


@pytest.mark.parametrize(
    ("text", "value"), [("|\n  x", "x\n"), ("|-\n  x", "x"), (">+\n  x", "x\n"), ("|\n  x\n", "x\n"), ("'|'", "|"), ("|", "")]
)
def test_the_last_line_of_values_is_ended(text: str, value: str) -> None:
    """As by NewYAMLReader of k8s.io/apimachinery, which Helm splits values files with; a file that kustomize reads keeps its end."""
    files = tree({"top/Chart.yaml": "name: top\nversion: 1.0.0", "top/values.yaml": f"a: {text}", "prod.yaml": f"b:\n- {text}"})
    done = evaluate(blueprint(Source("prod.yaml", Role.OWN), root="top"), files)
    assert done.values == {"a": value, "b": [value]}
    assert key_location(done.values, "a").line == 1


def test_an_import_without_a_parent() -> None:
    """Go prints what is not there: found with generated charts."""
    meta = '{name: top, version: 1.0.0, dependencies: [{name: sub, version: "*", import-values: [{child: a}]}]}'
    files = {"top/Chart.yaml": meta, "top/charts/sub/Chart.yaml": "{name: sub, version: 1.0.0}", "top/charts/sub/values.yaml": "a: {b: 1}"}
    assert evaluate(blueprint(root="top"), tree(files)).values["<nil>"] == {"b": 1}
