"""A configuration that has been validated, as plain data, made into Settings. What the file leaves out keeps its default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gitops_lint.settings import Clause, DeclaredApplication, Override, RuleSetting, Settings, TreeSetting
from gitops_lint.severity import Severity
from gitops_lint.stages import CONVENTIONAL, Stage, Stages

_AS_WRITTEN = ("parity", "baseline", "reasons_required")
_LISTS = ("ephemeral", "exclude", "plugins")
_KINDS = ("only", "optional", "required", "forbidden", "must_differ", "must_equal", "order")
_COMMON = ("reason", "owner", "until")


def build(plain: Mapping[str, Any], path: str) -> Settings:
    """Settings from what `schema.Config` dumps; `path` is the file, for messages. The keys are the models' field names."""
    given: dict[str, Any] = {key: plain[key] for key in _AS_WRITTEN if key in plain}
    given |= {key: tuple(plain[key]) for key in _LISTS if plain.get(key) is not None}
    if plain.get("environments"):
        given |= {"stages": _stages(plain["environments"])}
    return Settings(
        **given,
        path=path,
        trees=tuple(TreeSetting(name, **tree) for name, tree in plain.get("trees", {}).items()),
        applications=tuple(
            DeclaredApplication(app["name"], tuple((name, tuple(files)) for name, files in app["environments"].items()))
            for app in plain.get("applications", ())
        ),
        rules=_rules(plain.get("rules", {})),
        overrides=tuple(Override(tuple(entry["paths"]), _rules(entry["rules"])) for entry in plain.get("overrides", ())),
        contract=tuple(_clause(clause) for clause in plain.get("contract", ())),
    )


def _stages(entries: list[Any]) -> tuple[Stage, ...]:
    tables: list[dict[str, Any]] = [{"name": entry} if isinstance(entry, str) else entry for entry in entries]
    taken = {word.lower() for table in tables for word in (table["name"], *table.get("aliases", ()))}
    ranks = [table["rank"] if table.get("rank") is not None else number for number, table in enumerate(tables)]
    choose = any(table.get("protected") is not None for table in tables)
    return tuple(
        Stage(
            table["name"],
            (*table.get("aliases", ()), *_conventional(table["name"], taken)),
            rank,
            protected=bool(table.get("protected")) if choose else rank == max(ranks),
        )
        for table, rank in zip(tables, ranks, strict=True)
    )


def _conventional(name: str, taken: set[str]) -> list[str]:
    """The usual other names of a stage, but for those that another stage of the configuration claims."""
    known = Stages(CONVENTIONAL).named(name)
    return [] if known is None else [word for word in (known.name, *known.aliases) if word not in taken]


def _rules(entries: Mapping[str, Any]) -> dict[str, RuleSetting]:
    return {name: _rule(entry) for name, entry in entries.items()}


def _rule(entry: Any) -> RuleSetting:  # noqa: ANN401  a word, or a mapping with a rule's own options
    if not isinstance(entry, Mapping):
        return RuleSetting(_severity(entry))
    options = {key: value for key, value in entry.items() if key not in ("severity", "locked")}
    return RuleSetting(_severity(entry.get("severity")), options, locked=entry.get("locked", False))


def _severity(word: object) -> Severity | None:
    return None if word is None else Severity[str(word or "off").upper()]


def _clause(clause: Mapping[str, Any]) -> Clause:
    kind = next(kind for kind in _KINDS if clause.get(kind) is not None)
    whose = clause[kind]
    return Clause(
        kind.replace("_", "-"),
        _tuple(clause["keys"]),
        environments=() if whose is True or kind == "order" else _tuple(whose),
        applications=tuple(clause.get("applications", ())),
        order=whose if kind == "order" else "",
        line=clause["line"],
        **{key: clause[key] for key in _COMMON if clause.get(key)},
    )


def _tuple(names: str | list[str]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)
