"""An image that a single text names: where such a text may stand, and what is none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from gitops_lint.extract.walk import Place
from gitops_lint.node import Location, value_location
from gitops_lint.pointer import Motion, Pointer, PointerKind
from gitops_lint.pointers import image as grammar
from gitops_lint.pointers.placeholder import unknown
from gitops_lint.pointers.tag import judge

_CONTAINERS = frozenset({"containers", "initContainers", "ephemeralContainers"})
_IMAGE_KEY = re.compile(r"(?:^|[-_])image$|[a-z0-9]Image$|^image_?name$", re.IGNORECASE)
_VARIABLE = re.compile(r"(?:[A-Z0-9]+_)*(?:DOCKER)?IMAGE(?:_[A-Z0-9_]*)?")
NO_IMAGE = re.compile(
    r"^(?:[a-z][a-z0-9+.]*://|data:|uses:|ENC\[|[./~]|ami-)|\.(?:png|jpe?g|gif|svg|webp|ico|iso|img|qcow2|tar|gz|zip)$|\s", re.IGNORECASE
)


def texts(place: Place, *, described: bool) -> Iterator[Pointer]:
    """The images that texts of a mapping name; where the mapping itself is `described` as one, its `image` and `name` are part of that."""
    node = place.node
    for key, value in node.items():
        if isinstance(value, str) and value and not (described and key in ("image", "name")) and _names_image(place, key):
            yield from _of_text(place, key, value)


def _names_image(place: Place, key: str) -> bool:
    if key == "image" or _IMAGE_KEY.search(key) or _VARIABLE.fullmatch(key):
        return True
    if key == "value":  # of an environment variable
        return _VARIABLE.fullmatch(str(place.node.get("name"))) is not None
    return key == "reference" and place.parent == "image"  # of an image volume


def pointer(written: str, at: Location, key: tuple[str, ...], *, strict: bool, related: tuple[Location, ...] = ()) -> Pointer | None:
    """The image that a text names. A text off the grammar gives a pointer with a `fault` where `strict`, else None."""
    unsure = Pointer(PointerKind.IMAGE, written, _name(written), "", Motion.UNKNOWN, "a placeholder", at, key, related=related)
    if unknown(written):
        return unsure
    try:
        parts = grammar.parse(written)
    except grammar.ImageError as error:
        return replace(unsure, reason="no image reference", fault=str(error)) if strict else None
    motion, reason = (Motion.DIGEST, "pinned by its digest") if parts.digest else judge(parts.tag)
    return Pointer(PointerKind.IMAGE, written, parts.name, parts.tag, motion, reason, at, key, digest=parts.digest, related=related)


def _of_text(place: Place, key: str, value: str) -> Iterator[Pointer]:
    contained = key == "image" and _CONTAINERS.intersection(part.partition("[")[0] for part in place.path[-2:])
    if not contained and (NO_IMAGE.search(value) or (not unknown(value) and not _looks_like(key, value))):
        return
    found = pointer(value, value_location(place.node, key), (*place.path, key), strict=bool(contained) or "/" in value)
    if found is not None and not (unknown(value) and not contained and key != "image"):
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
