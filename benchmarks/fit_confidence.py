"""Fit the weights of `gitops_lint/grade.py`: which evidence tells a forgotten key from a difference that is meant.

Usage: python benchmarks/fit_confidence.py [--mirror DIR] [--rows FILE] [--write]

Reads `../shared/incidents`: labelled late additions of keys, with the files as they were. Our own engine is run on the commit before a key
was completed, and as a gate on the commit that left it incomplete; the evidence of its findings about that key is what is fitted, by a
ridge logistic regression. `--mirror` adds the incidents whose repository lies at DIR/<owner>+<name>/repo. `--rows` keeps the evidence in a
file, so that fitting again needs no linting. Printed: the average precision of weights fitted without the repository that they are tried
on, against the base rate, with an interval from resampling; the same where the evidence is chosen, too, without that repository; how often
findings of a confidence were right; and the table, which `--write` puts into `grade.py`. Exit status 1 if the average precision is below
1.5 times the base rate.
"""

from __future__ import annotations

import argparse
import json
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from labelled import Row, Source, gathered

ROOT = Path(__file__).parents[1]
INCIDENTS = ROOT / ".." / "shared" / "incidents"
GOAL = 1.5
RIDGE = 3.0
FOLDS = 5
WORTH = 0.01  # of average precision, that dropping evidence has to gain
ENOUGH = (8, 3)  # rows and repositories that evidence must occur in to be given a weight
NO_EVIDENCE = frozenset({"hazy"})  # what could not be evaluated says more of a repository than of a key
# How many late additions one labelled row stands for, by how it was recognised: the suspicious kinds were labelled more often
STANDS_FOR = {
    "explicit-missing": 53 / 47,
    "fix-message": 294 / 172,
    "gap-filled": 245 / 74,
    "align-message": 97 / 57,
    "lower-backfilled": 448 / 30,
    "quick-follow-up": 998 / 34,
    "mechanical-last": 398 / 34,
    "staged": 1733 / 42,
}
Vector = Any  # numpy's arrays


class Sample(NamedTuple):
    """Rows as numbers: evidence (the first column is 1), what they were, how much each counts, and whose they are."""

    names: list[str]
    seen: Vector
    omission: Vector
    weight: Vector
    repository: Vector
    stands_for: Vector  # how many late additions of the histories


def sample(every: list[Row]) -> Sample:
    """The rows with something found. A repository counts as the root of its number of rows, so that none of them outvotes the others."""
    kept = [row for row in every if row.evidence]
    places: dict[str, set[str]] = {}
    count: Counter[str] = Counter()
    for row in kept:
        for name in set(row.evidence) - NO_EVIDENCE:
            places.setdefault(name, set()).add(row.repository)
            count[name] += 1
    names = sorted(name for name in count if count[name] >= ENOUGH[0] and len(places[name]) >= ENOUGH[1])
    size = Counter(row.repository for row in kept)
    weight = np.array([size[row.repository] ** -0.5 for row in kept])
    return Sample(
        names,
        np.array([[1.0, *(name in row.evidence for name in names)] for row in kept], float),
        np.array([row.omission for row in kept], float),
        weight * len(kept) / weight.sum(),
        np.array([row.repository for row in kept]),
        np.array([STANDS_FOR[row.how] for row in kept]),
    )


def fitted(seen: Vector, omission: Vector, weight: Vector) -> Vector:
    """The coefficients of a logistic regression, by Newton's method; all but the first are drawn to zero."""
    ridge = np.full(seen.shape[1], RIDGE)
    ridge[0] = 1e-3
    at = np.zeros(seen.shape[1])
    for _ in range(50):
        share = 1 / (1 + np.exp(-seen @ at))
        slope = seen.T @ (weight * (share - omission)) + ridge * at
        bend = (seen.T * (weight * share * (1 - share))) @ seen + np.diag(ridge)
        step = np.linalg.solve(bend, slope)
        at -= step
        if np.abs(step).max() < 1e-8:  # noqa: PLR2004
            break
    return at


def without(data: Sample) -> Vector:
    """For each row the log-odds from weights that were fitted on the other repositories."""
    out = np.zeros(len(data.omission))
    for repository in sorted(set(data.repository)):
        tried = data.repository == repository
        out[tried] = data.seen[tried] @ fitted(data.seen[~tried], data.omission[~tried], data.weight[~tried])
    return out


def nested(data: Sample) -> Vector:
    """As `without`, but what counts as evidence is chosen each time anew, and by the other repositories alone."""
    out = np.zeros(len(data.omission))
    for repository in sorted(set(data.repository)):
        tried = data.repository == repository
        others = Sample(data.names, *(array[~tried] for array in data[1:]))
        columns = chosen(others)
        out[tried] = data.seen[tried][:, columns] @ fitted(others.seen[:, columns], others.omission, others.weight)
    return out


def chosen(data: Sample) -> list[int]:
    """The columns that are left when evidence is dropped, one after the other, for as long as that ranks other repositories better."""
    owners = {name: number % FOLDS for number, name in enumerate(sorted(set(data.repository)))}
    fold = np.array([owners[name] for name in data.repository])
    columns = list(range(data.seen.shape[1]))
    best = _ranked(data, columns, fold)
    while len(columns) > 1:
        dropped = max((_ranked(data, [c for c in columns if c != out], fold), out) for out in columns[1:])
        if dropped[0] < best + WORTH:
            break
        best = dropped[0]
        columns.remove(dropped[1])
    return columns


def _ranked(data: Sample, columns: list[int], fold: Vector) -> float:
    seen, out = data.seen[:, columns], np.zeros(len(data.omission))
    for number in range(FOLDS):
        tried = fold == number
        out[tried] = seen[tried] @ fitted(seen[~tried], data.omission[~tried], data.weight[~tried])
    return precision(out, data.omission)


def precision(score: Vector, omission: Vector) -> float:
    """Average precision; rows of one score share what is expected of them."""
    area = hits = total = 0.0
    for value in sorted(set(score), reverse=True):
        tie = omission[score == value]
        total += len(tie)
        hits += tie.sum()
        area += tie.sum() * hits / total
    return float(area / max(1.0, hits))


def interval(data: Sample, score: Vector, rounds: int = 500) -> tuple[float, float]:
    """The 90 % interval of average precision over base rate, repositories drawn with replacement."""
    random = np.random.default_rng(7)
    owners = sorted(set(data.repository))
    ratios = []
    for _ in range(rounds):
        chosen = np.concatenate([np.flatnonzero(data.repository == owner) for owner in random.choice(owners, len(owners))])
        if data.omission[chosen].any():
            ratios.append(precision(score[chosen], data.omission[chosen]) / data.omission[chosen].mean())
    return float(np.quantile(ratios, 0.05)), float(np.quantile(ratios, 0.95))


def calibration(said: Vector, omission: Vector, weight: Vector) -> Iterator[str]:
    """How often findings of a confidence were right."""
    bounds = (0.0, 0.1, 0.2, 0.35, 0.5, 0.65, 1.0)
    for low, high in pairwise(bounds):
        among = (said >= low) & (said < high)
        if among.any():
            true = (weight * omission)[among].sum() / weight[among].sum()
            mean = (weight * said)[among].sum() / weight[among].sum()
            yield f"  said {low:.2f} to {high:.2f}: mean {mean:.2f}, true {true:.2f}, {int(among.sum())} rows"


def prior(score: Vector, data: Sample) -> float:
    """What to add to log-odds so that they speak of all late additions, not of those that were labelled."""
    shift = 0.0
    for _ in range(50):
        share = 1 / (1 + np.exp(-score - shift))
        shift -= (data.stands_for * (share - data.omission)).sum() / (data.stands_for * share * (1 - share)).sum()
    return float(shift)


def table(names: list[str], weights: Vector) -> str:
    """The lines for `grade.py`."""
    ordered = sorted(zip(names, weights[1:], strict=True), key=lambda pair: -pair[1])
    rows = [f'    "": {weights[0]:.2f},  # of any difference', *(f'    "{name}": {weight:+.2f},' for name, weight in ordered)]
    return "WEIGHTS: dict[str, float] = {\n" + "\n".join(rows).replace(": +", ": ") + "\n}\n"


def write(text: str) -> None:
    """Put the table where it belongs."""
    target = ROOT / "gitops_lint" / "grade.py"
    old = target.read_text()
    head, _, rest = old.partition("# -- fitted --\n")
    target.write_text(
        f"{head}# -- fitted --\n{text}# -- end of what was fitted --\n{rest.partition('# -- end of what was fitted --' + chr(10))[2]}"
    )


def main() -> int:
    """Gather, fit, tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mirror", type=Path)
    parser.add_argument("--rows", type=Path)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    if arguments.rows and arguments.rows.exists():
        every = [Row(*row[:-1], tuple(row[-1])) for row in json.loads(arguments.rows.read_text())]
    else:
        with zipfile.ZipFile(INCIDENTS / "snapshots.zip") as archive:
            every = gathered(Source(archive, arguments.mirror), INCIDENTS / "train.jsonl")
        if arguments.rows:
            arguments.rows.write_text(json.dumps(every))
    return report(every, writing=arguments.write)


def report(every: list[Row], *, writing: bool) -> int:
    """Print what was fitted, and how well it does."""
    data = sample(every)
    score = without(data)
    base = data.omission.mean()
    ratio = precision(score, data.omission) / base
    low, high = interval(data, score)
    missed = sum(row.omission and not row.evidence for row in every)
    print(
        f"{len(data.omission)} findings about {len({r.incident for r in every})} incidents of {len(set(data.repository))} repositories;",
        end=" ",
    )
    print(f"{missed} keys were forgotten and not found")
    print(f"average precision {ratio * base:.3f}, base rate {base:.3f}: {ratio:.2f} times (90 % of resamplings: {low:.2f} to {high:.2f})")
    print(f"with the evidence chosen without the repository, too: {precision(nested(data), data.omission) / base:.2f} times")
    print("confidence of weights fitted on the other repositories, among these incidents:")
    print("\n".join(calibration(1 / (1 + np.exp(-score)), data.omission, np.ones(len(score)))))
    shift = prior(score, data)
    print(f"the same among all late additions, of which suspicious ones were labelled more often: log-odds lower by {-shift:.2f}")
    print("\n".join(calibration(1 / (1 + np.exp(-score - shift)), data.omission, data.stands_for)))
    text = table(data.names, fitted(data.seen, data.omission, data.weight))
    print(text)
    if writing:
        write(text)
    return 0 if ratio >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
