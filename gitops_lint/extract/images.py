"""Container images wherever a tree may name one: objects, Helm values, custom resources.

The places are those of the Kubernetes API (`containers[].image` and its sisters) and, for Helm values, the conventions of charts:
`image: repository:tag`, a map of `registry`, `repository`, `tag` and `digest`, and lone `imageTag` keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from gitops_lint.extract.walk import Place, text
from gitops_lint.node import Location, Map, value_location
from gitops_lint.pointer import Motion, Pointer, PointerKind
from gitops_lint.pointers import image as grammar
from gitops_lint.pointers.placeholder import unknown
from gitops_lint.pointers.tag import judge, named

_CONTAINERS = frozenset({"containers", "initContainers", "ephemeralContainers"})
_IMAGE_KEY = re.compile(r"(?:^|[-_])image$|[a-z0-9]Image$|^image_?name$", re.IGNORECASE)
_PLAIN_IMAGE_KEY = re.compile(r"images?$", re.IGNORECASE)
_VARIABLE = re.compile(r"(?:[A-Z0-9]+_)*(?:DOCKER)?IMAGE(?:_[A-Z0-9_]*)?")
_TAG_KEY = re.compile(r"(?:^|[-_.a-z])(?:image|Image)[-_.]?(?:tag|Tag|version|Version)$|^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_TAG$")
_REPOSITORIES = ("repository", "imageRepository", "image_repository", "repo")
_TAGS = ("tag", "imageTag", "image_tag")
_REGISTRIES = ("registry", "imageRegistry", "image_registry")
_DIGESTS = ("digest", "sha", "imageDigest")
_NO_IMAGE = re.compile(
    r"^(?:[a-z][a-z0-9+.]*://|data:|uses:|ENC\[|[./~]|ami-)|\.(?:png|jpe?g|gif|svg|webp|ico|iso|img|qcow2|tar|gz|zip)$|\s", re.IGNORECASE
)
_HOSTED = re.compile(r"[^/]*[.:][^/]*/|localhost/")
_OF_NO_CONTAINER = ("ImageRepository/", "ImageUpdater/", "Plan/")  # what is watched, or whose version is another field
_OF_SOURCES = frozenset({"url", "repoURL", "ref", "branch", "commit", "chart", "git", "rev", "revision", "sourceRef", "semver"})


def images(place: Place) -> Iterator[Pointer]:
    """The images that a mapping names by its own keys."""
    if place.parent == "annotations" or (place.path[:1] and place.path[0].startswith(_OF_NO_CONTAINER)):
        return
    node = place.node
    whole = _of_parts(place)
    if whole is not None:
        yield whole
    for key, value in node.items():
        if not isinstance(value, str) or not value:
            continue
        if key == "image" or _IMAGE_KEY.search(key) or _VARIABLE.fullmatch(key):
            if whole is None or key not in ("image", "name"):
                yield from _of_text(place, key, value)
        elif (key == "reference" and place.parent == "image") or (key == "value" and _VARIABLE.fullmatch(str(node.get("name")))):
            yield from _of_text(place, key, value)
    if whole is None:
        yield from _lone_tags(place)


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
    if not contained and (_NO_IMAGE.search(value) or (not unknown(value) and not _looks_like(key, value))):
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
    return versioned or _HOSTED.match(value) is not None


def _of_parts(place: Place) -> Pointer | None:
    node = place.node
    repository_key = _repository(place)
    if not repository_key:
        return None
    versioned = repository_key == "image" or _PLAIN_IMAGE_KEY.search(place.parent)
    tag_key = _first(node, (*_TAGS, "version") if versioned else _TAGS)
    registry_key, digest_key = _first(node, _REGISTRIES), _first(node, _DIGESTS)
    repository, tag = text(node, repository_key), text(node, tag_key)
    name = "/".join(part for part in (text(node, registry_key).rstrip("/"), repository) if part)
    digest = text(node, digest_key)
    shown_key = tag_key or repository_key
    at, key = value_location(node, shown_key), (*place.path, shown_key)
    related = () if shown_key == repository_key else (value_location(node, repository_key),)
    if not tag and not digest and ":" not in repository.rpartition("/")[2] and "@" not in repository:
        return Pointer(PointerKind.IMAGE, name, name, "", Motion.UNKNOWN, "the tag is left to the chart", at, key, related=related)
    whole = name + (f":{tag}" if tag else "") + (f"@{digest if ':' in digest else 'sha256:' + digest}" if digest else "")
    return pointer(whole, at, key, strict=True, related=related)


def _repository(place: Place) -> str:
    """The key that holds the repository, where the mapping is one that describes an image."""
    node = place.node
    named_image = any(_PLAIN_IMAGE_KEY.search(part) for part in _keys(place)[-2:])
    tagged = bool(_first(node, _TAGS) or _first(node, _DIGESTS))
    for key in _REPOSITORIES:
        value = node.get(key)
        if isinstance(value, str) and value and "://" not in value and not _OF_SOURCES.intersection(node) and (tagged or named_image):
            return key
    if named_image and tagged and isinstance(node.get("name"), str) and node["name"]:
        return "name"
    image = node.get("image")
    tagged = tagged or bool(text(node, "version"))
    if (
        tagged
        and isinstance(image, str)
        and image
        and not _NO_IMAGE.search(image)
        and ":" not in image.rpartition("/")[2]
        and not _OF_SOURCES.intersection(node)
    ):
        return "image"
    return ""


def _keys(place: Place) -> list[str]:
    return [part for part in place.path if not part.startswith("[")]


def _lone_tags(place: Place) -> Iterator[Pointer]:
    """Tags whose repository stands in no values: a chart's template knows it, or another file."""
    node = place.node
    for key in node:
        telling = _TAG_KEY.search(key) is not None
        if not telling and key != "tag":
            continue
        value = text(node, key)
        if not value or isinstance(node[key], bool) or not grammar.valid_tag(value):
            continue
        motion, reason = judge(value)
        if telling or _tag_alone(place, motion):
            yield Pointer(PointerKind.IMAGE, value, "", value, motion, reason, value_location(node, key), (*place.path, key))


def _tag_alone(place: Place, motion: Motion) -> bool:
    if _OF_SOURCES.intersection(place.node) or any(isinstance(value, str) and "://" in value for value in place.node.values()):
        return False
    return "image" in place.parent.lower() or (motion is Motion.MOVING and named(text(place.node, "tag")))


def _first(node: Map, keys: tuple[str, ...]) -> str:
    return next((key for key in keys if key in node and not isinstance(node[key], dict | list)), "")


def _name(written: str) -> str:
    """What precedes the tag in a text that holds placeholders, as far as it can be told."""
    head, slash, tail = written.rpartition("/")
    return head + slash + tail.partition(":")[0].partition("@")[0]
