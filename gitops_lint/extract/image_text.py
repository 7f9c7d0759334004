"""An image that a single text names: where such a text may stand, and what is none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from gitops_lint.extract.walk import Place, text
from gitops_lint.node import Location, Map, value_location
from gitops_lint.pointer import Motion, Pointer, PointerKind
from gitops_lint.pointers import image as grammar
from gitops_lint.pointers.placeholder import unknown
from gitops_lint.pointers.tag import judge
from gitops_lint.regex import regex

_CONTAINERS = frozenset({"containers", "initContainers", "ephemeralContainers"})
IMAGE_KEY = regex(r"(?:^|[-_])image$|[a-z0-9]Image$|^image_?name$", re.IGNORECASE)
_VARIABLE = regex(r"(?:[A-Z0-9]+_)*(?:DOCKER)?IMAGE(?:_[A-Z0-9_]*)?")
NO_IMAGE = regex(
    r"^(?:[a-z][a-z0-9+.]*://|data:|uses:|ENC\[|[./~]|ami-)|\.(?:png|jpe?g|gif|svg|webp|ico|iso|img|qcow2|tar|gz|zip)$|\s"
    r"|^(?:\d+(?:ms|[smhd]))+$",  # how often to look for one
    re.IGNORECASE,
)
_BUILT = regex(r"ko://|github\.com/|\s*$|\.$")  # from Go's sources, by OpenShift's image trigger, by Score from the folder itself
_STAND_INS = frozenset(("placeholder", "auto", "pilot", "proxyv2", "ztunnel", "install-cni"))  # what Istio's injector and charts complete


_PATTERN = regex(r"\*|^!")  # as policies have them: `registry.example/*`, `!*:latest`
_TAGS_BESIDE = ("Tag", "Version", "_tag", "_version", "-tag", "-version")
_BARE_DIGEST = "@sha256"


def texts(place: Place, *, described: bool) -> Iterator[Pointer]:
    """The images that texts of a mapping name; where the mapping itself is `described` as one, its `image` and `name` are part of that."""
    node = place.node
    for key, value in node.items():
        if isinstance(value, str) and value and not (described and key in ("image", "name")) and _names_image(place, key):
            yield from _of_text(place, key, value)


def tag_beside(node: Map, key: str) -> str:
    """The key that holds the tag of an image which `key` names without one: `initImage` and `initImageTag` or `initTag`; else nothing."""
    value = node.get(key)
    tail = value.rpartition("/")[2] if isinstance(value, str) else ":"
    if ":" in tail and not tail.endswith(_BARE_DIGEST):
        return ""
    stem = key[: -len("image")] if key.lower().endswith("image") else ""
    names = (*(key + end for end in _TAGS_BESIDE), *((stem + "Tag", stem + "_tag") if stem else ()))
    return next((name for name in names if name in node and not isinstance(node[name], dict | list)), "")


def _names_image(place: Place, key: str) -> bool:
    if _telling(key):
        return True
    if key == "value":  # of an environment variable
        return _VARIABLE.fullmatch(str(place.node.get("name"))) is not None
    return key == "reference" and place.parent == "image"  # of an image volume


@lru_cache(maxsize=20_000)
def _telling(key: str) -> bool:
    return IMAGE_KEY.search(key) is not None or _VARIABLE.fullmatch(key) is not None


def pointer(written: str, at: Location, key: tuple[str, ...], *, strict: bool, related: tuple[Location, ...] = ()) -> Pointer | None:
    """The image that a text names. A text off the grammar gives a pointer with a `fault` where `strict`, else None."""
    unsure = Pointer(PointerKind.IMAGE, written, _name(written), "", Motion.UNKNOWN, "a placeholder", at, key, related=related)
    if unknown(written) or written in _STAND_INS or _BUILT.match(written):
        return unsure
    try:
        parts = grammar.parse(written)
    except grammar.ImageError as error:
        return replace(unsure, reason="no image reference", fault=str(error)) if strict else None
    motion, reason = (Motion.DIGEST, "pinned by its digest") if parts.digest else judge(parts.tag)
    return Pointer(PointerKind.IMAGE, written, parts.name, parts.tag, motion, reason, at, key, digest=parts.digest, related=related)


def _of_text(place: Place, key: str, value: str) -> Iterator[Pointer]:
    if _PATTERN.search(value):
        return
    contained = key == "image" and _CONTAINERS.intersection(part.partition("[")[0] for part in place.path[-2:])
    beside = "" if contained else tag_beside(place.node, key)
    if beside and not NO_IMAGE.search(value):
        yield from _with_tag(place, key, beside)
        return
    if not contained and (NO_IMAGE.search(value) or (not unknown(value) and not _looks_like(key, value))):
        return
    found = pointer(value, value_location(place.node, key), (*place.path, key), strict=bool(contained) or "/" in value)
    if found is not None and not (unknown(value) and not contained and key != "image"):
        yield found


def _with_tag(place: Place, key: str, beside: str) -> Iterator[Pointer]:
    """An image whose tag, or the hex of whose digest, stands under a key of its own."""
    node, name, version = place.node, text(place.node, key), text(place.node, beside)
    at, path = value_location(node, beside), (*place.path, beside)
    if not version:
        yield Pointer(PointerKind.IMAGE, name, name, "", Motion.UNKNOWN, "the tag is left to the chart", at, path)
        return
    joint = ":" if name.endswith(_BARE_DIGEST) or not version.startswith("sha256:") else "@"
    found = pointer(f"{name}{joint}{version}", at, path, strict=False, related=(value_location(node, key),))
    if found is not None:
        yield found


def _looks_like(key: str, value: str) -> bool:
    if key == "image":
        return True
    tail = value.rpartition("/")[2]
    versioned = "@sha256:" in value or ":" in tail
    if key == "value" or "name" in key.lower() or "IMAGE" in key:
        return versioned and "/" in value
    host, slash, _ = value.partition("/")
    return versioned or (bool(slash) and (host == "localhost" or "." in host or ":" in host))


def _name(written: str) -> str:
    """What precedes the tag in a text that holds placeholders, as far as it can be told."""
    head, slash, tail = written.rpartition("/")
    return head + slash + tail.partition(":")[0].partition("@")[0]
