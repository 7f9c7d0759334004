"""A difference between environments put into a finding: where the key would go, who has it, and the facts that grade it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from gitops_lint.category import TUNING, category, is_trial, is_user_named
from gitops_lint.compare import identity, leaves, neutralise
from gitops_lint.finding import Facts, Finding, Fix, Lack, Related, Set
from gitops_lint.fold import origin
from gitops_lint.keypath import KeyPath, dotted, segments
from gitops_lint.model import Application, Comparison, Difference, Environment, Role, Setting
from gitops_lint.node import Location, Map, Seq, Value, span

_IN_VALUES = 2  # segments of a path before those in the values of a chart: its subject and `values`
_LISTS = 64  # whose items are known by name at a time
_FLUX_ITSELF = "/gotk-components.yaml"  # of which each cluster has the parts that it was started with
_LONG = 1000  # characters; longer texts are files
_STAGES = frozenset(  # words that hardly mean anything else
    ("dev", "development", "sandbox", "qa", "uat", "staging", "stg", "preprod", "demo", "prod", "prd", "production")
)
_EXTENSION = re.compile(r"\.(?:ya?ml|json)$")
_WORDS = re.compile(r"[a-z0-9]+")
_MANY_LAYERS = 6  # an overlay of overlays may have hundreds; `show` lists them
PLACEHOLDER = "CHANGEME"
MANY = 12  # differences of one and the same lack: more than anybody forgets; of the omissions that were labelled none was among so many
_OWN = (Role.OWN, Role.INLINE, Role.SHAPE)


def finding(application: Application, comparison: Comparison, difference: Difference, message: str) -> Finding:
    """The finding for a difference, located in the first environment that lacks the key; `message` says what is wrong."""
    lacking = [gap.environment for gap in difference.lack]
    first = lacking[0]
    return Finding(
        message,
        at=would_go(first, difference.path),
        key=difference.path,
        application=application.name,
        environments=tuple(env.name for env in lacking),
        related=tuple(Related(s.location, f"set in {s.environment.name}", s.environment.name) for s in difference.have),
        label="would go here",
        notes=(layered(first),),
        help=f"add it there or to a common layer, or say that it is meant: `# gitops-lint: only[{_names(difference)}] reason`",
        aliases=_aliases(difference),
        fix=_placeholder(difference),
        facts=facts(comparison, difference),
    )


def wholesale(comparison: Comparison) -> frozenset[tuple[str, ...]]:
    """The environments, as `lacking` names them, that lack so many things together that they are behind, or built otherwise."""
    counts = Counter(lacking(d) for d in comparison.differences if d.kind == "missing")
    return frozenset(names for names, count in counts.items() if count > MANY)


def lacking(difference: Difference) -> tuple[str, ...]:
    """The names of the environments that lack something."""
    return tuple(gap.environment.name for gap in difference.lack)


def marked(finding: Finding, mark: str) -> Finding:
    """The finding with one more piece of evidence for its grade."""
    return finding if finding.facts is None else replace(finding, facts=finding.facts._replace(marks=(*finding.facts.marks, mark)))


def instead(application: Application, comparison: Comparison, difference: Difference, what: str) -> Finding:
    """The finding for a difference whose twin is there instead of the key; `what` says how the environments that have it do."""
    twins = difference.twin.settings if difference.twin is not None else ()
    having, here = listed(s.environment.name for s in difference.have), listed(s.environment.name for s in twins)
    found = finding(application, comparison, difference, f"`{dotted(difference.path)}` is set in {having}; {here} has {what}")
    there = tuple(Related(s.location, "stands here", s.environment.name) for s in twins)
    return replace(found, related=there + found.related, fix=None)


def facts(comparison: Comparison, difference: Difference) -> Facts:
    """What `grade` needs to know about a difference."""
    have = tuple((s.environment.name, s.environment.rank) for s in difference.have)
    ranks = {env.rank for env in comparison.environments}
    top = max((rank for rank in ranks if rank is not None), default=None)
    marks: tuple[str, ...] = ("only-top",) if top is not None and all(rank == top for _, rank in have) else ()
    marks += (*signs(difference), *(("trial",) if is_trial(difference.path) else ()))
    marks += ("unsaid",) if any(gap.environment.evidence.weak for gap in difference.lack) else ()
    marks += ("astray",) if difference.kind == "missing" and difference.twin is not None else ()
    marks += ("idle",) if _idle(difference) or all(origin(s).endswith(_FLUX_ITSELF) for s in difference.have) else ()
    marks += ("named",) if difference.kind == "missing" and _named_after_another(difference) else ()
    values = {id(value): value for value in (s.value for s in difference.have)}.values()  # of those that share it, one
    below = tuple(dict.fromkeys(map(dotted, dict.fromkeys(leaf for value in values for leaf in leaves(value)))))
    return Facts(
        category=_category(difference),
        user_named=is_user_named(difference.path),
        have=have,
        lack=tuple(Lack(gap.environment.name, gap.environment.rank, gap.environment.protected, below) for gap in difference.lack),
        ranked=len(ranks - {None}) > 1,
        kind=difference.kind,
        marks=marks + (("hazy",) if any(gap.environment.hazy for gap in difference.lack) else ()),
    )


def _category(difference: Difference) -> str:
    """What a difference is about: an entry of a kustomization is about what it brings, if that is all of the kind that is tuned."""
    own = category(difference.path)
    brought = {category(_parsed(name)) for name in difference.brings} if own == "resource-list" else set()
    return min(brought) if brought and brought <= TUNING else own


def _parsed(name: str) -> KeyPath:
    subject, colon, rest = name.partition(":")
    return (subject + colon, *segments(rest))


def signs(difference: Difference) -> Iterator[str]:
    """What values and neighbours tell about a difference, by the names that `grade.WEIGHTS` has for it."""
    values = [s.value for s in difference.have]
    if any(_names_itself(s) for s in difference.have):
        yield "names-environment"
    if all(isinstance(value, bool) for value in values):
        yield "switch"
    parents = [gap.parent for gap in difference.lack]
    if any(isinstance(parent, Seq) for parent in parents):
        yield "list-item"
    elif any(_brings(parent, s.node) for parent in parents for s in difference.have[:1]):
        yield "replaced"


def _idle(difference: Difference) -> bool:
    """Whether a patch is absent, and nothing that it sets is missing: it changes what is there, or was written into its base elsewhere."""
    if difference.brings or difference.path[0] != "kustomization:" or not "".join(difference.path[1:2]).startswith("patches"):
        return False
    return not any(env.hazy for env in (*(s.environment for s in difference.have), *(gap.environment for gap in difference.lack)))


def _named_after_another(difference: Difference) -> bool:
    """Whether a key says which stage it is for, and that is none of those that lack it: `hosts.staging`, `shop-dev-tls`."""
    name = _EXTENSION.sub("", difference.path[-1].lower().strip("[]"))
    words = frozenset[str]() if "." in name else _STAGES.intersection(_WORDS.findall(name))  # a domain may be anybody's
    return bool(words) and all(words.isdisjoint(gap.environment.words) for gap in difference.lack)


_last: list[tuple[Map | Seq, Map | Seq, bool]] = []  # the differences of a node follow one another; it holds both nodes, as above


def _brings(one: Map | Seq, other: Map | Seq) -> bool:
    """Whether a node has a key that another lacks."""
    if not (_last and _last[0][0] is one and _last[0][1] is other):
        _last[:] = [(one, other, any(key not in other for key in one))]
    return _last[0][2]


def _names_itself(setting: Setting) -> bool:
    """Whether a value holds the name of the environment that it is set in."""
    value = setting.value
    if not isinstance(value, str) or len(value) > _LONG:
        return False
    return not setting.environment.words.isdisjoint(_WORDS.findall(value.lower()))


def would_go(env: Environment, path: KeyPath) -> Location:
    """Where a key that `env` lacks would be written: at the nearest parent in a file of its own, else where that file starts.

    A file is its own that was written for it alone, or that is named like it, as patches outside of an overlay's folder are.
    """
    mine = _own_files(env)
    trees = [(layer.value, path) for layer in reversed(env.layers) if layer.role in _OWN and isinstance(layer.value, Map)]
    for tree, inside in (*trees, (env.values, path), *_objects(env, path, mine)):
        deepest = next((s for s in reversed(list(trail(env, tree, inside))) if s.location.path in mine), None)
        if deepest is not None:
            return deepest.location
    of_object = env.system != "helm" and "".join(path[:1]).endswith(":")
    spoken = _spoken_of(env, path[0], mine) if of_object and len(path) > 1 else None
    if spoken is not None:
        return spoken
    if of_object and env.values.path in mine:
        return span(env.values.path, env.values.at)  # the file that lists the objects, and what is patched in them
    own = env.own or (env.layers[-1] if env.layers else None)
    return own.location if own is not None else Location(env.evidence.path, env.evidence.line)


@lru_cache(maxsize=64)  # asked for every key that it lacks
def _own_files(env: Environment) -> frozenset[str]:
    return frozenset(layer.path for layer in env.layers if layer.role in _OWN or neutralise(layer.path, env) != layer.path)


def _spoken_of(env: Environment, subject: str, mine: frozenset[str]) -> Location | None:
    """Where an environment's own files speak of an object, as in a patch."""
    kind, _, name = subject.removesuffix(":").partition("/")
    for layer in env.layers:
        for root in layer.document.roots if layer.path in mine else ():
            about = root.value.get("metadata") if isinstance(root.value, Map) and root.value.get("kind") == kind else None
            if isinstance(about, Map) and isinstance(root.value, Map) and about.get("name") == name.rpartition("/")[2]:
                return span(layer.path, root.value.at)
    return None


def _objects(env: Environment, path: KeyPath, mine: frozenset[str]) -> Iterator[tuple[Value, KeyPath]]:
    """The objects that files of an environment's own patch, or give, under the subject of a path, with the path inside."""
    for layer in reversed(env.layers) if len(path) > 1 and path[0].endswith(":") else ():
        for root in layer.document.roots if layer.path in mine else ():
            about = root.value if isinstance(root.value, Map) else Map()
            metadata = about.get("metadata")
            if isinstance(metadata, Map) and f"{about.get('kind')}/{metadata.get('name')}:" == path[0]:
                yield about, path[1:]


def _placeholder(difference: Difference) -> Fix | None:
    """The key added to each lacking environment's own values with a placeholder, which `placeholder-left` refuses to let through."""
    scalars = all(not isinstance(s.value, Map | Seq) for s in difference.have)
    owns = [gap.environment.own for gap in difference.lack if gap.environment.system == "helm"]
    if not scalars or len(owns) < len(difference.lack):
        return None
    edits = tuple(Set(own.path, difference.path, PLACEHOLDER) for own in owns if own is not None and own.role is Role.OWN)
    return Fix("add it with a placeholder", edits, safe=False) if len(edits) == len(owns) else None


def _aliases(difference: Difference) -> tuple[str, ...]:
    """Other spellings of the subject: inside its object alone, without its environment's name, and the key that stands in for it."""
    path = difference.path
    names = [dotted(path[1:])] if len(path) > 1 and path[0].endswith(":") else []
    names += [dotted(path[2:])] if path[0].startswith("HelmChart/") and path[1:2] == ("values",) and len(path) > _IN_VALUES else []
    neutral = tuple(neutralise(segment, difference.have[0].environment) for segment in path)
    names += [dotted(neutral)] if neutral != path else []
    names += _entries(difference)
    names += [alias for name in difference.brings for alias in (name, name.partition(":")[2]) if alias]
    return tuple(names + ([dotted(difference.twin.path)] if difference.twin is not None else []))


def _entries(difference: Difference) -> list[str]:
    """For a whole object that an overlay lacks, the entry of a kustomization, however deep, that would have brought it."""
    if len(difference.path) > 1 or not difference.path[0].endswith(":") or difference.lack[0].environment.system != "kustomize":
        return []
    files = dict.fromkeys(origin(setting).rpartition("/")[2] for setting in difference.have)
    return [dotted(("resources", f"[{name}]")) for name in files]


def _names(difference: Difference) -> str:
    return ",".join(dict.fromkeys(s.environment.name for s in difference.have))


def trail(env: Environment, tree: Value, path: KeyPath) -> Iterable[Setting]:
    """The settings along a path, from the top of a tree down to where it ends."""
    node = tree
    for segment in path:
        key: str | int | None = None
        if isinstance(node, Map) and segment in node:
            key = segment
        elif isinstance(node, Seq):
            key = _numbers(node).get(segment)
        if key is None:
            return
        setting = Setting(env, node, key)  # type: ignore[arg-type]  # a key was found, so it is a container
        yield setting
        node = setting.value


_numbered: dict[int, tuple[Seq, dict[str, int]]] = {}  # of lists; each holds its list, so that no other can be taken for it


def _numbers(items: Seq) -> dict[str, int]:
    """The segment of each item of a list, with its number; one difference after the other is about the same list."""
    known = _numbered.get(id(items))
    if known is None:
        if len(_numbered) >= _LISTS:
            _numbered.clear()
        known = _numbered[id(items)] = (items, {f"[{name}]": number for number, name in enumerate(identity(items) or ())})
    return known[1]


def layers(env: Environment) -> list[str]:
    """The paths of an environment's layers, lowest first, each once."""
    return list(dict.fromkeys(layer.path for layer in env.layers))


def layered(env: Environment) -> str:
    """`layers of prod: charts/shop/values.yaml, …`: all of them, or of many the lowest and the highest."""
    paths = layers(env)
    if len(paths) > _MANY_LAYERS:
        lowest, highest = paths[: _MANY_LAYERS // 3], paths[-2 * _MANY_LAYERS // 3 :]
        paths = [*lowest, f"… {len(paths) - len(lowest) - len(highest)} more …", *highest]
    return f"layers of {env.name}: {', '.join(paths)}"


def listed(names: Iterable[str]) -> str:
    """`dev`, `dev and qa`, `dev, qa and prod`; a long list is cut: `a, b, c and 9 more`."""
    words = list(dict.fromkeys(names))
    if len(words) > 5:  # noqa: PLR2004  more do not help a reader
        words = [*words[:4], f"{len(words) - 4} more"]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else "nowhere"
