from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Mapping

import pytest

from gitops_lint.blueprint import Source
from gitops_lint.keypath import KeyPath
from gitops_lint.merge.chart import Chart, Dependency, load
from gitops_lint.merge.helm import coalesce, evaluate, explicit_null
from gitops_lint.model import Document, Layer, Role
from gitops_lint.node import key_location

from .written import blueprint, tree, values


def chart(name: str, text: str = "{}", *dependencies: Dependency, charts: tuple[Chart, ...] = ()) -> Chart:
    return Chart(name, "1.0.0", values(text, f"{name}.yaml"), dependencies, charts)


@pytest.mark.parametrize(
    ("default", "user", "expected"),
    [  # the table of helm pkg/chart/common/util/coalesce.go at v4.2.4: the chart's, the user's, what a template sees
        ("a: 1", "{}", "a: 1"),
        ("a: null", "{}", "{}"),
        ("a: {b: null, c: 1}", "{}", "a: {c: 1}"),
        ("{}", "a: null", "a: null"),
        ("a: 1", "a: null", "{}"),
        ("a: null", "a: null", "{}"),
        ("a: {b: 1}", "a: null", "{}"),
        ("a: {b: 1}", "a: {b: null}", "a: {}"),
        ("a: {c: 1}", "a: {b: null}", "a: {b: null, c: 1}"),
        ("a: {b: null}", "a: {b: null}", "a: {b: null}"),
        ("a: {b: 1, c: 2}", "a: {b: 3}", "a: {b: 3, c: 2}"),
        ("a: {b: 1}", "a: x", "a: x"),
        ("a: x", "a: {b: 1}", "a: {b: 1}"),
        ("a: [1, 2]", "a: [3]", "a: [3]"),
        ("a: {b: 1}", "a: {}", "a: {b: 1}"),
    ],
)
def test_user_values_meet_the_chart_s_defaults(default: str, user: str, expected: str) -> None:
    assert coalesce(chart("top", default), values(user)).values == values(expected)


def test_a_sub_chart_has_its_values_under_its_name_and_its_parent_s_globals() -> None:
    top = chart("top", "{sub: {a: 2}, global: {g: 1}}", charts=(chart("sub", "{a: 1, b: 1, global: {h: 1}}"),))
    done = coalesce(top, values("sub: {b: 3}"))
    assert done.values == values("{sub: {a: 2, b: 3, global: {g: 1, h: 1}}, global: {g: 1}}")


def test_a_parent_s_globals_win() -> None:
    top = chart("top", "global: {g: 1, m: {x: 1}}", charts=(chart("sub", "global: {g: 2, m: {x: 2, y: 2}, s: {z: 1}}"),))
    assert coalesce(top, values("{}")).values["sub"] == values("global: {g: 1, m: {x: 1, y: 2}, s: {z: 1}}")


def test_globals_nested_twice_are_seen_by_everybody() -> None:  # Helm shares these maps between a chart and its sub-charts
    top = chart("top", "global: {m: {n: {x: 1}}}", charts=(chart("one"), chart("two", "global: {m: {n: {y: 2}}}")))
    done = coalesce(top, values("{}")).values
    assert done["global"] == done["one"]["global"] == done["two"]["global"] == values("m: {n: {x: 1, y: 2}}")


@pytest.mark.parametrize(
    ("user", "warning"),
    [
        ("{global: {m: x}, sub: {global: {m: {a: 1}}}}", "`sub.global.m` is a map here and none in the parent chart"),
        ("{global: {m: {a: 1}}, sub: {global: {m: x}}}", "`sub.global.m` is a map in the parent chart and none here"),
        ("{global: [], sub: {}}", "`sub.global` gets no globals: both sides have to be maps"),
        ("{k: {a: 1}}", "`k` is a map here and none in the chart's defaults"),
    ],
)
def test_what_helm_warns_of(user: str, warning: str) -> None:
    assert coalesce(chart("top", "k: 1", charts=(chart("sub"),)), values(user)).warnings == (warning,)


def test_a_sub_chart_s_values_have_to_be_a_map() -> None:
    done = coalesce(chart("top", charts=(chart("sub"),)), values("sub: true"))
    assert done.failures == ("`sub` is the name of a sub-chart and has to be a map",)
    assert done.values == values("sub: true")


DEPENDENCY = Dependency("sub", "1.x")


@pytest.mark.parametrize(
    ("dependency", "user", "disabled"),
    [  # https://helm.sh/docs/helm/helm_dependency: conditions override tags; the first valid path decides
        (Dependency("sub", "1.x", condition="sub.enabled"), "{}", ()),
        (Dependency("sub", "1.x", condition="sub.enabled"), "sub: {enabled: false}", (("sub",),)),
        (Dependency("sub", "1.x", condition="sub.enabled"), "sub: {enabled: 'false'}", ()),
        (Dependency("sub", "1.x", condition="a.b,sub.enabled"), "{a: {b: true}, sub: {enabled: false}}", ()),
        (Dependency("sub", "1.x", condition="a.b,sub.enabled"), "{a: {b: {}}, sub: {enabled: false}}", (("sub",),)),
        (Dependency("sub", "1.x", tags=("back", "front")), "tags: {back: false}", (("sub",),)),
        (Dependency("sub", "1.x", tags=("back", "front")), "tags: {back: false, front: true}", ()),
        (Dependency("sub", "1.x", tags=("back",), condition="up"), "{tags: {back: false}, up: true}", ()),
        (Dependency("sub", "1.x", tags=("back",)), "tags: false", ()),
        (Dependency("sub", "1.x", alias="db", condition="db.enabled"), "db: {enabled: false}", (("db",),)),
        (Dependency("absent", "1.x", condition="absent.up"), "absent: {up: false}", (("absent",),)),
    ],
)
def test_dependencies_are_switched(dependency: Dependency, user: str, disabled: tuple[KeyPath, ...]) -> None:
    done = coalesce(chart("top", "{}", dependency, charts=(chart("sub", "a: 1"),)), values(user))
    assert done.disabled == disabled
    assert ("a" in done.values.get(dependency.alias or "sub", {})) == (not disabled or dependency.name == "absent")


def test_a_sub_chart_s_own_conditions_are_looked_up_below_its_name() -> None:
    leaf = chart("leaf", "x: 1")
    top = chart(
        "top", "{}", DEPENDENCY, charts=(chart("sub", "leaf: {up: true}", Dependency("leaf", "*", condition="leaf.up"), charts=(leaf,)),)
    )
    assert coalesce(top, values("{}")).values["sub"]["leaf"]["x"] == 1
    assert coalesce(top, values("sub: {leaf: {up: false}}")).disabled == (("sub", "leaf"),)


def test_one_chart_under_two_names() -> None:
    sub = chart("sub", "{port: 1, host: h}")
    top = chart("top", "{}", Dependency("sub", "*", alias="one"), Dependency("sub", "*", alias="two"), charts=(sub,))
    done = coalesce(top, values("two: {port: 2}")).values
    assert (done["one"]["port"], done["two"]["port"], done["two"]["host"]) == (1, 2, "h")
    assert "sub" not in coalesce(top, values("{}")).values


def test_imports_yield_to_the_parent_s_own_values() -> None:  # https://helm.sh/docs/topics/charts, "Importing Child Values"
    child = chart("subchart1", "{default: {data: {a: 999, bool: true}}, exports: {data: {myint: 99}}}")
    wanted = Dependency("subchart1", "*", imports=("data", ("default.data", "myimports"), ("not.there", "x")))
    top = chart("top", "myimports: {a: 0, string: helm rocks!}", wanted, charts=(child,))
    done = coalesce(top, values("{}"))
    assert done.values["myimports"] == values("{a: 0, bool: true, string: helm rocks!}")
    assert done.values["myint"] == 99
    assert done.warnings == ("`subchart1.not.there` is imported and is no map",)


def test_null_for_a_sub_chart_s_default_reaches_that_chart() -> None:
    top = chart("top", "sub: {a: 1}", DEPENDENCY, charts=(chart("sub", "{a: 2, b: 3}"),))
    assert coalesce(top, values("sub: {a: null, b: null}")).values["sub"] == values("global: {}")


def test_values_of_an_unknown_dependency_are_the_user_s_alone() -> None:
    top = chart("top", "{absent: {a: 1}}", Dependency("absent", "*"), charts=(Chart("absent", known=False),))
    assert coalesce(top, values("{absent: {b: 2}, global: {g: 1}}")).values == values("{absent: {a: 1, b: 2}, global: {g: 1}}")


def packed(files: Mapping[str, str]) -> bytes:
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb") as zipped, tarfile.open(fileobj=zipped, mode="w") as archive:
        for path, text in files.items():
            member = tarfile.TarInfo(path)
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    return out.getvalue()


SHOP: dict[str, str | bytes] = {
    "shop/Chart.yaml": """
name: shop
version: 1.0.0
dependencies:
- {name: cache, version: 1.x, repository: https://charts.example.com}
- {name: db, version: ~2.1, repository: "file://../db", alias: store, tags: [data], condition: store.up}
- {name: away, version: 1.0.0, repository: https://charts.example.com, import-values: [x, {child: a, parent: b}]}
""",
    "shop/values.yaml": "replicas: 1\nstore: {size: 1}\n",
    "shop/charts/cache-1.0.0.tgz": packed({"cache/Chart.yaml": "{name: cache, version: 1.0.0}", "cache/values.yaml": "ttl: 60\n"}),
    "shop/charts/_skipped/Chart.yaml": "{name: skipped, version: 1.0.0}",
    "shop/charts/README.md": "",
    "db/Chart.yaml": "{name: db, version: 2.1.4}",
    "db/values.yaml": "size: 10\nuser: db\n",
    "dev.yaml": "replicas: 2\n---\nstore:\n  user: dev\n---\n",
    "prod.yaml": "replicas: 3\nreplicas: 4\n",
}


def test_a_chart_is_loaded_with_the_sub_charts_that_the_tree_has() -> None:
    files = tree(SHOP)
    shop = load(files, "shop")
    assert shop is not None
    assert [(part.name, part.version, part.known) for part in shop.charts] == [
        ("cache", "1.0.0", True),
        ("db", "2.1.4", True),
        ("away", "", False),
    ]
    assert shop.dependencies[1] == Dependency("db", "~2.1", "file://../db", "store", "store.up", ("data",))
    assert shop.dependencies[2].imports == ("x", ("a", "b"))
    assert load(files, "shop") is shop
    assert load(files, "nowhere") is None


def test_an_environment_is_evaluated_with_all_its_layers() -> None:
    done = evaluate(blueprint("dev.yaml", root="shop"), tree(SHOP))
    assert done.values["replicas"] == 2
    assert done.values["store"] == values("{size: 1, user: dev, global: {}}")
    assert done.values["cache"] == values("{ttl: 60, global: {}}")
    assert [(layer.path, layer.role) for layer in done.layers] == [
        ("shop/charts/cache-1.0.0.tgz/values.yaml", Role.DEFAULTS),
        ("db/values.yaml", Role.DEFAULTS),
        ("shop/values.yaml", Role.DEFAULTS),
        ("dev.yaml", Role.OWN),
    ]
    assert done.layers[1].value == values("store: {size: 10, user: db}")
    assert key_location(done.values["cache"], "ttl")[:2] == ("shop/charts/cache-1.0.0.tgz/values.yaml", 1)
    assert key_location(done.values["store"], "user")[:3] == ("dev.yaml", 4, 3)
    assert (done.hazy, done.warnings) == ((), ())


def test_globals_that_a_sub_chart_was_handed_count_once() -> None:
    files = tree({**SHOP, "dev.yaml": "global: {a: 1}\nstore: {global: {b: 1}}\n"})
    assert evaluate(blueprint("dev.yaml", root="shop"), files).disabled == (("cache", "global"),)


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"dev.yaml": "a: [\n"}, "did not find expected node content"),
        ({"dev.yaml": "- a\n"}, "a values file has to be a mapping"),
        ({}, "the values file is not in the tree"),
        ({"dev.yaml": "store: x\n"}, "`store` is the name of a sub-chart and has to be a map"),
        ({"dev.yaml": "", "shop/values.yaml": "- x\n"}, "a values file has to be a mapping"),
        ({"dev.yaml": "", "shop/Chart.yaml": "- x\n"}, "a chart's metadata has to be a mapping"),
        (
            {"dev.yaml": "", "shop/charts/cache-1.0.0.tgz": b"x"},
            "the packed chart cannot be read: no gzipped tar archive, or a damaged one",
        ),
    ],
)
def test_what_cannot_be_had_is_said(files: dict[str, str | bytes], reason: str) -> None:
    whole = {path: data for path, data in SHOP.items() if path != "dev.yaml"} | files
    done = evaluate(blueprint("dev.yaml", root="shop"), tree(whole))
    assert [reason in entry.reason for entry in done.hazy] == [True], done.hazy


def test_a_source_may_be_absent_a_block_or_computed() -> None:
    text = (
        "spec:\n  source:\n    helm:\n      values: |\n        a:\n          b: 1\n      valuesObject: {c: 1}\n"
        "      parameters:\n      - {name: e.f, value: '1'}\n      - {name: c.d, value: '1'}\n"
    )
    files = tree({"app.yaml": text})
    done = evaluate(
        blueprint(
            Source("absent.yaml", Role.OWN, optional=True),
            Source("app.yaml", Role.INLINE, ("spec", "source", "helm", "values")),
            Source("app.yaml", Role.INLINE, ("spec", "source", "helm", "valuesObject")),
            Source("app.yaml", Role.INLINE, ("spec", "source", "helm", "parameters")),
            Source("app.yaml", Role.INLINE, value=values("d: 1", "app.yaml")),
        ),
        files,
    )
    assert done.values == values("{a: {b: 1}, c: 1, d: 1, e: {f: 1}}")
    assert key_location(done.values["a"], "b")[:3] == ("app.yaml", 6, 11)
    assert key_location(done.values["e"], "f")[:2] == ("app.yaml", 9)
    assert [entry.reason for entry in done.hazy] == ["a parameter cannot be set: `d` is set below a value that is no map"]


def test_defaults_given_as_a_source_take_the_chart_s_place() -> None:
    done = evaluate(blueprint(Source("prod.yaml", Role.DEFAULTS), "null.yaml", root="db"), tree({**SHOP, "null.yaml": "replicas: null"}))
    assert done.values == {}
    assert [layer.path for layer in done.layers] == ["prod.yaml", "null.yaml"]


def test_sops_metadata_is_no_value() -> None:
    text = "a: ENC[AES256_GCM,data:x,iv:x,tag:x,type:str]\nsops:\n  mac: ENC[AES256_GCM,data:x,iv:x,tag:x,type:str]\n  version: 3.8.1\n"
    assert list(evaluate(blueprint("dev.yaml"), tree({"dev.yaml": text})).values) == ["a"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("a", "b"), True),
        (("a", "b", "c"), True),  # below a null there is nothing either
        (("a", "d"), False),
        (("e",), False),  # a higher layer says otherwise
        (("f", "[x]"), False),
        (("nowhere",), False),
    ],
)
def test_explicit_null(path: KeyPath, *, expected: bool) -> None:
    texts = ["{a: {b: {c: 1}, d: 1}, e: null, f: null}", "{a: {b: null}, e: 1, f: [x]}"]
    layers = [Layer("x.yaml", Role.OWN, Document("x.yaml"), values(text)) for text in texts]
    assert explicit_null(layers, path) is expected
