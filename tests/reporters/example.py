"""A small report with something of everything in it."""

from __future__ import annotations

from gitops_lint.finding import Facts, Finding, Fix, Lack, Related, Replace
from gitops_lint.model import Unverified
from gitops_lint.node import Location
from gitops_lint.report import Base, Cell, Entry, Matrix, Report, Summary
from gitops_lint.severity import Severity

PROD = "apps/shop/values-prod.yaml"
DEV = "apps/shop/values-dev.yaml"
QA = "apps/shop/values-qa.yaml"
FILES = {
    PROD: b"# what customers see\nimage:\n  repository: ghcr.io/acme/shop\n  tag: latest\n\ncache:\n  size: 10\n",
    DEV: b"image:\n  tag: 1.2.3\ncache:\n  size: 1\n  ttl: 60\n",
    QA: b"cache:\n  ttl: 60\ndatabase:\n  password: hunter2-canary\n",
}
MISSING = Finding(
    "`cache.ttl` is set in dev and qa, and missing in prod",
    Location(PROD, 6, 1, 6, 6),
    key=("cache", "ttl"),
    application="shop",
    environments=("prod",),
    related=(
        Related(Location(DEV, 5, 3, 5, 6), "set in dev", "dev"),
        Related(Location(QA, 2, 3, 2, 6), "set in qa", "qa"),
    ),
    label="would go here",
    help="add it to prod, or declare it: `# gitops-lint: only[dev,qa] reason`",
    notes=("layers of prod: charts/shop/values.yaml, apps/shop/values-prod.yaml",),
    facts=Facts(
        "other", user_named=False, have=(("dev", 0), ("qa", 2)), lack=(Lack("prod", 5, protected=True, leaves=("",)),), ranked=True
    ),
    rule="missing-key",
    category="consistency",
    severity=Severity.ERROR,
    grade=8,
    confidence=0.54,
)
MUTABLE = Finding(
    "prod runs `ghcr.io/acme/shop:latest`, a tag that moves",
    Location(PROD, 4, 8, 4, 14),
    key=("image", "tag"),
    application="shop",
    environments=("prod",),
    fix=Fix("pin what dev runs", (Replace(PROD, Location(PROD, 4, 8, 4, 14), "latest", "1.2.3"),)),
    rule="mutable-image-tag",
    category="immutability",
    severity=Severity.WARNING,
)
SAME = Finding(
    "`cache.size` repeats the chart's default",
    Location(DEV, 4, 3, 4, 7),
    key=("cache", "size"),
    application="shop",
    environments=("dev",),
    rule="redundant-override",
    category="layering",
    severity=Severity.INFO,
)
CATALOGUE = (
    Entry(
        "missing-key", "consistency", "A key set in one environment is set in no layer of another.", "Summary.\n\n## Why\n\nIt breaks.\n"
    ),
    Entry("mutable-image-tag", "immutability", "An image tag that moves.", "Summary.\n\n## Why\n\nIt moves.\n", Severity.WARNING),
    Entry("redundant-override", "layering", "A layer repeats what is already so.", "Summary.\n", Severity.INFO),
)
EXAMPLE = Report(
    (MISSING, MUTABLE, SAME),
    "0.0.0",
    Summary(applications=1, environments=3, found=4, read=3, failed=1, suppressed=2),
    unverified=(Unverified("charts/shop/templates/job.yaml", 3, "`lookup` cannot be evaluated"),),
    not_run=(("partial-addition", "no base"),),
    catalogue=CATALOGUE,
    environments=(("shop", "dev"), ("shop", "qa"), ("shop", "prod")),
    source=FILES.get,
    matrix=Matrix(
        ("dev", "qa", "prod"), (("shop", (Cell("1.2.3"), Cell("1.2.2", "behind"), Cell("latest", "mutable", "a tag that moves"))),)
    ),
)
GATED = Report(
    (MISSING,),
    "0.0.0",
    Summary(1, 3),
    base=Base("main", "--base"),
    source=FILES.get,
    changed=lambda at: at.path == DEV,
    catalogue=CATALOGUE,
)
